"""Motif occupancy: instances of a motif that are bound and such that are not, matched in GC content and strength.

Bins of two columns from which the larger class is thinned out: the sequence-set balancing of Whitaker, Chen & Wang
2015, https://doi.org/10.1038/nmeth.3065
"""

import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.bins import merged
from deepprune.data.dataset import TRAIN, Dataset
from deepprune.data.origins import Origins
from deepprune.data.seeds import sequence_ranks
from deepprune.data.skipped import COLUMNS, DUPLICATE, skipped_rows
from deepprune.data.stream import guess_format
from deepprune.dna.codes import gc_counts, record_keys
from deepprune.errors import InputError
from deepprune.io.files import open_text
from deepprune.io.genome import check_names, cut_known, open_genome
from deepprune.io.peaks import read_peaks

CENTRED, FREE = "centred", "free"
OCCUPANCY = "occupancy"
# Columns of the table of instances, a BED file of nine, that are read
INSTANCE = {0: "chrom", 1: "start", 2: "end", 5: "strand", 8: "p-value"}
EXACT = 1e-9  # of a bin's width; 0.3 / 0.1 is not quite 3
HEAD = 20  # lines that tell the format of peaks


class Files(NamedTuple):
    """What sites are made of.

    peaks: narrowPeak or BED.  genome: plain FASTA.  instances: of one motif in it, as `deepprune hits` writes them.
    """

    peaks: str
    genome: str
    instances: str


class Plan(NamedTuple):
    """How sites are labelled and matched.

    window: bp of the sequences.  gc, strength: widths of the bins of GC content, a share, and of -log10 of the p-value.
    position: CENTRED, the sequences are centred on instances; or FREE, positives are centred on the summits of peaks
    and hold an instance anywhere.  seed: of the choice of those that stay.
    """

    window: int
    gc: float
    strength: float
    position: str
    seed: int


class Sites(NamedTuple):
    """Sequences that hold an instance.

    codes: uint8 (n, window).  places: columns of Peak, with the window's start and end.  strength: of their instance,
    -log10 of the p-value, float64 (n,).  bound: bool (n,).
    """

    codes: np.ndarray
    places: pd.DataFrame
    strength: np.ndarray
    bound: np.ndarray

    def take(self, kept: np.ndarray) -> "Sites":
        """Return the sites of a mask."""
        return Sites(self.codes[kept], self.places[kept], self.strength[kept], self.bound[kept])


class Occupied(NamedTuple):
    """A data set of bound and unbound sites; the number of rows it is from; those without a sequence; the matching.

    matching: a row for each bin: gc, strength (its lower edges), bound, unbound (sites in it), matched (of each that
    stay).
    """

    dataset: Dataset
    rows: int
    skipped: pd.DataFrame
    matching: pd.DataFrame


def read_occupancy(files: Files, plan: Plan) -> Occupied:
    """Return bound and unbound sites of a motif, equally many in each bin of GC content and strength.

    Instances on chromosomes without peaks do not count, nor all but the strongest of those with one middle. InputError
    if no bound or no unbound site is left.
    """
    peaks = read_any_peaks(files.peaks)
    with open_genome(files.genome) as genome:
        check_names(peaks["chrom"], genome, files.peaks)
        found = read_instances(files.instances)
        found = strongest(found[found["chrom"].isin(peaks["chrom"])])
        codes, places, reasons = cut_known(found, genome, plan.window)
        sites = Sites(codes, places, places["strength"].to_numpy(), overlapped(places, peaks))
        rows, skipped = len(found), skipped_rows(found, reasons)
        if plan.position == FREE:
            codes, places, reasons = cut_known(peaks, genome, plan.window)
            own = strength_within(places, found)
            summits = Sites(codes, places, own, np.ones(len(own), bool)).take(own > 0)
            sites = joined(sites.take(~sites.bound), summits)
            rows, skipped = rows + len(peaks), pd.concat([skipped, skipped_rows(peaks, reasons)], ignore_index=True)
    sites, doubles = without_duplicates(sites)
    return matched_sites(sites, rows, pd.concat([skipped, doubles], ignore_index=True), plan, files)


def matched_sites(sites: Sites, rows: int, skipped: pd.DataFrame, plan: Plan, files: Files) -> Occupied:
    """Return the sites that stay after matching."""
    for kind, number in (("bound", int(sites.bound.sum())), ("unbound", int((~sites.bound).sum()))):
        if not number:
            raise InputError(
                f"{files.peaks}: none of {rows} instances of the motif is {kind}; check the target of the row, or "
                "raise occupancy.p_value"
            )
    bins = joint_bins(gc_counts(sites.codes) / plan.window, sites.strength, plan)
    kept = match(bins, sites.bound, sequence_ranks(sites.codes, np.arange(len(bins)), plan.seed, OCCUPANCY))
    if not kept.any():
        raise InputError(
            f"{files.peaks}: no bin of GC content and motif strength holds both bound and unbound instances "
            f"({sites.bound.sum()} and {(~sites.bound).sum()}); widen occupancy.gc or occupancy.strength"
        )
    stay = sites.take(kept)
    labels = stay.bound.astype(np.uint8)[:, None]
    made = Dataset(stay.codes, labels, np.full(len(labels), TRAIN, np.uint8), origins=Origins.of_table(stay.places))
    return Occupied(made, rows, skipped, matching_table(bins, sites.bound, kept, plan))


def read_any_peaks(path: str) -> pd.DataFrame:
    """Return the peaks of a narrowPeak or BED file; the format is told from its first lines."""
    with open_text(path) as file:
        format = guess_format(list(itertools.islice(file, HEAD)), path)
    if format == "fasta":
        raise InputError(f"{path} holds sequences (FASTA), not peaks; give narrowPeak or BED")
    return read_peaks(path, format)


def read_instances(path: str) -> pd.DataFrame:
    """Return the instances of a motif in a genome: the columns of Peak, the middle as summit, and strength."""
    if not Path(path).stat().st_size:
        raise InputError(f"{path} is empty: the genome holds no instance of the motif; raise occupancy.p_value")
    types = {"chrom": str, "start": np.int64, "end": np.int64, "strand": str, "p-value": float}
    names = [INSTANCE.get(column, str(column)) for column in range(max(INSTANCE) + 1)]
    table = pd.read_csv(
        path, sep="\t", header=None, names=names, usecols=list(INSTANCE.values()), dtype=types, keep_default_na=False
    )
    table["summit"] = (table["start"] + table["end"]) // 2
    table["strength"] = -np.log10(table.pop("p-value"))
    places = zip(table["chrom"], table["start"], table["end"], strict=True)
    table["name"] = [f"{chrom}:{start}-{end}" for chrom, start, end in places]
    return table


def strongest(found: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest of the instances with one middle, the forward one if both are equal, by place."""
    ordered = found.sort_values(["chrom", "summit", "strength", "strand"], ascending=[True, True, False, True])
    return ordered.drop_duplicates(["chrom", "summit"], ignore_index=True)


def overlapped(places: pd.DataFrame, peaks: pd.DataFrame) -> np.ndarray:
    """Return which places share a base with a peak, bool (n,)."""
    found = np.zeros(len(places), bool)
    chroms = places["chrom"].to_numpy()
    starts, ends = (places[column].to_numpy() for column in ("start", "end"))
    for chrom, own in peaks.groupby("chrom"):
        rows = np.flatnonzero(chroms == chrom)
        first, last = merged(own["start"].to_numpy(np.int64), own["end"].to_numpy(np.int64))
        before = np.searchsorted(last, starts[rows], "right")  # peaks that end before the place begins
        found[rows] = np.searchsorted(first, ends[rows], "left") > before
    return found


def strength_within(places: pd.DataFrame, found: pd.DataFrame) -> np.ndarray:
    """Return the strength of the strongest instance wholly inside of each place, 0 without one: float64 (n,).

    found: as `strongest` returns them, instances of one width.
    """
    most = np.zeros(len(places))
    chroms = places["chrom"].to_numpy()
    starts, ends = (places[column].to_numpy() for column in ("start", "end"))
    for chrom, own in found.groupby("chrom"):
        rows = np.flatnonzero(chroms == chrom)
        first = np.searchsorted(own["start"], starts[rows], "left")
        counts = np.maximum(0, np.searchsorted(own["end"], ends[rows], "right") - first)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        strengths = own["strength"].to_numpy()[np.repeat(first, counts) + within]
        np.maximum.at(most, np.repeat(rows, counts), strengths)
    return most


def joined(one: Sites, other: Sites) -> Sites:
    """Return the sites of both."""
    codes, strength, bound = (
        np.concatenate([getattr(sites, name) for sites in (one, other)]) for name in ("codes", "strength", "bound")
    )
    return Sites(codes, pd.concat([one.places, other.places], ignore_index=True), strength, bound)


def without_duplicates(sites: Sites) -> tuple[Sites, pd.DataFrame]:
    """Return the first site of each sequence and class, and the others as skipped rows.

    This precedes the matching, which would otherwise lose members of its pairs.
    """
    pairs = zip(sites.codes, sites.bound.tolist(), strict=True)
    keys = record_keys(bytes([bound]) + codes.tobytes() for codes, bound in pairs)
    _, first = np.unique(keys, return_index=True)
    kept = np.zeros(len(keys), bool)
    kept[first] = True
    left = sites.places[~kept]
    return sites.take(kept), skipped_rows(left[list(COLUMNS[:-1])], [DUPLICATE] * len(left))


def joint_bins(gc: np.ndarray, strength: np.ndarray, plan: Plan) -> np.ndarray:
    """Return the bins of GC content and strength, int64 (n, 2): bin i begins at i times its width."""
    return np.stack([np.floor(gc / plan.gc + EXACT), np.floor(strength / plan.strength + EXACT)], 1).astype(np.int64)


def match(bins: np.ndarray, bound: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return which sites stay, bool (n,): of each bin equally many of both classes, all of the smaller one.

    bins: int64 (n, columns).  bound: bool (n,).  order: the sites' numbers, those that are kept first in front.
    """
    kept = np.zeros(len(bound), bool)
    if not len(bound):
        return kept
    _, number = np.unique(bins, axis=0, return_inverse=True)
    group = 2 * number.reshape(-1) + bound
    counts = np.bincount(group, minlength=2 * (int(number.max()) + 1))
    of_both = counts.reshape(-1, 2).min(axis=1)
    ordered = order[np.argsort(group[order], kind="stable")]
    place = np.arange(len(ordered)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept[ordered] = place < of_both[group[ordered] // 2]
    return kept


def matching_table(bins: np.ndarray, bound: np.ndarray, kept: np.ndarray, plan: Plan) -> pd.DataFrame:
    """Return the number of sites in each bin that has any, before and after matching; see Occupied."""
    table = pd.DataFrame({"gc": bins[:, 0] * plan.gc, "strength": bins[:, 1] * plan.strength})
    counts = table.assign(bound=bound.astype(int), unbound=(~bound).astype(int), matched=(kept & bound).astype(int))
    return counts.groupby(["gc", "strength"], as_index=False).sum()
