"""Steps of the optimizer on a stack of networks."""

from typing import NamedTuple

import tensorflow as tf

from deepprune.models.parameters import Parameters

# Adam as published and as Keras sets it (Kingma and Ba 2014).
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class State(NamedTuple):
    """Parameters and Adam's moments of a stack of networks, carried from batch to batch."""

    parameters: Parameters
    mean: Parameters
    variance: Parameters
    step: tf.Tensor


def start(parameters: Parameters) -> State:
    """The state before the first step."""
    zeros = Parameters(*(tf.zeros_like(value) for value in parameters))
    return State(parameters, zeros, zeros, tf.constant(0.0))


def adam(state: State, gradients: Parameters, learning_rate: tf.Tensor) -> State:
    """One step of Adam."""
    step = state.step + 1
    rate = learning_rate * tf.sqrt(1 - tf.pow(BETA_2, step)) / (1 - tf.pow(BETA_1, step))
    mean = Parameters(*(m + (g - m) * (1 - BETA_1) for m, g in zip(state.mean, gradients, strict=True)))
    variance = Parameters(*(v + (g * g - v) * (1 - BETA_2) for v, g in zip(state.variance, gradients, strict=True)))
    moved = (p - rate * m / (tf.sqrt(v) + EPSILON) for p, m, v in zip(state.parameters, mean, variance, strict=True))
    return State(Parameters(*moved), mean, variance, step)


def gradient_descent(state: State, gradients: Parameters, learning_rate: tf.Tensor) -> State:
    """One step of plain gradient descent."""
    moved = (p - learning_rate * g for p, g in zip(state.parameters, gradients, strict=True))
    return state._replace(parameters=Parameters(*moved))
