import numpy as np
import pytest
import tensorflow as tf
from planted import planted

from deepprune.data.dataset import TRAIN
from deepprune.dna.codes import one_hot
from deepprune.models.circular import CIRCULAR, LEARNING_RATE, PENALTY, circular_parameters, filter_penalty, rotations
from deepprune.training.trainer import Options, Trainer

pytestmark = pytest.mark.slow


def test_rotations_by_hand():
    one = np.arange(12, dtype=np.float32).reshape(1, 3, 4, 1)  # rows 0-3, 4-7, 8-11
    turned = rotations(tf.constant(one)).numpy()
    assert turned.shape == (1, 3, 4, 3)
    assert turned[0, :, 0].T.tolist() == [[0, 4, 8], [4, 8, 0], [8, 0, 4]]
    np.testing.assert_array_equal(turned[..., 0], one[..., 0])


def test_the_start_is_a_cut_normal_distribution():
    start = circular_parameters(24, np.random.default_rng(0))
    assert start.kernels.shape == (24, 4, 1) and start.weights.shape == (24,) and start.bias.shape == (1,)
    assert np.abs(start.kernels).max() < 0.2 and 0.07 < start.kernels.std() < 0.1


def test_the_penalty_is_half_the_sum_of_squares():
    start = circular_parameters(5, np.random.default_rng(0))
    assert float(filter_penalty(start)) == pytest.approx(PENALTY * 0.5 * (start.kernels**2).sum(), rel=1e-5)


def test_a_step_is_gradient_descent_on_the_plain_network():
    data = planted(200)
    codes, labels = data.part(TRAIN)
    start = circular_parameters(7, np.random.default_rng(3))
    trainer = Trainer(data, Options(batch_size=256, max_epochs=1), architecture=CIRCULAR)
    (fit,) = trainer.fit([start], [np.random.default_rng(0)], LEARNING_RATE)  # one batch
    weight, dense, intercept = (tf.Variable(value) for value in (start.kernels[..., 0], start.weights, start.intercept))
    with tf.GradientTape() as tape:
        kernels = tf.stack([tf.roll(weight, -shift, axis=0) for shift in range(7)], axis=2)
        pooled = tf.reduce_max(tf.nn.relu(tf.nn.conv1d(one_hot(codes).astype(np.float32), kernels, 1, "VALID")), axis=1)
        log_odds = tf.linalg.matvec(pooled, dense) + intercept
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels[:, 0].astype(np.float32), log_odds))
        loss += PENALTY * tf.nn.l2_loss(weight)
    gradients = tape.gradient(loss, [weight, dense, intercept])
    for after, before, gradient in zip(
        (fit.parameters.kernels[..., 0], fit.parameters.weights, fit.parameters.intercept),
        (weight, dense, intercept),
        gradients,
        strict=True,
    ):
        np.testing.assert_allclose(after, before - LEARNING_RATE * gradient, atol=1e-6)
    np.testing.assert_array_equal(fit.parameters.bias, [0])
