"""Optimizer steps on any nest of weights."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from deepprune.models.architecture import Weights

BETA_2 = 0.999  # of Adam, as in Kingma & Ba 2014


class Rates(NamedTuple):
    """The numbers of an optimizer in a training: inputs of its compiled programs, so that trainings share these.

    decay: of Adam's mean gradient, of AdaDelta's and RMSprop's mean squares.  rest: 1 - decay, not rounded before.
    epsilon: added to denominators.
    """

    learning_rate: Any
    decay: Any = 0.9
    rest: Any = 1 - 0.9
    epsilon: Any = 1e-7

    def tensors(self) -> "Rates":
        """Return the numbers as tensors."""
        return Rates(*(tf.constant(number, tf.float32) for number in self))


class Moments(NamedTuple):
    """The state of an optimizer between batches.

    mean: of gradients; with AdaDelta, of squared steps; with RMSprop, zeros.  variance: the mean of squared gradients.
    step: their number.
    """

    mean: Weights
    variance: Weights
    step: Any


Step = Callable[[Weights, Weights, Moments, Rates], tuple[Weights, Moments]]


def no_moments(weights: Weights) -> Moments:
    """Return the moments before the first step."""
    zeros = tf.nest.map_structure(tf.zeros_like, weights)
    return Moments(zeros, zeros, tf.constant(0.0))


def adam(weights: Weights, gradients: Weights, moments: Moments, rates: Rates) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of Adam."""
    step = moments.step + 1
    rate = rates.learning_rate * tf.sqrt(1 - tf.pow(BETA_2, step)) / (1 - tf.pow(rates.decay, step))
    mean = tf.nest.map_structure(lambda m, g: m + (g - m) * rates.rest, moments.mean, gradients)
    variance = tf.nest.map_structure(lambda v, g: v + (g * g - v) * (1 - BETA_2), moments.variance, gradients)
    moved = tf.nest.map_structure(lambda w, m, v: w - rate * m / (tf.sqrt(v) + rates.epsilon), weights, mean, variance)
    return moved, Moments(mean, variance, step)


def gradient_descent(weights: Weights, gradients: Weights, moments: Moments, rates: Rates) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of plain gradient descent."""
    return tf.nest.map_structure(lambda w, g: w - rates.learning_rate * g, weights, gradients), moments


def adadelta(weights: Weights, gradients: Weights, moments: Moments, rates: Rates) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of AdaDelta (Zeiler 2012)."""
    same, epsilon = tf.nest.map_structure, rates.epsilon
    variance = same(lambda v, g: v + (g * g - v) * rates.rest, moments.variance, gradients)
    steps = same(lambda g, m, v: g * tf.sqrt((m + epsilon) / (v + epsilon)), gradients, moments.mean, variance)
    mean = same(lambda m, s: m + (s * s - m) * rates.rest, moments.mean, steps)
    moved = same(lambda w, s: w - rates.learning_rate * s, weights, steps)
    return moved, Moments(mean, variance, moments.step + 1)


def rmsprop(weights: Weights, gradients: Weights, moments: Moments, rates: Rates) -> tuple[Weights, Moments]:
    """Return weights and moments after one step of RMSprop (Tieleman & Hinton 2012), without momentum."""
    same, rate, epsilon = tf.nest.map_structure, rates.learning_rate, rates.epsilon
    variance = same(lambda v, g: v + (g * g - v) * rates.rest, moments.variance, gradients)
    moved = same(lambda w, g, v: w - rate * g * tf.math.rsqrt(v + epsilon), weights, gradients, variance)
    return moved, Moments(moments.mean, variance, moments.step + 1)


def with_bias_rate(step: Step, rate: float) -> Step:
    """Return an optimizer whose steps of biases and other vectors are multiplied by a rate; unchanged for 1.

    In a stack, vectors have two axes: models and units.
    """
    if rate == 1:
        return step

    def scaled(weights: Weights, gradients: Weights, moments: Moments, rates: Rates) -> tuple[Weights, Moments]:
        moved, moments = step(weights, gradients, moments, rates)
        moved = tf.nest.map_structure(lambda w, m: w + rate * (m - w) if len(w.shape) <= 2 else m, weights, moved)
        return moved, moments

    return scaled


def optimizers(bias_rate: float = 1.0) -> dict[str, Step]:
    """Return the optimizers by name; plain gradient descent steps at one rate."""
    scaled = {"adam": adam, "adadelta": adadelta, "rmsprop": rmsprop}
    steps = {name: with_bias_rate(step, bias_rate) for name, step in scaled.items()}
    return steps | {"gradient_descent": gradient_descent}
