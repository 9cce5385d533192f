"""The activations of the filters of trained networks, at each position."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from deepprune.dna.codes import one_hot, reverse_complement
from deepprune.models.keras_network import KerasNetwork, fill
from deepprune.models.parameters import Parameters

BATCH = 250  # sequences


def layer_values(
    network: KerasNetwork, fitted: tuple[Any, Any], layer: str, length: int
) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from codes, uint8 (n, length), to the outputs of a layer of a trained Keras network, float32.

    layer: a name in the network's model. Outputs are computed BATCH sequences at a time.
    """
    model = network.build()
    fill(model, *fitted)
    part = keras.Model(model.input, model.get_layer(layer).output)
    compute = tf.function(
        lambda some: part(tf.one_hot(some, 4), training=False),
        input_signature=[tf.TensorSpec((None, length), tf.uint8)],
    )
    return lambda codes: np.concatenate(
        [compute(tf.constant(codes[first : first + BATCH])).numpy() for first in range(0, len(codes), BATCH)]
    )


class Activations:
    """The activations of a layer of a trained Keras network, computed in batches on demand.

    layer: a name in the network's model.  codes: uint8 (sequences, length).
    """

    def __init__(self, network: KerasNetwork, fitted: tuple[Any, Any], layer: str, codes: np.ndarray) -> None:
        self.codes, self._values = codes, layer_values(network, fitted, layer, codes.shape[1])

    def batches(self, most: int | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield codes (some, length) and their activations, float32 (some, positions, filters).

        most: only of the first so many sequences.
        """
        count = len(self.codes) if most is None else min(most, len(self.codes))
        for first in range(0, count, BATCH):
            some = np.asarray(self.codes[first : min(first + BATCH, count)])
            yield some, self._values(some)


class KernelActivations:
    """The activations of the kernels of a few-kernel network, by the position where their window begins.

    codes: uint8 (sequences, length). With both strands, each sequence is followed by its reverse complement. Windows
    that would end beyond the sequence have the activation 0.
    """

    def __init__(self, parameters: Parameters, codes: np.ndarray, strands: str) -> None:
        self.codes, self._parameters = codes, parameters
        if strands == "both":
            self.codes = np.stack([codes, reverse_complement(codes)], axis=1).reshape(-1, codes.shape[1])

    def batches(self, most: int | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield codes and activations; see Activations."""
        kernels = np.asarray(self._parameters.kernels, np.float32)
        count, width, _ = kernels.shape
        flat = kernels.reshape(count, -1).T
        for first in range(0, len(self.codes) if most is None else min(most, len(self.codes)), BATCH):
            some = self.codes[first : min(first + BATCH, most or len(self.codes))]
            letters = np.lib.stride_tricks.sliding_window_view(some, width, axis=1)
            scores = one_hot(letters).reshape(*letters.shape[:2], -1) @ flat + np.float32(self._parameters.bias)
            activations = np.zeros((*some.shape, count), np.float32)
            activations[:, : letters.shape[1]] = np.maximum(scores, 0)
            yield some, activations
