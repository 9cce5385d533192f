"""The network with one circular filter.

All rotations of one filter scan the sequence (Blum & Kollmann 2019).

Following the authors' program (github.com/christopherblum/cnncf), each rotation (one for each position of the filter)
has its own ReLU, global maximum and output weight, and the convolution has no bias. Initial weights are drawn from a
normal distribution, truncated at two of its standard deviations of 0.1. Half the filter's sum of squares, times 0.01,
is added to the loss. The optimizer is plain gradient descent at a learning rate of 0.1. To be comparable with
few-kernel networks, the filter's length, the batches and early stopping are ours. One sigmoid replaces their softmax
over the output and its negative.
"""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from deepprune.models.architecture import Architecture
from deepprune.models.few_kernel import output_logits
from deepprune.models.parameters import Parameters, output_layer
from deepprune.models.scan import scan

SPREAD, PENALTY, LEARNING_RATE = 0.1, 0.01, 0.1


@dataclass(frozen=True)
class Circular(Architecture):
    """One filter of `width` bp; weights like those of a few-kernel network, with an output weight for each rotation."""

    width: int
    padding: str = "valid"
    name = "circular"
    kernels = 1

    def initial(self, rng: np.random.Generator) -> Parameters:
        """Draw the filter, kernels (1, width, 4), and its output weights, (width, 1); the bias is not used."""

        def cut_normal(count: int) -> np.ndarray:
            values = np.empty(0)
            while len(values) < count:
                drawn = rng.normal(0, SPREAD, 2 * count)
                values = np.append(values, drawn[np.abs(drawn) < 2 * SPREAD])
            return values[:count].astype(np.float32)

        return Parameters(
            kernels=cut_normal(self.width * 4).reshape(1, self.width, 4),
            bias=np.zeros(1, np.float32),
            weights=cut_normal(self.width)[:, None],
            intercept=np.zeros(1, np.float32),
        )

    def features(self, weights: Parameters, state: tuple[()], inputs: tf.Tensor) -> tf.Tensor:
        """Return the activation of each rotation, float32 (models, batch, width); its ReLU is part of the method."""
        kernels = rotations(weights.kernels)
        return tf.nn.relu(scan(inputs, kernels, tf.zeros_like(kernels[:, 0, 0]), self.padding).score)

    def logits(
        self, weights: Parameters, state: tuple[()], inputs: tf.Tensor, training: bool, random: tf.Tensor
    ) -> tuple[tf.Tensor, tuple[()]]:
        """Return the logits; see Architecture."""
        return output_logits(self.features(weights, state, inputs), weights), state

    def feature_count(self, weights: Parameters) -> int:
        """Return the number of rotations."""
        return int(weights.weights.shape[-2])

    def head(self, features: np.ndarray, weights: Parameters) -> np.ndarray:
        """Return the logits from activations; see output_layer."""
        return output_layer(features, weights)

    def penalty(self, weights: Parameters, state: tuple[()]) -> tf.Tensor:
        """Return PENALTY times half the sum of the filters' squares, over all models."""
        return PENALTY * tf.nn.l2_loss(weights.kernels)


def rotations(filters: tf.Tensor) -> tf.Tensor:
    """Return all rotations of filters as `scan` takes kernels, (models, 1, width, 4) to (models, width, 4, width).

    The first rotation is the filter itself.
    """
    width = filters.shape[2]
    places = (np.arange(width)[:, None] + np.arange(width)) % width  # row of the filter, for each position and rotation
    return tf.transpose(tf.gather(filters[:, 0], places, axis=1), [0, 1, 3, 2])
