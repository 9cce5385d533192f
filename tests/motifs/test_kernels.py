import numpy as np
import pytest
from convolution import plain_scores
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from deepprune.io.motif import information_content
from deepprune.motifs.kernels import KernelMotif, Reading, kernel_motifs
from deepprune.motifs.windows import KernelBank, best_windows

CODE = {base: code for code, base in enumerate("ACGTN")}


def coded(*sequences: str) -> np.ndarray:
    return np.array([[CODE[base] for base in sequence] for sequence in sequences], np.uint8)


def kernel_of(word: str) -> np.ndarray:
    """Scores one for each base that agrees with the word: (1, width, 4)."""
    return np.eye(5, dtype=np.float32)[coded(word), :4]


def bank_of(*kernels: np.ndarray, bias: float | list[float] | np.ndarray = 0, weight: float = 1) -> KernelBank:
    """Kernels of one network, their output weights all the same."""
    count = sum(map(len, kernels))
    return KernelBank(np.concatenate(kernels), np.resize(bias, count), np.full(count, weight), np.arange(count))


def only(codes: np.ndarray, bank: KernelBank, **reading) -> KernelMotif:
    """Return the motif of a bank's only kernel."""
    (motif,) = kernel_motifs(codes, bank, Reading(**reading))
    return motif


def test_best_window_counts_the_best_windows() -> None:
    # Best windows ACG (3), ACT (2), ANG (2), CCC (1); half of the largest is 1.5.
    codes = coded("TTACG", "ACTTT", "TTANG", "CCCCC")
    motif = only(codes, bank_of(kernel_of("ACG"), weight=-0.5)._replace(numbers=np.array([7])), min_sites=1)
    assert motif.full.counts.tolist() == [[3, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 1]]
    assert (motif.kernel, motif.weight, motif.full.sites, motif.dead) == (7, -0.5, 3, False)
    assert motif.full.probabilities[1] == pytest.approx([0.025 / 2.1, 2.025 / 2.1, 0.025 / 2.1, 0.025 / 2.1])
    assert motif.trimmed is not None
    assert (motif.trimmed.name, motif.trimmed.alt, motif.trimmed.sites) == ("kernel_7", "weight=-0.5", 3)
    assert motif.trimmed.counts.tolist() == motif.full.counts.tolist()


def test_every_window_is_counted() -> None:
    # ACG twice (3), ACT (2): above 0.6 x 3 all of them, above the default of 0.7 the two.
    codes = coded("ACGACG", "TTTACT")
    bank = bank_of(kernel_of("ACG"))
    loose = only(codes, bank, method="every_window", threshold=0.6, min_sites=1)
    strict = only(codes, bank, method="every_window", min_sites=1)
    assert loose.full.counts[2].tolist() == [0, 0, 2, 1]
    assert (loose.full.sites, strict.full.sites) == (3, 2)
    assert strict.full.counts.tolist() == [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0]]


def test_bias_takes_part_in_the_threshold() -> None:
    codes, bank = coded("ACG", "ACT", "TTT"), bank_of(kernel_of("ACG"), bias=-1)  # activations 2, 1, 0
    half, any_ = (only(codes, bank, threshold=threshold) for threshold in (0.5, 0.0))
    assert (half.full.sites, any_.full.sites) == (1, 2)


@pytest.mark.parametrize("method", ["best_window", "every_window"])
def test_dead_kernels(method: str) -> None:
    codes = coded(*["ACGT"] * 9)
    bank = bank_of(kernel_of("ACG"), kernel_of("ACG"), bias=[0.0, -5.0])
    few, silent = kernel_motifs(codes, bank, Reading(method))
    assert (few.full.sites, few.dead, few.trimmed, few.trimmed_start) == (9, True, None, 0)
    assert (silent.full.sites, silent.dead, silent.trimmed) == (0, True, None)
    assert few.information_content == silent.information_content == 0
    alive, silent = kernel_motifs(codes, bank, Reading(method, min_sites=0))
    assert (alive.dead, silent.dead) == (False, True)  # without sites there is no motif, whatever the options


def test_no_pseudocount_and_no_sites() -> None:
    motif = only(coded("TTT"), bank_of(kernel_of("ACG")), pseudocount=0)
    assert motif.full.probabilities == pytest.approx(np.full((3, 4), 0.25))


def test_flanks_are_trimmed() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, (400, 9), dtype=np.uint8)
    codes[:, 3], codes[:, 5] = 0, 2  # A.G, with a position of no information between
    kernels = np.zeros((1, 9, 4), np.float32)
    kernels[0, 3, 0] = kernels[0, 5, 2] = 1
    motif = only(codes, bank_of(kernels))
    assert motif.trimmed is not None
    assert (motif.trimmed.width, motif.full.width, motif.trimmed_start) == (3, 9, 3)
    assert motif.trimmed.consensus[::2] == "AG"
    assert motif.information[[3, 5]] == pytest.approx([2, 2], abs=0.01)
    assert motif.information_content == pytest.approx(motif.information.sum())
    flat = only(codes[:, :3], bank_of(kernels[:, 6:], bias=1))
    assert (flat.dead, flat.trimmed) == (False, None)  # alive, but without an informative position


def test_information_content() -> None:
    rows = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4, [0.7, 0.1, 0.1, 0.1]])
    assert information_content(rows) == pytest.approx([2, 1, 0, 0.643220], abs=1e-6)
    # 3 / (2 ln 2 x 10) = 0.216404
    assert information_content(rows, 10) == pytest.approx([1.783596, 0.783596, 0, 0.426816], abs=1e-6)


def test_small_sample_correction_lowers_information() -> None:
    codes, bank = coded(*["ACG"] * 12), bank_of(kernel_of("ACG"))
    plain, corrected = (only(codes, bank, small_sample=small_sample) for small_sample in (False, True))
    assert plain.information - corrected.information == pytest.approx(np.full(3, 3 / (2 * np.log(2) * 12)))


def test_windows_that_an_end_cuts_off_are_no_sites() -> None:
    # With padding, the window that begins before CGTT scores two (its A lies outside); ACGT scores three.
    bank = bank_of(kernel_of("ACG"))
    motif = only(coded("CGTT", "TACG"), bank, padding="same", min_sites=1)
    assert (motif.full.sites, motif.full.counts[:, :3].tolist()) == (1, np.eye(3, dtype=int).tolist())
    # CGTT by itself has nothing else.
    assert only(coded("CGTT"), bank, padding="same", min_sites=1).full.sites == 0
    # Among all windows ACT scores two as well; with it the share is taken of the largest, cut off or not.
    every = only(coded("NCGT", "ACTT"), bank, padding="same", method="every_window", threshold=0.9)
    assert (every.full.sites, every.full.counts.argmax(axis=1).tolist()) == (2, [0, 1, 2])


def test_clipped_activations_have_one_cut() -> None:
    codes = coded("AAA", "AAC", "ACC")  # scores 30, 20, 10: clipped at 10, half of which all exceed
    bank = bank_of(10 * kernel_of("AAA"))
    clipped, plain = (only(codes, bank, activation=activation) for activation in ("clipped_leaky_relu", "relu"))
    assert (clipped.full.sites, plain.full.sites) == (3, 2)


def test_known_windows_are_not_sought_again() -> None:
    codes, bank = coded(*["ACG"] * 10, *["TTT"] * 5), bank_of(kernel_of("ACG"))
    first = best_windows(codes, bank).of(slice(0, 8))
    (motif,) = kernel_motifs(codes[:8], bank, Reading(), first)
    assert motif.full.sites == 8


def test_unknown_method() -> None:
    with pytest.raises(ValueError, match="'mean' is not one of best_window, every_window"):
        Reading("mean")


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), threshold=st.floats(0, 0.95))
def test_every_window_against_its_definition(seed: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (5, 12), dtype=np.uint8)
    kernels = rng.integers(-3, 4, (3, 4, 4)).astype(np.float32)
    bias = rng.integers(-2, 3, 3).astype(np.float32)
    found = kernel_motifs(codes, bank_of(kernels, bias=bias), Reading("every_window", threshold))
    scores = plain_scores(codes, kernels, bias)
    windows = sliding_window_view(codes, 4, axis=1)
    for kernel, motif in enumerate(found):
        sites = windows[scores[:, :, kernel] > np.float32(threshold * max(scores[:, :, kernel].max(), 0))]
        assert motif.full.sites == len(sites)
        assert motif.full.counts.tolist() == [[int((column == base).sum()) for base in range(4)] for column in sites.T]
