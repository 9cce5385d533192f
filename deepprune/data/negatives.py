"""Negatives that are made: dinucleotide shuffles, or windows of the genome beside the peaks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.data.dataset import Dataset
from deepprune.data.origins import Origins
from deepprune.data.readers import GENOMIC, SHUFFLE
from deepprune.data.seeds import sequence_ranks, stable_seed
from deepprune.dna.codes import gc_counts, record_keys, to_codes
from deepprune.io.genome import fetch_windows


def add_shuffles(positives: Dataset, seed: int) -> Dataset:
    """Return the positives and one dinucleotide shuffle of each, in the positive's part of the split.

    A shuffle depends on its sequence alone, not on the rest of the file.
    """
    from deepprune.dna.shuffle import dinucleotide_shuffle  # imported here: simulated sets need no numba

    keys = record_keys(map(np.ndarray.tobytes, positives.codes))
    codes = dinucleotide_shuffle(positives.codes, stable_seed(seed, SHUFFLE), keys)
    return joined(positives, codes, Origins.nowhere(len(codes), named(positives, SHUFFLE)))


def match_windows(
    positives: Dataset, genome: pyfaidx.Faidx, taken: pd.DataFrame, seed: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Choose a window of the genome for each positive; return which have one, and chrom, start and end of theirs.

    The windows lie side by side on a grid with a random start on each chromosome, so that none overlaps another. They
    are free of N, as the positives are; they do not overlap a positive nor what is taken (a table of chrom, start and
    end); they lie on the chromosomes of the positives of their part of the split; and their GC content is in the
    positive's bin of 0.02. All such windows are equally likely. Which positives go without if too few are left is
    random.
    """
    from deepprune.data.tiles import GC_BINS, gc_bin, tiles_of  # compiled code, as the shuffle

    chrom, width = positives.origins.chrom, positives.codes.shape[1]
    rng = np.random.default_rng(stable_seed(seed, GENOMIC))
    tiles = tiles_of(genome, sorted(set(chrom.tolist())), width, rng)
    tiles.take(taken)
    tiles.take(pd.DataFrame({"chrom": chrom, "start": positives.origins.start, "end": positives.origins.end}))
    bins = gc_bin(gc_counts(positives.codes), width)
    windows = np.full(len(chrom), -1)
    for chroms, members in pools(chrom, positives.split):
        rows = sequence_ranks(positives.codes, members, seed, GENOMIC)
        drawn = tiles.draw(np.bincount(bins[rows], minlength=GC_BINS), chroms, rng)
        for number, found in enumerate(drawn):
            windows[rows[bins[rows] == number][: len(found)]] = found
    matched = windows >= 0
    return matched, tiles.places(windows[matched])


def pools(chrom: np.ndarray, split: np.ndarray) -> list[tuple[set[str], np.ndarray]]:
    """Return the chromosomes and rows of the parts of a split; parts that share a chromosome are one."""
    found: list[tuple[set[str], np.ndarray]] = []
    for part in np.unique(split):
        own = set(chrom[split == part].tolist())
        own = own.union(*(chroms for chroms, _ in found if chroms & own))
        found = [pool for pool in found if not pool[0] & own]
        found.append((own, np.flatnonzero(np.isin(chrom, list(own)))))
    return found


def add_windows(positives: Dataset, genome: pyfaidx.Faidx, places: pd.DataFrame) -> Dataset:
    """Return the positives and a window of the genome for each, in the positive's part of the split.

    places: chrom, start and end of the windows, a row for each positive.
    """
    codes = to_codes(fetch_windows(places, genome)).reshape(positives.codes.shape)
    chrom, start, end = (places[column].to_numpy() for column in ("chrom", "start", "end"))
    return joined(positives, codes, Origins(named(positives, GENOMIC), chrom, start, end, ["."] * len(codes)))


def named(positives: Dataset, kind: str) -> np.ndarray:
    """Return the names of negatives made for positives: the positive's, and the kind after a slash."""
    return np.asarray(np.char.add(positives.origins.name, f"/{kind}"))


def joined(positives: Dataset, codes: np.ndarray, origins: Origins) -> Dataset:
    """Return positives and negatives with these codes and origins, each in its positive's part of the split."""
    negatives = replace(positives, codes=codes, labels=np.zeros_like(positives.labels), origins=origins)
    return Dataset.join([positives, negatives])
