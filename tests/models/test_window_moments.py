import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.dna.codes import one_hot
from deepprune.models.window_moments import beyond, pair_counts, window_moments

pytestmark = pytest.mark.slow


def direct(codes: np.ndarray, kernel: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return mean and variance from the scores of all windows."""
    scores = tf.nn.conv1d(one_hot(codes).astype(np.float32), kernel, 1, "SAME")
    return tf.reduce_mean(scores, [0, 1]), tf.math.reduce_variance(scores, [0, 1])


def counted(codes: np.ndarray, kernel: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    width = kernel.shape[0]
    pairs = tf.constant(pair_counts(codes, width).sum(axis=0), tf.float32)
    return window_moments(kernel, pairs, beyond(tf.constant(codes), width), codes.size)


def test_pairs_of_a_sequence() -> None:
    (counts,) = pair_counts(np.array([[0, 1, 0, 4, 1]], np.uint8), 3)  # ACANC
    assert counts[0].tolist() == [[2, 0, 0, 0], [0, 2, 0, 0], [0] * 4, [0] * 4]
    assert counts[1].tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [0] * 4, [0] * 4]
    assert counts[2].tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [0] * 4, [0] * 4]  # A.A and A.C; C.N is none


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 9), st.integers(9, 30), st.integers(0, 10**6))
def test_moments_and_gradients_are_those_of_all_windows(width: int, length: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (4, length)).astype(np.uint8)
    kernel = tf.constant(rng.normal(size=(width, 4, 3)), tf.float32)
    wanted = tf.constant(rng.normal(size=(2, 3)), tf.float32)
    results = []
    for moments in (direct, counted):
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            found = tf.stack(moments(codes, kernel))
            loss = tf.reduce_sum(found * wanted)
        results.append((found.numpy(), tape.gradient(loss, kernel).numpy()))
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5, rtol=1e-4)
