"""Optimizer steps on any nest of weights."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import tensorflow as tf

from deepprune.models.architecture import Weights

BETA_2 = 0.999  # of Adam, as in Kingma & Ba 2014


class Constants(NamedTuple):
    """What an optimizer keeps during a training, beside the learning rate; the defaults are those of Keras.

    beta_1: of Adam, the decay of the mean gradient.  rho: of AdaDelta, the decay of the mean squares.  epsilon: added
    to denominators.  bias_rate: by which the steps of biases and other vectors are multiplied.
    """

    beta_1: float = 0.9
    rho: float = 0.95
    epsilon: float = 1e-7
    bias_rate: float = 1.0


DEFAULT = Constants()


class Moments(NamedTuple):
    """The state of an optimizer between batches.

    mean: of gradients; with AdaDelta, of squared steps.  variance: the mean of squared gradients.  step: their number.
    """

    mean: Weights
    variance: Weights
    step: Any


Step = Callable[[Weights, Weights, Moments, tf.Tensor], tuple[Weights, Moments]]


def no_moments(weights: Weights) -> Moments:
    """Return the moments before the first step."""
    zeros = tf.nest.map_structure(tf.zeros_like, weights)
    return Moments(zeros, zeros, tf.constant(0.0))


def adam(
    weights: Weights, gradients: Weights, moments: Moments, learning_rate: tf.Tensor, constants: Constants = DEFAULT
) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of Adam."""
    beta_1 = constants.beta_1
    step = moments.step + 1
    rate = learning_rate * tf.sqrt(1 - tf.pow(BETA_2, step)) / (1 - tf.pow(beta_1, step))
    mean = tf.nest.map_structure(lambda m, g: m + (g - m) * (1 - beta_1), moments.mean, gradients)
    variance = tf.nest.map_structure(lambda v, g: v + (g * g - v) * (1 - BETA_2), moments.variance, gradients)
    moved = tf.nest.map_structure(
        lambda w, m, v: w - rate * m / (tf.sqrt(v) + constants.epsilon), weights, mean, variance
    )
    return moved, Moments(mean, variance, step)


def gradient_descent(
    weights: Weights, gradients: Weights, moments: Moments, learning_rate: tf.Tensor
) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of plain gradient descent."""
    return tf.nest.map_structure(lambda w, g: w - learning_rate * g, weights, gradients), moments


def adadelta(
    weights: Weights, gradients: Weights, moments: Moments, learning_rate: tf.Tensor, constants: Constants = DEFAULT
) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of AdaDelta (Zeiler 2012)."""
    rho, epsilon, same = constants.rho, constants.epsilon, tf.nest.map_structure
    variance = same(lambda v, g: rho * v + (1 - rho) * g * g, moments.variance, gradients)
    steps = same(lambda g, m, v: g * tf.sqrt((m + epsilon) / (v + epsilon)), gradients, moments.mean, variance)
    mean = same(lambda m, s: rho * m + (1 - rho) * s * s, moments.mean, steps)
    moved = same(lambda w, s: w - learning_rate * s, weights, steps)
    return moved, Moments(mean, variance, moments.step + 1)


def with_bias_rate(step: Step, rate: float) -> Step:
    """Return an optimizer whose steps of biases and other vectors are multiplied by a rate; unchanged for 1.

    In a stack, vectors have two axes: models and units.
    """
    if rate == 1:
        return step

    def scaled(
        weights: Weights, gradients: Weights, moments: Moments, learning_rate: tf.Tensor
    ) -> tuple[Weights, Moments]:
        moved, moments = step(weights, gradients, moments, learning_rate)
        moved = tf.nest.map_structure(lambda w, m: w + rate * (m - w) if len(w.shape) <= 2 else m, weights, moved)
        return moved, moments

    return scaled


def optimizers(constants: Constants = DEFAULT) -> dict[str, Step]:
    """Return the optimizers by name; plain gradient descent has no constants."""
    found = {"adam": partial(adam, constants=constants), "adadelta": partial(adadelta, constants=constants)}
    scaled = {name: with_bias_rate(step, constants.bias_rate) for name, step in found.items()}
    return scaled | {"gradient_descent": gradient_descent}
