import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import deepprune.models.look_ups as look_ups_module
import deepprune.models.scan as scan_module
from deepprune.dna.codes import one_hot, to_codes
from deepprune.models.scan import scan


@tf.function(jit_compile=True, autograph=False, reduce_retracing=False)
def compiled(codes, kernels, bias, upstream, padding, used=None):
    with tf.GradientTape() as tape:
        tape.watch((kernels, bias))
        score, position, _ = scan(codes, kernels, bias, padding, used)
        total = tf.reduce_sum(score * upstream)
    return score, position, *tape.gradient(total, (kernels, bias))


@tf.function(jit_compile=True, autograph=False, reduce_retracing=False)
def on_both_strands(codes, kernels, bias, upstream, padding, used=None):
    with tf.GradientTape() as tape:
        tape.watch((kernels, bias))
        best = scan(codes, kernels, bias, padding, used, "both")
        total = tf.reduce_sum(best.score * upstream)
    return *best, *tape.gradient(total, (kernels, bias))


def alone(codes, kernels, bias, upstream, padding):
    """One model without the model axis."""
    return [value[0].numpy() for value in compiled(codes[None], kernels[None], bias[None], upstream[None], padding)]


def by_convolution(codes, kernels, bias, upstream, padding):
    kernels, bias = tf.constant(kernels), tf.constant(bias)
    with tf.GradientTape() as tape:
        tape.watch((kernels, bias))
        every = tf.nn.conv1d(tf.constant(one_hot(codes)), kernels, 1, padding.upper()) + bias
        score = tf.reduce_max(every, axis=1)
        total = tf.reduce_sum(score * upstream)
    return score, every, *tape.gradient(total, (kernels, bias))


def alone_on_both(codes, kernels, bias, upstream, padding):
    found = on_both_strands(codes[None], kernels[None], bias[None], upstream[None], padding)
    return [value[0].numpy() for value in found]


def check_both(codes, kernels, bias, upstream, padding):
    """Compare with a convolution of the kernels and of their explicit reverse complements; for one model."""
    score, position, reverse, d_kernels, d_bias = alone_on_both(codes, kernels, bias, upstream, padding)
    width = len(kernels)
    before = (width - 1) // 2 if padding == "same" else 0
    after = width - 1 - before if padding == "same" else 0
    padded = tf.constant(np.pad(one_hot(codes), ((0, 0), (before, after), (0, 0))))
    kernels, bias = tf.constant(kernels), tf.constant(bias)
    with tf.GradientTape() as tape:
        tape.watch((kernels, bias))
        forward, other = (tf.nn.conv1d(padded, one, 1, "VALID") + bias for one in (kernels, kernels[::-1, ::-1]))
        expected = tf.maximum(tf.reduce_max(forward, axis=1), tf.reduce_max(other, axis=1))
        total = tf.reduce_sum(expected * upstream)
    expected_d_kernels, expected_d_bias = tape.gradient(total, (kernels, bias))
    scale = np.abs(forward).max() + np.abs(other).max() + 1
    np.testing.assert_allclose(score, expected, rtol=1e-5, atol=1e-5 * scale)
    there = [np.take_along_axis(strand.numpy(), position[:, None], axis=1)[:, 0] for strand in (forward, other)]
    np.testing.assert_allclose(np.where(reverse, there[1], there[0]), expected, rtol=1e-5, atol=1e-5 * scale)
    np.testing.assert_allclose(d_bias, expected_d_bias, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(d_kernels, expected_d_kernels, rtol=1e-4, atol=1e-4 * np.abs(upstream).sum(axis=0).max())


def draw(seed, batch, length, kernel_length, kernels, with_n=0.1):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (batch, length)).astype(np.uint8)
    codes[rng.random(codes.shape) < with_n] = 4
    shape = (kernel_length, 4, kernels)
    return (
        codes,
        rng.normal(size=shape).astype(np.float32),
        rng.normal(size=kernels).astype(np.float32),
        rng.normal(size=(batch, kernels)).astype(np.float32),
    )


def check(codes, kernels, bias, upstream, padding):
    score, position, d_kernels, d_bias = alone(codes, kernels, bias, upstream, padding)
    expected, every, expected_d_kernels, expected_d_bias = (
        tensor.numpy() for tensor in by_convolution(codes, kernels, bias, upstream, padding)
    )
    scale = np.abs(every).max() + 1
    np.testing.assert_allclose(score, expected, rtol=1e-5, atol=1e-5 * scale)
    at_position = np.take_along_axis(every, position[:, None], axis=1)[:, 0]
    np.testing.assert_allclose(at_position, expected, rtol=1e-5, atol=1e-5 * scale)
    np.testing.assert_allclose(d_bias, expected_d_bias, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(d_kernels, expected_d_kernels, rtol=1e-4, atol=1e-4 * np.abs(upstream).sum(axis=0).max())


def test_by_hand():
    kernels = np.zeros((2, 4, 2), np.float32)
    kernels[0, 0, 0], kernels[1, 1, 0] = 1, 2  # reads AC
    kernels[0, 3, 1], kernels[1, 3, 1] = -1, -1  # dislikes T
    codes = to_codes(["GACAC", "TTTTT", "NNANN"])
    score, position, *_ = alone(codes, kernels, np.array([0.5, 0], np.float32), np.ones((3, 2), np.float32), "valid")
    # The first of equal windows counts; five Ts leave the second kernel nothing but -2; N scores zero.
    assert score.tolist() == [[3.5, 0.0], [0.5, -2.0], [1.5, 0.0]]
    assert position.tolist() == [[1, 0], [0, 0], [2, 0]]


def test_both_strands_by_hand():
    kernels = np.zeros((3, 4, 1), np.float32)
    kernels[0, 0], kernels[1, 1], kernels[2, 2] = 1, 2, 4  # reads ACG, and CGT on the other strand
    codes = to_codes(["TACGT", "TTCGT", "NCGTN", "AAAAA"])
    found = alone_on_both(codes, kernels, np.zeros(1, np.float32), np.ones((4, 1), np.float32), "valid")
    score, position, reverse, d_kernels, _ = (value[..., 0] for value in found)
    # ACG comes before CGT, forward; a window of equal strands is forward; T scores as A on the other strand.
    assert score.tolist() == [7, 7, 7, 1]
    assert position.tolist() == [1, 2, 1, 0]
    assert reverse.tolist() == [False, True, True, False]
    assert d_kernels.tolist() == [[4, 0, 0, 0], [1, 3, 0, 0], [1, 0, 3, 0]]


def test_a_word_that_is_its_own_reverse_complement_is_read_forward():
    kernels = np.random.default_rng(0).normal(size=(4, 4, 7)).astype(np.float32)
    kernels = kernels + kernels[::-1, ::-1]  # own reverse complements too
    codes = to_codes(["ACGT", "TTAA"])
    inputs = codes, kernels, np.zeros(7, np.float32), np.ones((2, 7), np.float32), "valid"
    _, position, reverse, *_ = alone_on_both(*inputs)
    assert not position.any() and not reverse.any()
    check_both(*inputs)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    batch=st.integers(1, 6),
    kernel_length=st.integers(1, 40),
    beyond=st.integers(0, 60),
    kernels=st.integers(1, 9),
    padding=st.sampled_from(["valid", "same"]),
)
def test_both_strands_equal_the_kernels_and_their_reverse_complements(
    seed, batch, kernel_length, beyond, kernels, padding
):
    check_both(*draw(seed, batch, kernel_length + beyond, kernel_length, kernels), padding)


def test_both_strands_of_long_sequences_in_several_blocks():
    check_both(*draw(3, 32, 1000, 24, 3), "valid")
    check_both(*draw(4, 131, 40, 15, 70), "same")


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    batch=st.integers(1, 6),
    kernel_length=st.integers(1, 60),
    beyond=st.integers(0, 60),
    kernels=st.integers(1, 9),
    padding=st.sampled_from(["valid", "same"]),
)
def test_equals_convolution_and_maximum(seed, batch, kernel_length, beyond, kernels, padding):
    check(*draw(seed, batch, kernel_length + beyond, kernel_length, kernels), padding)


def test_equals_convolution_on_long_sequences_and_several_blocks():
    check(*draw(0, 32, 2000, 24, 1), "valid")
    check(*draw(1, 131, 40, 15, 128), "same")
    check(*draw(1, 70, 40, 9, 131), "valid")


@pytest.mark.parametrize("windows", [1, 2, 3, 4, 7])
def test_equals_convolution_however_few_windows_there_are(windows):
    check(*draw(8, 3, 7 + windows - 1, 7, 2), "valid")


def test_equals_convolution_with_the_longest_kernel():
    check(*draw(2, 64, 300, 60, 4), "same")


@pytest.mark.parametrize("used", [1, 8, 17, 70])
def test_kernels_that_are_not_used_change_nothing(used):
    codes, kernels, bias, upstream = draw(9, 20, 50, 9, 70)
    kernels[..., used:], bias[used:], upstream[:, used:] = 0, 0, 0
    score, position, d_kernels, d_bias = (
        value[0].numpy()
        for value in compiled(codes[None], kernels[None], bias[None], upstream[None], "valid", tf.constant(used))
    )
    expected = alone(codes, kernels[..., :used], bias[:used], upstream[:, :used], "valid")
    for found, wanted in zip((score, position, d_kernels, d_bias), expected, strict=True):
        np.testing.assert_array_equal(found[..., :used], wanted)
    assert not score[:, used:].any() and not position[:, used:].any() and not d_kernels[..., used:].any()


def test_the_form_for_a_gpu(monkeypatch):
    for module in (scan_module, look_ups_module):
        monkeypatch.setattr(module, "on_gpu", lambda: True)
    check(*draw(7, 9, 37, 11, 21), "same")  # a shape of no other test, as traces are kept by shape
    check_both(*draw(7, 9, 37, 11, 21), "same")


def test_all_scores_negative():
    codes, kernels, bias, upstream = draw(2, 8, 50, 10, 4, with_n=0)
    check(codes, -np.abs(kernels), bias, upstream, "valid")


def test_ties_of_equal_windows_have_the_gradient_of_one():
    codes = to_codes(["ACGT" * 10, "AAAA" * 10])
    check(codes, *draw(3, 2, 40, 8, 5)[1:], "valid")


def test_only_n_scores_the_bias():
    codes, kernels, bias, upstream = draw(4, 3, 20, 7, 4)
    score, _, d_kernels, _ = alone(np.full_like(codes, 4), kernels, bias, upstream, "valid")
    np.testing.assert_allclose(score, np.broadcast_to(bias, (3, 4)))
    assert not d_kernels.any()


def test_the_same_bits_every_time():
    inputs = draw(5, 256, 101, 15, 32)
    first, second = (alone(*inputs, "valid") for _ in range(2))
    assert all(a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("batch, length", [(5, 30), (64, 700)])
def test_models_side_by_side_are_as_each_alone(batch, length):
    models = [draw(seed, batch, length, 7, 6) for seed in range(3)]
    together = compiled(*(np.stack(values) for values in zip(*models, strict=True)), "same")
    for number, model in enumerate(models):
        for one, all_of_them in zip(alone(*model, "same"), together, strict=True):
            np.testing.assert_array_equal(one, all_of_them[number])


def test_a_kernel_longer_than_the_sequence_is_refused():
    codes, kernels, bias, upstream = draw(6, 2, 5, 6, 3)
    with pytest.raises(ValueError, match="does not fit"):
        alone(codes, kernels, bias, upstream, "valid")
