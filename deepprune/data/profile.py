"""The composition of a data set's classes: GC content and dinucleotides."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from deepprune.data.dataset import Dataset
from deepprune.dna.codes import BASES, N_CODE, gc_counts, kmer_counts, reverse_complement, to_text

GC, DINUCLEOTIDE = "gc", "dinucleotide"
WIDTH = 0.04  # of the bins of GC content
CHUNK = 10_000  # sequences counted at once


def profile(dataset: Dataset) -> pd.DataFrame:
    """Return the composition of positives and negatives, a tidy table.

    kind: gc or dinucleotide.  value: the start of a bin of GC content, or a dinucleotide with its reverse complement.
    positives, negatives: the share of the class's sequences, or of its dinucleotides without N.
    """
    classes = {"positives": dataset.positive(), "negatives": ~dataset.positive()}
    parts = []
    for kind, shares in ((GC, gc_shares), (DINUCLEOTIDE, dinucleotide_shares)):
        columns = {name: shares(map(dataset.codes.__getitem__, dataset.chunks(rows))) for name, rows in classes.items()}
        parts.append(pd.DataFrame(columns).rename_axis("value").reset_index())
        parts[-1].insert(0, "kind", kind)
    return pd.concat(parts, ignore_index=True)


def gc_shares(chunks: Iterable[np.ndarray]) -> "pd.Series[float]":
    """Return the share of sequences in each bin of GC content, by the bin's start; chunks: codes."""
    bins = round(1 / WIDTH)
    counts = np.zeros(bins, np.int64)
    for codes in chunks:
        bases = np.maximum(1, (codes != N_CODE).sum(axis=1))
        counts += np.bincount(np.minimum(gc_counts(codes) * bins // bases, bins - 1), minlength=bins)
    return pd.Series(counts / max(1, counts.sum()), [f"{i * WIDTH:.2f}" for i in range(bins)])


def dinucleotide_shares(chunks: Iterable[np.ndarray]) -> "pd.Series[float]":
    """Return the share of each dinucleotide, one name for it and its reverse complement: `AC/GT`, `AT`."""
    words = np.stack(np.unravel_index(np.arange(16), (4, 4)), axis=1).astype(np.uint8)
    pairs = [
        sorted({word, other}) for word, other in zip(to_text(words), to_text(reverse_complement(words)), strict=True)
    ]
    counts = np.zeros(len(BASES) ** 2, np.int64)
    for codes in chunks:
        for first in range(0, len(codes), CHUNK):
            counts += kmer_counts(codes[first : first + CHUNK], 2).sum(axis=0)
    summed = pd.Series(counts / max(1, counts.sum())).groupby(["/".join(pair) for pair in pairs]).sum()
    return summed.sort_index()
