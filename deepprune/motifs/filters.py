"""Filters of convolutions as motifs: the letters of the windows that activate them, at any layer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from deepprune.io.motif import Motif, information_content
from deepprune.jit import njit
from deepprune.models.conv_settings import Field

# Batches of codes, uint8 (some, length), and activations, float32 (some, positions, filters); each call begins anew
Batches = Callable[[], Iterable[tuple[np.ndarray, np.ndarray]]]


class FilterReading(NamedTuple):
    """How windows become motifs.

    threshold: share of a filter's largest activation that a window's must exceed.  every: whether all such windows
    count, those that an end of the sequence cuts off included; otherwise only the best of each sequence, if it is
    whole.  weighted: whether a window counts as much as its activation.  width: of the windows in bp, which have the
    same centre as the receptive field; None for that field itself.  trim: bits; the motif is kept from the first to the
    last position with more, and `flank` positions on either side.
    """

    threshold: float
    every: bool
    weighted: bool
    width: int | None = None
    trim: float = 0.5
    flank: int = 0


@dataclass(frozen=True, eq=False)
class FilterMotif:
    """The motif of a filter.

    filter: its number.  full: at the width of the windows; None without a letter.  trimmed: without uninformative
    flanks; the full motif if all of it is uninformative.  windows: their number.  bits: over all positions.
    """

    filter: int
    full: Motif | None
    trimmed: Motif | None
    windows: int
    bits: float


def filter_motifs(batches: Batches, field: Field, reading: FilterReading) -> list[FilterMotif]:
    """Return the motif of each filter of a layer.  field: of its units."""
    largest = np.stack([activations.max(axis=(0, 1)) for _, activations in batches()]).max(axis=0)
    cuts = (reading.threshold * np.maximum(largest, 0)).astype(np.float32)
    width = reading.width or field.width
    start = field.start - (width - field.width) // 2
    counts, windows = np.zeros((len(cuts), width, 4)), np.zeros(len(cuts), np.int64)
    for codes, activations in batches():
        found = activations if reading.every else _best_alone(activations, start, field.jump, codes.shape[1] - width)
        _add_every(codes, found, cuts, (start, field.jump), reading.weighted, counts, windows)
    return [_motif(number, counts[number], int(windows[number]), reading) for number in range(len(cuts))]


def _best_alone(activations: np.ndarray, start: int, jump: int, last: int) -> np.ndarray:
    """Return activations that are 0, which is no window, but at the first best position of each sequence and filter.

    They are 0 there too if the window is not whole. start, jump: of the windows; last: the start of the last whole one.
    """
    best = activations.argmax(axis=1)[:, None]
    starts = start + jump * best
    values = np.take_along_axis(activations, best, axis=1)
    alone = np.zeros_like(activations)
    np.put_along_axis(alone, best, np.where((starts >= 0) & (starts <= last), values, 0), axis=1)
    return alone


def _motif(number: int, counts: np.ndarray, windows: int, reading: FilterReading) -> FilterMotif:
    if not counts.any():  # without a window, or with windows of N alone
        return FilterMotif(number, None, None, windows, 0.0)
    # Weights are activations, which have no unit: counts are scaled to the number of windows.
    full = Motif.of_counts(f"filter{number}", "", counts * (windows / counts.sum(axis=1).max()), windows)
    information = information_content(full.probabilities)
    (kept,) = np.nonzero(information > reading.trim)
    trimmed = full
    if len(kept):
        trimmed = full.at(slice(max(kept[0] - reading.flank, 0), kept[-1] + 1 + reading.flank))
    return FilterMotif(number, full, trimmed, windows, float(information.sum()))


@njit(cache=True, nogil=True)
def _add(codes: np.ndarray, row: int, start: int, weight: float, counts: np.ndarray) -> None:
    """Add the letters of a window to the counts of a filter."""
    for base in range(len(counts)):
        place = start + base
        if 0 <= place < codes.shape[1] and codes[row, place] < 4:
            counts[base, codes[row, place]] += weight


@njit(cache=True, nogil=True)
def _add_every(
    codes: np.ndarray,
    activations: np.ndarray,
    cuts: np.ndarray,
    places: tuple[int, int],
    weighted: bool,
    counts: np.ndarray,
    windows: np.ndarray,
) -> None:
    """Add all windows above the cuts. places: the start of the first window, and from one to the next."""
    for row in range(activations.shape[0]):
        for position in range(activations.shape[1]):
            for number in range(len(cuts)):
                value = activations[row, position, number]
                if value > cuts[number]:
                    start = places[0] + places[1] * position
                    _add(codes, row, start, value if weighted else 1.0, counts[number])
                    windows[number] += 1
