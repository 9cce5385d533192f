import numpy as np
import pytest
import tensorflow as tf
from planted import planted

from deepprune.data.dataset import TRAIN
from deepprune.dna.codes import one_hot
from deepprune.models.circular import LEARNING_RATE, PENALTY, Circular, rotations
from deepprune.training.stack import stacked
from deepprune.training.trainer import Options, Start, Trainer

pytestmark = pytest.mark.slow


def test_rotations_by_hand():
    one = np.arange(12, dtype=np.float32).reshape(1, 1, 3, 4)  # rows 0-3, 4-7, 8-11
    turned = rotations(tf.constant(one)).numpy()
    assert turned.shape == (1, 3, 4, 3)
    assert turned[0, :, 0].T.tolist() == [[0, 4, 8], [4, 8, 0], [8, 0, 4]]
    np.testing.assert_array_equal(turned[..., 0], one[:, 0])


def test_the_start_is_a_cut_normal_distribution():
    start = Circular(24).initial(np.random.default_rng(0))
    assert start.kernels.shape == (1, 24, 4) and start.weights.shape == (24, 1)
    assert start.bias.shape == start.intercept.shape == (1,)
    assert np.abs(start.kernels).max() < 0.2 and 0.07 < start.kernels.std() < 0.1
    assert not start.bias.any() and not start.intercept.any()


def test_the_penalty_is_half_the_sum_of_squares():
    network = Circular(5)
    starts = [network.initial(np.random.default_rng(seed)) for seed in range(2)]
    expected = PENALTY * 0.5 * sum((start.kernels**2).sum() for start in starts)
    assert float(network.penalty(stacked(starts), ())) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_step_is_gradient_descent_on_the_plain_network(padding):
    data = planted(200)
    codes, labels = data.part(TRAIN)
    network = Circular(7, padding)
    start = network.initial(np.random.default_rng(3))
    trainer = Trainer(data, Options(256, LEARNING_RATE, max_epochs=1, optimizer="gradient_descent"))  # one batch
    (fit,) = trainer.fit(network, [Start(start, np.random.default_rng(0))])
    filter_, weights, intercept = (tf.Variable(value) for value in (start.kernels[0], start.weights, start.intercept))
    with tf.GradientTape() as tape:
        kernels = tf.stack([tf.roll(filter_, -shift, axis=0) for shift in range(7)], axis=2)
        scores = tf.nn.conv1d(one_hot(codes).astype(np.float32), kernels, 1, padding.upper())
        logits = tf.reduce_max(tf.nn.relu(scores), axis=1) @ weights + intercept
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels.astype(np.float32), logits))
        loss += PENALTY * tf.nn.l2_loss(filter_)
    gradients = tape.gradient(loss, [filter_, weights, intercept])
    for after, before, gradient in zip(
        (fit.weights.kernels[0], fit.weights.weights, fit.weights.intercept),
        (filter_, weights, intercept),
        gradients,
        strict=True,
    ):
        np.testing.assert_allclose(after, before - LEARNING_RATE * gradient, atol=1e-6)
    np.testing.assert_array_equal(fit.weights.bias, [0])
