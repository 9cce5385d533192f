from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.dna.codes import to_codes
from deepprune.models.conv_settings import Field
from deepprune.motifs.filters import Batches, FilterMotif, FilterReading, filter_motifs

EVERY = FilterReading(threshold=0.5, every=True, weighted=True)
BEST = FilterReading(threshold=0.7, every=False, weighted=False)
CENTRED = Field(3, -1, 1)


def batched(texts: Sequence[str], activations: np.ndarray, size: int = 1000) -> Batches:
    """Return sequences and activations in batches of this size."""
    codes, values = to_codes(texts), np.asarray(activations, np.float32)
    return lambda: ((codes[at : at + size], values[at : at + size]) for at in range(0, len(codes), size))


def active(shape: tuple[int, int, int], values: dict[tuple[int, int, int], float]) -> np.ndarray:
    """Return activations that are zero but at some (sequence, position, filter)."""
    found = np.zeros(shape)
    for place, value in values.items():
        found[place] = value
    return found


# The second window has exactly half of the largest activation; the first letter of the third lies before its sequence.
TEXTS = ["ACGTACGT", "GGCCAATT"]
VALUES = active((2, 8, 2), {(0, 2, 0): 4, (0, 6, 0): 2, (1, 0, 0): 3, (1, 4, 0): 2.9})


def test_weighted_windows_by_hand() -> None:
    found, dead = filter_motifs(batched(TEXTS, VALUES), CENTRED, EVERY)
    assert (found.filter, found.windows, dead.filter) == (0, 3, 1)
    # CGT by 4, .GG by 3, CAA by 2.9
    counts = np.array([[0, 6.9, 0, 0], [2.9, 0, 7, 0], [2.9, 0, 3, 4]])
    assert found.full is not None and found.full.sites == 3
    np.testing.assert_allclose(found.full.counts, counts * 3 / 9.9, rtol=1e-6)
    np.testing.assert_allclose(found.full.probabilities, counts / counts.sum(axis=1, keepdims=True), rtol=1e-6)
    entropy = [-(p * np.log2(p)).sum() for p in (np.array([2.9, 7]) / 9.9, np.array([2.9, 3, 4]) / 9.9)]
    assert found.bits == pytest.approx(6 - sum(entropy), rel=1e-6)


def test_windows_that_count_alike_by_hand() -> None:
    found, _ = filter_motifs(batched(TEXTS, VALUES), CENTRED, EVERY._replace(weighted=False))
    assert found.full is not None
    assert found.full.counts.tolist() == [[0, 2, 0, 0], [1, 0, 2, 0], [1, 0, 1, 1]]


def test_the_best_window_counts_only_if_it_is_whole() -> None:
    found, _ = filter_motifs(batched(TEXTS, VALUES), CENTRED, BEST)
    # The best of the second sequence is cut off, and its second best is above the cut of 2.8, but not the best.
    assert found.windows == 1 and found.full is not None and found.full.consensus == "CGT"
    later = VALUES.copy()
    later[1, 0, 0] = 2.8
    found, _ = filter_motifs(batched(TEXTS, later), CENTRED, BEST)
    assert found.windows == 2 and found.full is not None
    assert found.full.counts.tolist() == [[0, 2, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]]


def test_of_equal_windows_of_a_sequence_the_first_is_the_best() -> None:
    values = active((1, 8, 1), {(0, 3, 0): 1, (0, 5, 0): 1})
    (found,) = filter_motifs(batched(["AACGTTGC"], values), CENTRED, BEST)
    assert found.windows == 1 and found.full is not None and found.full.consensus == "CGT"


def test_the_last_whole_window_counts() -> None:
    for position, windows in ((0, 0), (1, 1), (6, 1), (7, 0)):
        (found,) = filter_motifs(batched(TEXTS[:1], active((1, 8, 1), {(0, position, 0): 1})), CENTRED, BEST)
        assert found.windows == windows


@pytest.mark.parametrize("reading", [EVERY, BEST])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_a_filter_that_is_never_active_is_dead(reading: FilterReading, value: float) -> None:
    (found,) = filter_motifs(batched(TEXTS, np.full((2, 8, 1), value)), CENTRED, reading)
    assert vars(found) == vars(FilterMotif(0, None, None, 0, 0.0))


@pytest.mark.parametrize("reading", [EVERY, BEST])
def test_windows_of_n_alone_give_no_motif(reading: FilterReading) -> None:
    values = active((1, 8, 1), {(0, 4, 0): 1})
    (found,) = filter_motifs(batched(["ACNNNNNA"], values), CENTRED, reading)
    assert (found.full, found.trimmed, found.windows, found.bits) == (None, None, 1, 0.0)


def test_n_counts_for_no_base() -> None:
    values = active((2, 8, 1), {(0, 4, 0): 1, (1, 4, 0): 1})
    (found,) = filter_motifs(batched(["AAACNAAA", "AAAGNTAA"], values), CENTRED, BEST)
    assert found.full is not None
    assert found.full.probabilities.tolist() == [[0, 0.5, 0.5, 0], [0.25] * 4, [0.5, 0, 0, 0.5]]


def test_the_largest_activation_is_that_of_all_batches() -> None:
    values = active((2, 8, 1), {(0, 2, 0): 1, (1, 4, 0): 4})
    (found,) = filter_motifs(batched(TEXTS, values, size=1), CENTRED, EVERY)
    assert found.windows == 1 and found.full is not None and found.full.consensus == "CAA"


@pytest.mark.parametrize(
    ("width", "consensus"), [(None, "CGT"), (1, "G"), (2, "GT"), (3, "CGT"), (4, "CGTA"), (5, "ACGTA"), (7, "AACGTAC")]
)
def test_windows_have_the_centre_of_the_field(width: int | None, consensus: str) -> None:
    values = active((1, 8, 1), {(0, 2, 0): 1})
    (found,) = filter_motifs(batched(TEXTS[:1], values), CENTRED, EVERY._replace(width=width))
    # Of windows of 7, the first letter lies before the sequence.
    assert found.full is not None and found.full.consensus == consensus


def test_units_behind_a_pool_begin_a_jump_apart() -> None:
    # Fields: -1 to 2, 2 to 5, 5 to 8
    field, text = Field(4, -1, 3), "ACGTTGCAA"
    for position, cut, whole in ((0, "AACG", False), (1, "GTTG", True), (2, "GCAA", True)):
        values = active((1, 3, 1), {(0, position, 0): 1})
        (every,) = filter_motifs(batched([text], values), field, EVERY)
        (best,) = filter_motifs(batched([text], values), field, BEST)
        assert every.full is not None and every.full.consensus == cut and best.windows == whole


# Positions of two, no, two, no, two, one and no bits among four sequences
STRIPES = ["GAAACAA", "GCACCAC", "GGAGCCG", "GTATCCT"]


@pytest.mark.parametrize(
    ("trim", "flank", "kept"),
    [
        (0.5, 0, slice(0, 6)),
        (1.0, 0, slice(0, 5)),  # more than that is needed
        (1.0, 1, slice(0, 6)),
        (1.0, 3, slice(0, 7)),
        (2.0, 0, slice(0, 7)),  # without any position, all are kept
    ],
)
def test_uninformative_flanks_are_cut_off(trim: float, flank: int, kept: slice) -> None:
    values = active((4, 7, 1), {(row, 3, 0): 1 for row in range(4)})
    reading = BEST._replace(trim=trim, flank=flank)
    (found,) = filter_motifs(batched(STRIPES, values), Field(7, -3, 1), reading)
    assert found.bits == 7 and found.full is not None and found.trimmed is not None
    assert np.array_equal(found.trimmed.probabilities, found.full.probabilities[kept])
    assert found.trimmed.sites == 4


def test_a_flank_before_the_informative_part() -> None:
    values = active((4, 7, 1), {(row, 3, 0): 1 for row in range(4)})
    turned = [text[::-1] for text in STRIPES]
    (found,) = filter_motifs(batched(turned, values), Field(7, -3, 1), BEST._replace(trim=1.0, flank=1))
    assert found.trimmed is not None and found.full is not None
    assert np.array_equal(found.trimmed.probabilities, found.full.probabilities[1:])


def plain(codes: np.ndarray, values: np.ndarray, field: Field, reading: FilterReading) -> tuple[np.ndarray, int]:
    """Return counts and number of windows of one filter, by definition."""
    width = reading.width or field.width
    shift = field.start - (width - field.width) // 2
    counts, windows = np.zeros((width, 4)), 0
    cut = np.float32(reading.threshold * max(values.max(), 0))
    for row, own in zip(codes, values, strict=True):
        for position in range(len(own)) if reading.every else [int(own.argmax())]:
            start = position * field.jump + shift
            if own[position] > cut and (reading.every or 0 <= start <= len(row) - width):
                windows += 1
                for base, place in enumerate(range(start, start + width)):
                    if 0 <= place < len(row) and row[place] < 4:
                        counts[base, row[place]] += own[position] if reading.weighted else 1
    return counts, windows


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    every=st.booleans(),
    weighted=st.booleans(),
    width=st.none() | st.integers(1, 9),
    field=st.builds(Field, st.integers(1, 9), st.integers(-9, 2), st.integers(1, 4)),
    size=st.integers(1, 6),
)
def test_counts_are_those_of_the_definition(
    seed: int, every: bool, weighted: bool, width: int | None, field: Field, size: int
) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (6, 20)).astype(np.uint8)
    # Whole numbers, so that ties and values at the cut occur
    values = np.maximum(rng.integers(-3, 5, (6, -(-20 // field.jump), 3)), 0).astype(np.float32)
    reading = FilterReading(0.5, every, weighted, width)
    batches = lambda: ((codes[at : at + size], values[at : at + size]) for at in range(0, 6, size))  # noqa: E731
    for number, found in enumerate(filter_motifs(batches, field, reading)):
        counts, windows = plain(codes, values[:, :, number], field, reading)
        assert (found.filter, found.windows) == (number, windows)
        if counts.any():
            assert found.full is not None
            np.testing.assert_allclose(found.full.counts, counts * windows / counts.sum(axis=1).max(), rtol=1e-6)
        else:
            assert found.full is None and found.trimmed is None and found.bits == 0
