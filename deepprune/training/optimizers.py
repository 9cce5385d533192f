"""Optimizer steps on any nest of weights."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import tensorflow as tf

from deepprune.models.architecture import Weights

# Adam's constants as in Kingma & Ba 2014 and in Keras
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class Moments(NamedTuple):
    """The state of an optimizer between batches."""

    mean: Weights
    variance: Weights
    step: Any


Step = Callable[[Weights, Weights, Moments, tf.Tensor], tuple[Weights, Moments]]


def no_moments(weights: Weights) -> Moments:
    """Return the moments before the first step."""
    zeros = tf.nest.map_structure(tf.zeros_like, weights)
    return Moments(zeros, zeros, tf.constant(0.0))


def adam(
    weights: Weights, gradients: Weights, moments: Moments, learning_rate: tf.Tensor, beta_1: float = BETA_1
) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of Adam."""
    step = moments.step + 1
    rate = learning_rate * tf.sqrt(1 - tf.pow(BETA_2, step)) / (1 - tf.pow(beta_1, step))
    mean = tf.nest.map_structure(lambda m, g: m + (g - m) * (1 - beta_1), moments.mean, gradients)
    variance = tf.nest.map_structure(lambda v, g: v + (g * g - v) * (1 - BETA_2), moments.variance, gradients)
    moved = tf.nest.map_structure(lambda w, m, v: w - rate * m / (tf.sqrt(v) + EPSILON), weights, mean, variance)
    return moved, Moments(mean, variance, step)


def gradient_descent(
    weights: Weights, gradients: Weights, moments: Moments, learning_rate: tf.Tensor
) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of plain gradient descent."""
    return tf.nest.map_structure(lambda w, g: w - learning_rate * g, weights, gradients), moments


def optimizers(beta_1: float = BETA_1) -> dict[str, Step]:
    """Return the optimizers by name; beta_1: the decay of Adam's mean gradient."""
    return {"adam": partial(adam, beta_1=beta_1), "gradient_descent": gradient_descent}
