import numpy as np
import pytest
import tensorflow as tf
from convolution import plain_scores
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.dna.codes import to_codes, to_text
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters
from deepprune.motifs.windows import (
    KernelBank,
    Windows,
    best_windows,
    count_best,
    count_every,
    cuts,
    is_site,
    letters_read,
    side_by_side,
)
from deepprune.training.stack import stacked


def bank_of(kernels: np.ndarray, bias: np.ndarray) -> KernelBank:
    return KernelBank(kernels, bias, np.ones(len(kernels)), np.arange(len(kernels)))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    width=st.integers(1, 9),
    extra=st.integers(0, 12),
    count=st.integers(1, 5),
    padding=st.sampled_from(["valid", "same"]),
    activation=st.sampled_from(["relu", "clipped_leaky_relu"]),
    strands=st.sampled_from(["one", "both"]),
)
def test_best_windows_are_those_of_a_convolution(
    seed: int, width: int, extra: int, count: int, padding: str, activation: str, strands: str
) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (6, width + extra), dtype=np.uint8)
    # Whole numbers, so that ties occur and are exact.
    kernels = rng.integers(-2, 3, (count, width, 4)).astype(np.float32)
    bias = rng.integers(-2, 3, count).astype(np.float32)
    windows = best_windows(codes, bank_of(kernels, bias), padding, activation, strands)
    before = (width - 1) // 2 if padding == "same" else 0
    after = width - 1 - before if padding == "same" else 0
    padded = np.pad(codes, ((0, 0), (before, after)), constant_values=4)
    scores = plain_scores(padded, kernels, bias)
    if strands == "both":  # the other strand after the forward one
        scores = np.concatenate([scores, plain_scores(padded, kernels[:, ::-1, ::-1], bias)], axis=1)
    best = scores.max(axis=1)
    expected = np.maximum(best, 0) if activation == "relu" else np.minimum(np.maximum(best, 0.5 * best), 10)
    assert np.array_equal(windows.activations, expected)
    first, count = scores.argmax(axis=1), padded.shape[1] - width + 1
    assert np.array_equal(windows.start, first % count - before)
    assert np.array_equal(windows.reverse, first >= count)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("activation", ["relu", "clipped_leaky_relu"])
@pytest.mark.parametrize("strands", ["one", "both"])
def test_activations_are_the_network_s(padding: str, activation: str, strands: str) -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, (40, 30), dtype=np.uint8)
    kernels = rng.normal(0, 2, (7, 4, 6)).transpose(2, 0, 1).astype(np.float32)
    network = Parameters(kernels, rng.normal(0, 1, 6).astype(np.float32), np.ones((6, 1)), np.zeros(1))
    activations, _, reverse = best_windows(codes, side_by_side([network]), padding, activation, strands)
    assert reverse.any() == (strands == "both")
    architecture = FewKernel(6, 7, padding, activation, strands)
    state = stacked([architecture.initial_state()])
    expected = architecture.features(stacked([architecture.packed(network)]), state, tf.constant(codes[None]))[0, :, :6]
    # Of two strands, the better one rarely scores below zero.
    negative = activation != "relu" and strands == "one"
    assert (activations.min() < 0, activations.max() > 10) == (negative, activation == "relu")
    assert activations == pytest.approx(expected.numpy(), rel=1e-5, abs=1e-5)


def test_sequences_shorter_than_the_kernel() -> None:
    bank = bank_of(np.ones((1, 4, 4), np.float32), np.zeros(1))
    with pytest.raises(ValueError, match="length 4 does not fit into sequences of length 3"):
        best_windows(to_codes(["ACG"]), bank)
    activations, start, _ = best_windows(to_codes(["ACG"]), bank, "same")
    assert (activations.tolist(), start.tolist()) == ([[3]], [[-1]])
    counts, sites = count_every(to_codes(["ACG"]), bank, np.zeros(1, np.float32))
    assert (counts.sum(), sites.tolist()) == (0, [0])


def test_cuts_are_shares_of_the_largest_and_never_negative() -> None:
    activations = np.array([[1, -3], [4, -1]], np.float32)
    assert cuts(activations, 0.5).tolist() == [2, 0]
    assert cuts(activations[:0], 0.5).tolist() == [0, 0]


def test_sites_exceed_the_cut_and_lie_within_the_sequence() -> None:
    forward = np.zeros((1, 4), bool)
    windows = Windows(np.array([[3, 3, 2, 3]], np.float32), np.array([[0, 5, 1, -1]], np.int32), forward)
    assert is_site(windows, np.full(4, 2, np.float32), 4).tolist() == [[True, False, False, False]]


def test_counted_letters() -> None:
    codes = to_codes(["ACGTN", "TTACG"])
    reverse = np.array([[False, True], [False, False]])
    windows = Windows(np.array([[2, 2], [2, 1]], np.float32), np.array([[0, 2], [2, 0]], np.int32), reverse)
    counts, sites = count_best(codes, windows, np.ones(2, np.float32), 3)
    assert sites.tolist() == [2, 1]
    assert counts[0].tolist() == [[2, 0, 0, 0, 0], [0, 2, 0, 0, 0], [0, 0, 2, 0, 0]]
    assert counts[1].tolist() == [[0, 0, 0, 0, 1], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]]  # GTN read as NAC


def test_every_window_is_one_site_on_its_better_strand() -> None:
    kernel = np.eye(4, dtype=np.float32)[to_codes(["ACC"])]
    # ACC and GGT score 3; ACG, CGT (read ACG) and ACT score 2.
    codes = to_codes(["ACCNGGT", "ACGTACT"])
    counts, sites = count_every(codes, bank_of(kernel, np.zeros(1)), np.full(1, 2.5, np.float32), "both")
    assert (sites.tolist(), counts[0].tolist()) == ([2], [[2, 0, 0, 0, 0], [0, 2, 0, 0, 0], [0, 2, 0, 0, 0]])
    counts, sites = count_every(codes, bank_of(kernel, np.zeros(1)), np.full(1, 1.5, np.float32), "both")
    assert sites.tolist() == [5] and counts[0, :, :4].tolist() == [[5, 0, 0, 0], [0, 5, 0, 0], [0, 2, 2, 1]]
    _, sites = count_every(codes, bank_of(kernel, np.zeros(1)), np.full(1, 1.5, np.float32))
    assert sites.tolist() == [3]


def test_networks_side_by_side_keep_their_kernels_numbers() -> None:
    rng = np.random.default_rng(0)
    networks = [
        Parameters(rng.normal(size=(count, 5, 4)), rng.normal(size=count), rng.normal(size=(count, 1)), np.zeros(1))
        for count in (2, 3)
    ]
    bank = side_by_side(networks)
    assert (bank.kernels.shape, bank.width, bank.numbers.tolist()) == ((5, 5, 4), 5, [0, 1, 0, 1, 2])
    assert np.array_equal(bank.kernels[3], networks[1].kernels[1])
    assert bank.weights.tolist() == [*networks[0].weights[:, 0], *networks[1].weights[:, 0]]


def test_of_several_tasks_the_strongest_weight_counts() -> None:
    weights = np.array([[1, -3, 2], [0.5, 0.4, 0]])
    network = Parameters(np.zeros((2, 5, 4)), np.zeros(2), weights, np.zeros(3))
    assert side_by_side([network]).weights.tolist() == [-3, 0.5]


def test_windows_of_some_sequences_and_kernels() -> None:
    reverse = np.array([[False] * 3, [False, False, True]])
    windows = Windows(np.arange(6).reshape(2, 3), np.arange(6, 12).reshape(2, 3), reverse)
    part = windows.of(np.array([False, True]), slice(1, 3))
    assert [values.tolist() for values in part] == [[[4, 5]], [[10, 11]], [[False, True]]]
    # On the other strand of a sequence of 14 with kernels of 3, which end where they began
    assert [values.tolist() for values in part.turned(11)] == [[[4, 5]], [[1, 0]], [[True, False]]]


def test_letters_are_those_that_kernels_read() -> None:
    codes = to_codes(["AACGN", "TTGCA"])
    start = np.array([[1, -1, 3], [2, 0, 4]], np.int32)
    reverse = np.array([[False, False, True], [True, False, False]])
    letters = letters_read(codes, Windows(np.zeros((2, 3), np.float32), start, reverse), 3)
    assert [to_text(row) for row in letters] == [["ACG", "NAA", "NNC"], ["TGC", "TTG", "ANN"]]
