import numpy as np
import pytest
import tensorflow as tf

from deepprune.dna.words import Words
from deepprune.models.background import background_logits, counted, standard_of


def test_standardized_counts_have_a_sum_of_squares_of_one():
    counts = np.random.default_rng(0).poisson(3, (5000, 32)).astype(float)
    standard = standard_of(counts.mean(axis=0), counts.std(axis=0), 0.1)
    standardized = (counts - standard.mean) * standard.scale
    assert (standardized**2).sum(axis=1).mean() == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(standardized.mean(axis=0), 0, atol=1e-6)


def test_a_common_scale_keeps_rare_words_small_and_leaves_out_those_that_do_not_vary():
    standard = standard_of(np.array([5.0, 1, 2]), np.array([4.0, 3, 0]), 0.1)
    np.testing.assert_allclose(standard.scale, [0.2, 0.2, 0])  # 1 / sqrt(4 ** 2 + 3 ** 2)


def test_weights_of_counts_and_of_standardized_counts_give_the_same_logits():
    rng = np.random.default_rng(1)
    counts = rng.poisson(3, (20, 8)).astype(float)
    counts[:, 2] = 1  # does not vary
    standard = standard_of(counts.mean(axis=0), counts.std(axis=0), 0.1)
    weights, intercept = rng.normal(size=(8, 3)), rng.normal(size=3)
    unit, unit_intercept = standard.pack(weights, intercept)
    standardized = (counts - standard.mean) * standard.scale
    np.testing.assert_allclose(standardized @ unit + unit_intercept, counts @ weights + intercept, atol=1e-5)
    assert not unit[2].any()
    back, back_intercept = standard.unpack(unit, unit_intercept)
    np.testing.assert_allclose(counts @ back + back_intercept, counts @ weights + intercept, atol=1e-5)


@pytest.mark.parametrize("words", [Words(3, merged=True), Words(4, 2)], ids=["plain", "gapped"])
@pytest.mark.parametrize("length", [2, 30], ids=["shorter than a word", "longer"])
def test_look_ups_are_the_product_with_counts_and_so_is_their_gradient(words, length):
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 5, (2, 6, length)).astype(np.uint8)  # models, batch, positions
    found = np.stack([words.find(some) for some in codes]).astype(np.int32)
    counts = np.stack([[np.bincount(row, minlength=words.number + 1)[:-1] for row in some] for some in found])
    weights = tf.constant(rng.normal(size=(2, words.number, 3)), tf.float32)
    upstream = tf.constant(rng.normal(size=(2, 6, 3)), tf.float32)

    @tf.function(jit_compile=True)
    def looked_up(weights):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            logits = background_logits(tf.constant(found), weights)
        return logits, tape.gradient(logits, weights, upstream)

    logits, gradient = looked_up(weights)
    np.testing.assert_allclose(logits, counts @ weights.numpy(), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(gradient, counts.transpose(0, 2, 1) @ upstream.numpy(), rtol=1e-4, atol=1e-4)


def test_counts_are_those_of_the_words_found():
    words = Words(3, merged=True)
    codes = np.random.default_rng(0).integers(0, 5, (10, 30)).astype(np.uint8)
    counts = counted(words, codes).toarray()
    assert counts.shape == (10, 32)
    for row, found in zip(counts, words.find(codes), strict=True):
        np.testing.assert_array_equal(row, np.bincount(found, minlength=33)[:-1])
