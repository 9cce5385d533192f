"""The activations of a convolution inside a trained network."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from deepprune.models.keras_network import KerasNetwork

BATCH = 250  # sequences


class Activations:
    """The activations of a layer of a trained Keras network, computed in batches on demand.

    layer: a name in the network's model.  codes: uint8 (sequences, length).
    """

    def __init__(self, network: KerasNetwork, fitted: tuple[Any, Any], layer: str, codes: np.ndarray) -> None:
        model, (weights, state) = network.build(), fitted
        for variables, values in ((model.trainable_weights, weights), (model.non_trainable_weights, state)):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        self.codes = codes
        self._part = keras.Model(model.input, model.get_layer(layer).output)
        self._compute = tf.function(
            lambda some: self._part(tf.one_hot(some, 4), training=False),
            input_signature=[tf.TensorSpec((None, codes.shape[1]), tf.uint8)],
        )

    def batches(self, most: int | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield codes (some, length) and their activations, float32 (some, positions, filters).

        most: only of the first so many sequences.
        """
        count = len(self.codes) if most is None else min(most, len(self.codes))
        for first in range(0, count, BATCH):
            some = np.asarray(self.codes[first : min(first + BATCH, count)])
            yield some, self._compute(tf.constant(some)).numpy()
