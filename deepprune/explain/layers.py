"""The logits of networks of several layers, by their Keras models."""

import numpy as np
import tensorflow as tf

from deepprune.dna.codes import reverse_complement
from deepprune.models.conv_keras import conv_model
from deepprune.models.conv_settings import any_length
from deepprune.models.keras_network import fill
from deepprune.models.layers_file import LayersModel
from deepprune.training.predictions import mean_logits


class Layers:
    """A network of several layers that computes; safe for any number of threads."""

    def __init__(self, model: LayersModel) -> None:
        length = None if any_length(model.settings) else model.window
        # Zeros, since drawing 47 million weights takes longer than reading them.
        keras_model = conv_model(model.settings._replace(initializer="zeros"), length, len(model.tasks))
        fill(keras_model, model.weights, model.state)
        self._both = model.settings.average_strands
        self._compute = tf.function(
            lambda codes: keras_model(tf.one_hot(codes, 4), training=False),
            input_signature=[tf.TensorSpec((None, length), tf.uint8)],
            autograph=False,
        )
        self._compute.get_concrete_function()  # from one thread

    def logits(self, codes: np.ndarray) -> np.ndarray:
        """Return logits, float64 (n, tasks), with averaged strands those of the mean probability of both.

        codes: uint8 (n, length), so few that their values of all layers fit into memory.
        """
        given = self._logits(codes)
        return mean_logits(given, self._logits(reverse_complement(codes))) if self._both else given

    def _logits(self, codes: np.ndarray) -> np.ndarray:
        return np.asarray(self._compute(tf.constant(codes)), np.float64)
