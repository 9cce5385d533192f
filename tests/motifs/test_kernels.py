import numpy as np
import pytest
from convolution import plain_scores
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from deepprune.motifs.kernels import information_content, kernel_motifs

CODE = {base: code for code, base in enumerate("ACGTN")}


def coded(*sequences: str) -> np.ndarray:
    return np.array([[CODE[base] for base in sequence] for sequence in sequences], np.uint8)


def kernel_of(word: str) -> np.ndarray:
    """Scores one for each base that agrees with the word: (1, width, 4)."""
    return np.eye(5, dtype=np.float32)[coded(word), :4]


def test_deepbind_counts_the_best_windows() -> None:
    # Best windows ACG (3), ACT (2), ANG (2), CCC (1); half of the largest is 1.5.
    codes = coded("TTACG", "ACTTT", "TTANG", "CCCCC")
    (motif,) = kernel_motifs(codes, kernel_of("ACG"), np.zeros(1), np.array([-0.5]), min_sites=1, indices=[7])
    assert motif.counts.tolist() == [[3, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 1]]
    assert (motif.kernel, motif.weight, motif.nsites, motif.dead) == (7, -0.5, 3, False)
    assert motif.probabilities[1] == pytest.approx([0.025 / 2.1, 2.025 / 2.1, 0.025 / 2.1, 0.025 / 2.1])
    assert motif.motif is not None
    assert (motif.motif.name, motif.motif.alt, motif.motif.nsites) == ("kernel_7", "weight=-0.5", 3)


def test_koo_eddy_counts_every_window() -> None:
    # ACG twice (3), ACT (2): above 0.6 x 3 all of them, above the default of 0.7 the two.
    codes = coded("ACGACG", "TTTACT")
    kernels, bias, weights = kernel_of("ACG"), np.zeros(1), np.ones(1)
    (loose,) = kernel_motifs(codes, kernels, bias, weights, method="koo_eddy", threshold=0.6, min_sites=1)
    (strict,) = kernel_motifs(codes, kernels, bias, weights, method="koo_eddy", min_sites=1)
    assert loose.counts[2].tolist() == [0, 0, 2, 1]
    assert (loose.nsites, strict.nsites) == (3, 2)
    assert strict.counts.tolist() == [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0]]


def test_bias_takes_part_in_the_threshold() -> None:
    codes = coded("ACG", "ACT", "TTT")  # activations 2, 1, 0 with a bias of -1
    kernels, weights = kernel_of("ACG"), np.ones(1)
    (half,) = kernel_motifs(codes, kernels, np.array([-1.0]), weights, threshold=0.5)
    (any_,) = kernel_motifs(codes, kernels, np.array([-1.0]), weights, threshold=0.0)
    assert (half.nsites, any_.nsites) == (1, 2)


@pytest.mark.parametrize("method", ["deepbind", "koo_eddy"])
def test_dead_kernels(method: str) -> None:
    codes = coded(*["ACGT"] * 9)
    kernels = np.concatenate([kernel_of("ACG"), kernel_of("ACG")])
    few, silent = kernel_motifs(codes, kernels, np.array([0.0, -5.0]), np.ones(2), method=method)
    assert (few.nsites, few.dead, few.motif) == (9, True, None)
    assert (silent.nsites, silent.dead, silent.motif) == (0, True, None)
    assert silent.information_content == pytest.approx(0)
    with pytest.raises(ValueError, match="kernel 1 is dead"):
        silent.untrimmed()
    alive, silent = kernel_motifs(codes, kernels, np.array([0.0, -5.0]), np.ones(2), method=method, min_sites=0)
    assert (alive.dead, silent.dead) == (False, True)  # no site makes no motif, whatever is asked for


def test_no_pseudocount_and_no_sites() -> None:
    (motif,) = kernel_motifs(coded("TTT"), kernel_of("ACG"), np.zeros(1), np.ones(1), pseudocount=0)
    assert motif.probabilities == pytest.approx(np.full((3, 4), 0.25))


def test_flanks_are_trimmed() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, (400, 9), dtype=np.uint8)
    codes[:, 3], codes[:, 5] = 0, 2  # A.G, with a position of no information between
    kernels = np.zeros((1, 9, 4), np.float32)
    kernels[0, 3, 0] = kernels[0, 5, 2] = 1
    (motif,) = kernel_motifs(codes, kernels, np.zeros(1), np.ones(1))
    assert motif.motif is not None
    assert (motif.motif.width, motif.untrimmed().width) == (3, 9)
    assert motif.motif.consensus[::2] == "AG"
    assert motif.information[[3, 5]] == pytest.approx([2, 2], abs=0.01)
    assert motif.information_content == pytest.approx(motif.information.sum())
    (flat,) = kernel_motifs(codes[:, :3], kernels[:, 6:], np.ones(1), np.ones(1))
    assert (flat.dead, flat.motif) == (False, None)  # alive, but without a position worth a letter


def test_information_content() -> None:
    rows = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4, [0.7, 0.1, 0.1, 0.1]])
    assert information_content(rows) == pytest.approx([2, 1, 0, 0.643220], abs=1e-6)
    # 3 / (2 ln 2 x 10) = 0.216404
    assert information_content(rows, 10) == pytest.approx([1.783596, 0.783596, 0, 0.426816], abs=1e-6)


def test_small_sample_correction_lowers_information() -> None:
    codes = coded(*["ACG"] * 12)
    arguments = (codes, kernel_of("ACG"), np.zeros(1), np.ones(1))
    (plain,), (corrected,) = kernel_motifs(*arguments), kernel_motifs(*arguments, small_sample=True)
    assert plain.information - corrected.information == pytest.approx(np.full(3, 3 / (2 * np.log(2) * 12)))


def test_windows_that_an_end_cuts_off_are_no_sites() -> None:
    # With padding, the window that begins before CGTT scores two (its A lies outside); ACGT scores three.
    codes = coded("CGTT", "TACG")
    (motif,) = kernel_motifs(codes, kernel_of("ACG"), np.zeros(1), np.ones(1), padding="same", min_sites=1)
    assert (motif.nsites, motif.counts[:, :3].tolist()) == (1, np.eye(3, dtype=int).tolist())
    # CGTT by itself has nothing else.
    (none,) = kernel_motifs(coded("CGTT"), kernel_of("ACG"), np.zeros(1), np.ones(1), padding="same", min_sites=1)
    assert none.nsites == 0
    # Among all windows ACT scores two as well; with it the share is taken of the largest, cut off or not.
    arguments = coded("NCGT", "ACTT"), kernel_of("ACG"), np.zeros(1), np.ones(1)
    (every,) = kernel_motifs(*arguments, padding="same", method="koo_eddy", threshold=0.9)
    assert (every.nsites, every.counts[:, :4].argmax(axis=1).tolist()) == (2, [0, 1, 2])


def test_clipped_activations_share_one_cut() -> None:
    codes = coded("AAA", "AAC", "ACC")  # scores 30, 20, 10: clipped at 10, half of which all exceed
    kernels = 10 * kernel_of("AAA")
    (clipped,) = kernel_motifs(codes, kernels, np.zeros(1), np.ones(1), activation="clipped_leaky_relu")
    (plain,) = kernel_motifs(codes, kernels, np.zeros(1), np.ones(1))
    assert (clipped.nsites, plain.nsites) == (3, 2)


def test_unknown_method() -> None:
    with pytest.raises(ValueError, match="'mean' is not one of deepbind, koo_eddy"):
        kernel_motifs(coded("ACG"), kernel_of("ACG"), np.zeros(1), np.ones(1), method="mean")


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), threshold=st.floats(0, 0.95))
def test_koo_eddy_against_its_definition(seed: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (5, 12), dtype=np.uint8)
    kernels = rng.integers(-3, 4, (3, 4, 4)).astype(np.float32)
    bias = rng.integers(-2, 3, 3).astype(np.float32)
    found = kernel_motifs(codes, kernels, bias, np.ones(3), method="koo_eddy", threshold=threshold)
    scores = plain_scores(codes, kernels, bias)
    windows = sliding_window_view(codes, 4, axis=1)
    for kernel, motif in enumerate(found):
        sites = windows[scores[:, :, kernel] > np.float32(threshold * max(scores[:, :, kernel].max(), 0))]
        assert motif.nsites == len(sites)
        assert motif.counts.tolist() == [[int((column == base).sum()) for base in range(4)] for column in sites.T]
