"""Log-odds scores of motifs, and their p-values.

As FIMO computes them (Grant, Bailey & Noble 2011): scores are rounded to a grid, on which the p-values are exact.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from deepprune.io.motif import Motif

PSEUDOCOUNT = 0.1  # sites
STEPS = 1000  # of the grid, at most, between the smallest and the largest entry of a matrix


class Scoring(NamedTuple):
    """A motif's log-odds matrix on its grid, and the p-values of scores.

    steps: int64 (width, 4), entries counted from `lowest` in steps of 1 / per_bit.  lowest: bits.  p_values: float64,
    the probability that the steps of a random word sum to this index or more.
    """

    steps: np.ndarray
    per_bit: int
    lowest: int
    p_values: np.ndarray

    @property
    def width(self) -> int:
        return len(self.steps)

    def bits(self, sums: np.ndarray) -> np.ndarray:
        """Return sums of steps as scores in bits."""
        return sums / self.per_bit + self.width * self.lowest

    def limit(self, p_value: float) -> int:
        """Return the smallest sum of steps whose p-value is at most this; beyond the largest sum if there is none."""
        return int(np.searchsorted(-self.p_values, -p_value))


def scoring(motif: Motif, background: Sequence[float]) -> Scoring:
    """Return the scores of a motif; background: frequencies of A C G T, positive, of which the p-values are."""
    frequencies = np.array(background) / np.sum(background)
    smoothed = (motif.probabilities * motif.sites + PSEUDOCOUNT * frequencies) / (motif.sites + PSEUDOCOUNT)
    odds = np.log2(smoothed / frequencies)
    # Whole numbers of bits and of steps per bit make zero a point of the grid.
    lowest = int(np.floor(odds.min() if odds.min() < odds.max() else odds.min() - 1))
    per_bit = max(1, int(STEPS // (odds.max() - lowest)))
    steps = np.floor((odds - lowest) * per_bit + 0.5).astype(np.int64)
    return Scoring(steps, per_bit, lowest, tails(steps, frequencies))


def tails(steps: np.ndarray, frequencies: np.ndarray) -> np.ndarray:
    """Return the probabilities that the steps of a random word sum to each number or more: float64 (largest sum + 1,).

    steps: int64 (width, 4), zero or more.  frequencies: of the word's letters.
    """
    density = np.ones(1)
    for row in steps:
        longer = np.zeros(len(density) + row.max())
        for step, frequency in zip(row, frequencies, strict=True):
            longer[step : step + len(density)] += frequency * density
        density = longer
    return np.minimum(np.cumsum(density[::-1])[::-1], 1)


def both_ways(background: Sequence[float]) -> tuple[float, ...]:
    """Return the mean frequencies of A C G T on both strands."""
    return tuple((one + other) / 2 for one, other in zip(background, background[::-1], strict=True))
