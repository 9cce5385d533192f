"""The weights of a few-kernel network as plain arrays.

Motifs and tables need no more than these, and no TensorFlow.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

# The clipped leaky ReLU scales negative scores by the first and clips at the second.
LEAK, CLIP = 0.5, 10.0


class Parameters(NamedTuple):
    """The weights of one network: numpy arrays or tensors, float32."""

    kernels: Any  # (kernels, width, 4)
    bias: Any  # (kernels,)
    weights: Any  # (kernels, tasks): the output layer's
    intercept: Any  # (tasks,): the output layer's bias
    background: Any = ()  # (words, tasks): what each occurrence of a word adds to the logit; () without a background

    def keep(self, kernels: Sequence[int] | np.ndarray) -> "Parameters":
        """Return the network of these kernels alone, with its background."""
        index = np.asarray(kernels)
        return self._replace(kernels=self.kernels[index], bias=self.bias[index], weights=self.weights[index])


class Pruned(NamedTuple):
    """A pruned network, and the places of its kernels in the network before, ascending.

    share: what pruning multiplied the weights of the background by.
    """

    parameters: Parameters
    kept: np.ndarray
    share: float = 1.0


def padding_sizes(padding: str, width: int) -> tuple[int, int]:
    """Return how many positions padding adds before and after a sequence; `same` is as TensorFlow defines it."""
    if padding == "valid":
        return 0, 0
    return (width - 1) // 2, width // 2


def initial_parameters(width: int, kernels: int, rng: np.random.Generator, tasks: int = 1) -> Parameters:
    """Draw Glorot-uniform kernels and output weights, and zero biases, as Keras initializes these layers."""

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
    """Return the logits without background, float64 (sequences, tasks), from activations (sequences, kernels)."""
    # Not a matrix product: a library may divide its sums among threads, which changes their order.
    tasks = [
        np.einsum("sk,k->s", activations, weights, dtype=np.float64) + float(intercept)
        for weights, intercept in zip(network.weights.T, network.intercept, strict=True)
    ]
    return np.stack(tasks, axis=1)
