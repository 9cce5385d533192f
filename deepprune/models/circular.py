"""The network with one circular filter (Blum and Kollmann 2019): all rotations of one filter scan the sequence.

From the authors' published program (github.com/christopherblum/cnncf): a rotation for each position of the filter, with
a ReLU, global maximum and dense weight of its own, and no bias in the convolution; a start from a normal distribution
cut off at two standard deviations of 0.1; half the sum of the filter's squares, times 0.01, added to the loss; plain
gradient descent at a learning rate of 0.1. From Deepprune, so that the two can be compared: the length of the filter,
batches, and early stopping. One sigmoid stands for their softmax over the output and its negative.
"""

import numpy as np
import tensorflow as tf

from deepprune.models.few_kernel import Architecture
from deepprune.models.parameters import Parameters
from deepprune.models.scan import scan
from deepprune.training.optimizers import gradient_descent

SPREAD, PENALTY, LEARNING_RATE = 0.1, 0.01, 0.1


def circular_parameters(length: int, rng: np.random.Generator) -> Parameters:
    """A start: kernels (length, 4, 1), the filter; weights (length,), one for each rotation; the bias is not used."""

    def cut_normal(count: int) -> np.ndarray:
        values = np.empty(0)
        while len(values) < count:
            drawn = rng.normal(0, SPREAD, 2 * count)
            values = np.append(values, drawn[np.abs(drawn) < 2 * SPREAD])
        return values[:count].astype(np.float32)

    return Parameters(
        kernels=cut_normal(length * 4).reshape(length, 4, 1),
        bias=np.zeros(1, np.float32),
        weights=cut_normal(length),
        intercept=np.zeros((), np.float32),
    )


def rotations(kernels: tf.Tensor) -> tf.Tensor:
    """All rotations of filters, (models, length, 4, 1) to (models, length, 4, length); the first is the filter."""
    length = kernels.shape[1]
    places = (np.arange(length)[:, None] + np.arange(length)) % length  # row of the filter, for each place and rotation
    return tf.transpose(tf.gather(kernels[..., 0], places, axis=1), [0, 1, 3, 2])


def circular_activations(
    parameters: Parameters, used: tf.Tensor, codes: tf.Tensor, padding: str, activation: str
) -> tf.Tensor:
    """The pooled score of each rotation, float32 (models, batch, length); its ReLU is part of the method.

    codes: uint8 (models, batch, length).
    """
    del used, activation
    kernels = rotations(parameters.kernels)
    score, _ = scan(codes, kernels, tf.zeros_like(kernels[:, 0, 0]), padding)
    return tf.nn.relu(score)


def filter_penalty(parameters: Parameters) -> tf.Tensor:
    """PENALTY times half the sum of the filters' squares, over all models."""
    return PENALTY * tf.nn.l2_loss(parameters.kernels)


CIRCULAR = Architecture(circular_activations, filter_penalty, gradient_descent, room=lambda rotations: rotations)
