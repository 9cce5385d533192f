"""The weights of a network as plain arrays, and their file: what motifs and tables need, without TensorFlow."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from deepprune.io.files import write_atomic

# The authors' code scales negative scores by this and clips at that, where their text says ReLU.
LEAK, CLIP = 0.5, 10.0


class Parameters(NamedTuple):
    """Weights of one network; numpy arrays or tensors, float32."""

    kernels: Any  # (kernel length, 4, kernels)
    bias: Any  # (kernels,)
    weights: Any  # (kernels,): the dense layer's, a kernel each
    intercept: Any  # (): the dense layer's bias

    def keep(self, kernels: Sequence[int] | np.ndarray) -> "Parameters":
        """The network that is left when only these kernels stay."""
        index = np.asarray(kernels)
        return Parameters(self.kernels[:, :, index], self.bias[index], self.weights[index], self.intercept)


class Pruned(NamedTuple):
    """What pruning leaves of a network, and which of its kernels that are: their places, ascending."""

    parameters: Parameters
    kept: np.ndarray


def initial_parameters(kernel_length: int, kernels: int, rng: np.random.Generator) -> Parameters:
    """Glorot-uniform kernels and dense weights, zero biases: what Keras starts these layers with."""

    def glorot(shape: tuple[int, ...], fans: int) -> np.ndarray:
        limit = np.sqrt(6.0 / fans)
        return rng.uniform(-limit, limit, shape).astype(np.float32)

    return Parameters(
        kernels=glorot((kernel_length, 4, kernels), kernel_length * (4 + kernels)),
        bias=np.zeros(kernels, np.float32),
        weights=glorot((kernels,), kernels + 1),
        intercept=np.zeros((), np.float32),
    )


def dense_unit(pooled: np.ndarray, network: Parameters) -> np.ndarray:
    """The dense layer: log-odds of being bound, float64 (sequences,), from activations (sequences, kernels)."""
    # Not a matrix product, whose sums a library may share out among threads.
    return np.einsum("sk,k->s", pooled, network.weights, dtype=np.float64) + float(network.intercept)


def save_parameters(path: Path, networks: Sequence[Parameters]) -> None:
    """Write networks into one .npz; array `<number>.<field>` belongs to the network at that place."""
    arrays = {
        f"{number}.{field}": np.asarray(value)
        for number, network in enumerate(networks)
        for field, value in network._asdict().items()
    }
    with write_atomic(path) as temporary, temporary.open("wb") as handle:
        np.savez_compressed(handle, **arrays)  # type: ignore[arg-type]


def load_parameters(path: Path) -> list[Parameters]:
    """The networks of a file that save_parameters wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        count = len(arrays.files) // len(Parameters._fields)
        return [Parameters(*(arrays[f"{number}.{field}"] for field in Parameters._fields)) for number in range(count)]
