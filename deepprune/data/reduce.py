"""Data sets reduced to a number of sequences of each class."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.seeds import sequence_ranks

MOST = "most"  # the purpose of the random choice, apart from that of parts


def at_most(dataset: Dataset, most: int, seed: int) -> Dataset:
    """Return a data set of at most so many sequences of each class, in their order, from each part its share.

    The rank of a sequence depends on nothing but the sequence: those of a smaller number are among those of a larger.
    """
    positive, kept = dataset.positive(), np.zeros(len(dataset.codes), bool)
    for label in (True, False):
        parts = [np.flatnonzero((dataset.split == part) & (positive == label)) for part in (TRAIN, VALIDATION, TEST)]
        for rows, number in zip(parts, shares([len(rows) for rows in parts], most), strict=True):
            chosen = rows if number == len(rows) else sequence_ranks(dataset.codes, rows, seed, MOST)[:number]
            kept[chosen] = True
    return dataset if kept.all() else dataset.take(kept)


def shares(counts: Sequence[int], most: int) -> list[int]:
    """Return how many of each part stay if at most so many of all do: the counts in proportion, rounded.

    Of two parts that are not empty, neither gets smaller as the number grows.
    """
    total = sum(counts)
    if total <= most:
        return list(counts)
    bounds = [(2 * most * upto + total) // (2 * total) for upto in accumulate(counts, initial=0)]
    return [last - first for first, last in pairwise(bounds)]
