import keras
import numpy as np
import pytest
import tensorflow as tf

from deepprune.models.parameters import Parameters
from deepprune.training.optimizers import adam, gradient_descent, start

pytestmark = pytest.mark.slow


def parameters(rng):
    shapes = (1, 5, 4, 3), (1, 3), (1, 3), (1,)
    return Parameters(*(tf.constant(rng.normal(size=shape), tf.float32) for shape in shapes))


def test_adam_is_that_of_keras():
    rng = np.random.default_rng(0)
    state, gradients = start(parameters(rng)), [parameters(rng) for _ in range(3)]
    variables = [keras.Variable(value) for value in state.parameters]
    optimizer = keras.optimizers.Adam(0.01)
    for gradient in gradients:
        state = adam(state, gradient, tf.constant(0.01))
        optimizer.apply(list(gradient), variables)
    for ours, theirs in zip(state.parameters, variables, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-6)


def test_gradient_descent_by_hand():
    ones = Parameters(*(tf.ones(shape) for shape in ((1, 2, 4, 1), (1, 1), (1, 1), (1,))))
    moved = gradient_descent(start(ones), ones, tf.constant(0.25)).parameters
    assert all((value.numpy() == 0.75).all() for value in moved)
