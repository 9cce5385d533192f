import keras
import numpy as np
import pytest
import tensorflow as tf

from deepprune.training.optimizers import Rates, gradient_descent, no_moments, optimizers

pytestmark = pytest.mark.slow


def nest(rng):
    """Weights in a nest of all kinds."""
    draw = [tf.constant(rng.normal(size=shape), tf.float32) for shape in ((1, 5, 4, 3), (1, 3), (1,))]
    return {"kernels": draw[0], "rest": (draw[1], [draw[2]])}


def steps(name, rates, optimizer):
    """Return weights after four steps of an optimizer of ours and of one of Keras, in pairs."""
    rng = np.random.default_rng(0)
    weights, gradients = nest(rng), [nest(rng) for _ in range(4)]
    variables = [keras.Variable(value) for value in tf.nest.flatten(weights)]
    step, moments = optimizers()[name], no_moments(weights)
    for gradient in gradients:
        weights, moments = step(weights, gradient, moments, rates.tensors())
        optimizer.apply(tf.nest.flatten(gradient), variables)
    assert moments.step == 4
    return [(ours, theirs.numpy()) for ours, theirs in zip(tf.nest.flatten(weights), variables, strict=True)]


@pytest.mark.parametrize(("rho", "epsilon"), [(0.95, 1e-7), (0.9, 1e-4), (0.999, 1e-8)])
def test_adadelta_is_that_of_keras(rho, epsilon):
    rates, optimizer = Rates(1.0, rho, 1 - rho, epsilon), keras.optimizers.Adadelta(1.0, rho, epsilon)
    for ours, theirs in steps("adadelta", rates, optimizer):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize(("rho", "epsilon"), [(0.9, 1e-7), (0.99, 1e-3), (0.0, 1e-8)])
def test_rmsprop_is_that_of_keras(rho, epsilon):
    rates, optimizer = Rates(0.001, rho, 1 - rho, epsilon), keras.optimizers.RMSprop(0.001, rho, epsilon=epsilon)
    for ours, theirs in steps("rmsprop", rates, optimizer):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


def test_a_first_step_of_rmsprop_by_hand():
    # The mean square is (1 - 0.75) x 3^2 = 2.25: the step is 0.1 x 3 / 1.5.
    ones, threes = [tf.ones((1, 2, 3))], [3 * tf.ones((1, 2, 3))]
    moved, _ = optimizers()["rmsprop"](ones, threes, no_moments(ones), Rates(0.1, 0.75, 0.25, 1e-9))
    np.testing.assert_allclose(moved[0], 0.8, rtol=1e-6)


@pytest.mark.parametrize("name", ["adam", "adadelta", "rmsprop"])
def test_vectors_step_at_their_own_rate(name):
    weights, gradient = [tf.ones((1, 2, 3)), tf.ones((1, 3))], [tf.ones((1, 2, 3)), tf.ones((1, 3))]
    moments = no_moments(weights)
    plain, _ = optimizers()[name](weights, gradient, moments, Rates(0.1))
    doubled, _ = optimizers(bias_rate=2)[name](weights, gradient, moments, Rates(0.1))
    np.testing.assert_array_equal(plain[0], doubled[0])
    np.testing.assert_allclose(doubled[1] - 1, 2 * (plain[1] - 1), rtol=1e-3)


@pytest.mark.parametrize("beta_1", [0.9, 0.95, 0.0])
def test_adam_is_that_of_keras(beta_1):
    rng = np.random.default_rng(0)
    weights, gradients = nest(rng), [nest(rng) for _ in range(3)]
    variables = [keras.Variable(value) for value in tf.nest.flatten(weights)]
    optimizer, moments = keras.optimizers.Adam(0.01, beta_1), no_moments(weights)
    adam, rates = optimizers()["adam"], Rates(0.01, beta_1, 1 - beta_1).tensors()
    for gradient in gradients:
        weights, moments = adam(weights, gradient, moments, rates)
        optimizer.apply(tf.nest.flatten(gradient), variables)
    assert moments.step == 3
    for ours, theirs in zip(tf.nest.flatten(weights), variables, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-6)


def test_the_decay_of_the_mean_gradient_is_that_of_keras_by_default():
    ones = [tf.ones((1, 2))]
    _, moments = optimizers()["adam"](ones, ones, no_moments(ones), Rates(0.01))
    assert moments.mean[0].numpy() == pytest.approx(1 - keras.optimizers.Adam().beta_1)


def test_gradient_descent_by_hand():
    ones = [tf.ones(shape) for shape in ((1, 2, 4, 1), (1, 1), (1,))]
    moved, moments = gradient_descent(ones, ones, no_moments(ones), Rates(0.25))
    assert all((value.numpy() == 0.75).all() for value in moved)
    assert moments.step == 0
