"""The weights of a few-kernel network as plain arrays.

Motifs and tables need no more, and no TensorFlow.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

# Of the clipped leaky ReLU: it scales negative scores by the one and clips at the other.
LEAK, CLIP = 0.5, 10.0


class Parameters(NamedTuple):
    """Weights of one network; numpy arrays or tensors, float32."""

    kernels: Any  # (kernels, width, 4)
    bias: Any  # (kernels,)
    weights: Any  # (kernels, tasks): the output layer's
    intercept: Any  # (tasks,): the output layer's bias

    def keep(self, kernels: Sequence[int] | np.ndarray) -> "Parameters":
        """Return the network that is left when only these kernels stay."""
        index = np.asarray(kernels)
        return Parameters(self.kernels[index], self.bias[index], self.weights[index], self.intercept)


class Pruned(NamedTuple):
    """What pruning leaves of a network, and which of its kernels that are: their places, ascending."""

    parameters: Parameters
    kept: np.ndarray


def initial_parameters(width: int, kernels: int, rng: np.random.Generator, tasks: int = 1) -> Parameters:
    """Draw Glorot-uniform kernels and output weights, zero biases: what Keras starts these layers with."""

    def glorot(shape: tuple[int, ...], fans: int) -> np.ndarray:
        limit = np.sqrt(6.0 / fans)
        return rng.uniform(-limit, limit, shape).astype(np.float32)

    drawn = glorot((width, 4, kernels), width * (4 + kernels))
    return Parameters(
        kernels=np.ascontiguousarray(drawn.transpose(2, 0, 1)),
        bias=np.zeros(kernels, np.float32),
        weights=glorot((kernels, tasks), kernels + tasks),
        intercept=np.zeros(tasks, np.float32),
    )


def output_layer(activations: np.ndarray, network: Parameters) -> np.ndarray:
    """Return the logits, float64 (sequences, tasks), of activations (sequences, kernels)."""
    # Not a matrix product, whose sums a library may share out among threads.
    tasks = [
        np.einsum("sk,k->s", activations, weights, dtype=np.float64) + float(intercept)
        for weights, intercept in zip(network.weights.T, network.intercept, strict=True)
    ]
    return np.stack(tasks, axis=1)
