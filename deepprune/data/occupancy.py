"""Motif occupancy: instances of a motif that are bound and such that are not, matched in GC content and strength.

Bins of two columns from which the larger class is thinned out: the sequence-set balancing of Whitaker, Chen & Wang
2015, https://doi.org/10.1038/nmeth.3065
"""

import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.data.bins import merged
from deepprune.data.dataset import TRAIN, Dataset
from deepprune.data.origins import Origins
from deepprune.data.reduce import MOST
from deepprune.data.seeds import sequence_keys, sequence_ranks
from deepprune.data.skipped import DUPLICATE, skipped_rows
from deepprune.data.stream import guess_format
from deepprune.dna.codes import gc_counts, to_codes
from deepprune.errors import InputError
from deepprune.io.files import open_text
from deepprune.io.genome import check_names, cut_known, fetch_windows, open_genome
from deepprune.io.peaks import read_peaks

CENTRED, FREE = "centred", "free"
OCCUPANCY = "occupancy"
# Columns of the table of instances, a BED file of nine, that are read
INSTANCE = {0: "chrom", 1: "start", 2: "end", 5: "strand", 8: "p-value"}
EXACT = 1e-9  # of a bin's width; 0.3 / 0.1 is not quite 3
CHUNK = 65_536  # windows cut at once
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
    and hold an instance anywhere.  seed: of the choice of those that stay.  most: how many sites of each class stay at
    most; None: all that match.
    """

    window: int
    gc: float
    strength: float
    position: str
    seed: int
    most: int | None = None


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

    Of equal sequences of a class the first by place counts. InputError if no bound or no unbound site is left.
    """
    with open_genome(files.genome) as genome:
        sites, rows, skipped = labelled_sites(files, genome, plan)
        # Duplicates would leave the data set later, and their partners would stay.
        double = sites.duplicated(["key", "bound"])
        skipped = pd.concat([skipped, left_out(sites, double.map({True: DUPLICATE, False: ""}))], ignore_index=True)
        sites = sites[~double]
        bound = sites["bound"].to_numpy()
        check_classes(bound, files.peaks)
        bins = joint_bins(sites["gc"].to_numpy() / plan.window, sites["strength"].to_numpy(), plan)
        kept = match(bins, bound, np.argsort(sites["key"].to_numpy(), kind="stable"))
        check_kept(kept, bound, files.peaks)
        codes = to_codes(fetch_windows(sites[kept], genome))
        few = thinned(codes, bins[kept], bound[kept], plan)
        kept[kept] = few
        stay, codes = named(sites[kept]), codes[few]
    labels = bound[kept].astype(np.uint8)[:, None]
    made = Dataset(codes, labels, np.full(len(codes), TRAIN, np.uint8), origins=Origins.of_table(stay))
    return Occupied(made, rows, skipped, matching_table(bins, bound, kept, plan))


def labelled_sites(files: Files, genome: pyfaidx.Faidx, plan: Plan) -> tuple[pd.DataFrame, int, pd.DataFrame]:
    """Return all sites with a window, the number of instances and peaks that they are from, and those without a window.

    The columns of sites are those of `measured`, strength and bound. Instances on chromosomes without peaks do not
    count, nor all but the strongest of those with one middle.
    """
    peaks = read_any_peaks(files.peaks)
    check_names(peaks["chrom"], genome, files.peaks)
    found = read_instances(files.instances)
    found = strongest(found[found["chrom"].isin(peaks["chrom"])])
    sites, reasons = measured(found, genome, plan)
    sites["bound"] = overlapped(sites, peaks)
    skipped = left_out(found, reasons)
    if plan.position == CENTRED:
        return sites, len(found), skipped
    summits, reasons = measured(peaks, genome, plan)
    summits = summits.assign(strength=strength_within(summits, found), bound=True)
    both = [sites[~sites["bound"]], summits[summits["strength"] > 0]]
    skipped = pd.concat([skipped, left_out(peaks, reasons)], ignore_index=True)
    return pd.concat(both, ignore_index=True), len(found) + len(peaks), skipped


def measured(places: pd.DataFrame, genome: pyfaidx.Faidx, plan: Plan) -> tuple[pd.DataFrame, "pd.Series[str]"]:
    """Return the places that have a window around their summit, and why the others have none.

    start, end: those of the window.  gc: its bases G and C.  key: of its sequence, in a random order.  The sequences
    themselves are left: there may be millions, of which few stay.
    """
    parts, reasons = [], []
    for first in range(0, max(1, len(places)), CHUNK):
        codes, used, why = cut_known(places.iloc[first : first + CHUNK], genome, plan.window)
        parts.append(used.assign(gc=gc_counts(codes), key=sequence_keys(codes, plan.seed, OCCUPANCY)))
        reasons.append(why)
    return pd.concat(parts), pd.concat(reasons)


def check_classes(bound: np.ndarray, where: str) -> None:
    """Raise InputError if there is no bound or no unbound site."""
    for kind, number in (("bound", bound.sum()), ("unbound", (~bound).sum())):
        if not number:
            raise InputError(
                f"{where}: none of {len(bound)} instances of the motif is {kind}; check the target of the row, or "
                "raise occupancy.p_value"
            )


def check_kept(kept: np.ndarray, bound: np.ndarray, where: str) -> None:
    """Raise InputError if the matching leaves no site."""
    if not kept.any():
        raise InputError(
            f"{where}: no bin of GC content and motif strength holds both bound and unbound instances "
            f"({bound.sum()} and {(~bound).sum()}); widen occupancy.gc or occupancy.strength"
        )


def left_out(places: pd.DataFrame, reasons: "pd.Series[str]") -> pd.DataFrame:
    """Return the places with a reason as skipped rows."""
    left = reasons != ""
    return skipped_rows(named(places[left]), reasons[left])


def named(places: pd.DataFrame) -> pd.DataFrame:
    """Return places with names; an instance, which has none, is called by its own place, chrom:start-end."""
    missing = places["name"].isna()
    if not missing.any():
        return places
    own = places.loc[missing, ["chrom", "summit", "size"]].astype({"summit": int, "size": int})
    starts = own["summit"] - own["size"] // 2
    rows = zip(own["chrom"], starts, starts + own["size"], strict=True)
    names = pd.Series([f"{chrom}:{start}-{end}" for chrom, start, end in rows], own.index, dtype=object)
    return places.assign(name=places["name"].astype(object).where(~missing, names))


def read_any_peaks(path: str) -> pd.DataFrame:
    """Return the peaks of a narrowPeak or BED file; the format is told from its first lines."""
    with open_text(path) as file:
        format = guess_format(list(itertools.islice(file, HEAD)), path)
    if format == "fasta":
        raise InputError(f"{path} holds sequences (FASTA), not peaks; give narrowPeak or BED")
    return read_peaks(path, format)


def read_instances(path: str) -> pd.DataFrame:
    """Return the instances of a motif in a genome: the columns of Peak, size (bp) and strength.

    Names are missing; see `named`. The summit is the middle, of an even number of bases the first of the right half.
    """
    if not Path(path).stat().st_size:
        raise InputError(f"{path} is empty: the genome holds no instance of the motif; raise occupancy.p_value")
    types = {"chrom": str, "start": np.int64, "end": np.int64, "strand": str, "p-value": float}
    names = [INSTANCE.get(column, str(column)) for column in range(max(INSTANCE) + 1)]
    table = pd.read_csv(
        path, sep="\t", header=None, names=names, usecols=list(INSTANCE.values()), dtype=types, keep_default_na=False
    )
    table["size"] = table["end"] - table["start"]
    table["summit"] = (table["start"] + table["end"]) // 2
    table["strength"] = -np.log10(table.pop("p-value"))
    table["name"] = None
    return table


def strongest(found: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest of the instances with one middle, the forward one if both are equal, by place."""
    ordered = found.sort_values(["chrom", "summit", "strength", "strand"], ascending=[True, True, False, True])
    return ordered.drop_duplicates(["chrom", "summit"], ignore_index=True)


def overlapped(places: pd.DataFrame, peaks: pd.DataFrame) -> np.ndarray:
    """Return which places share a base with a peak: bool (n,)."""
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


def joint_bins(gc: np.ndarray, strength: np.ndarray, plan: Plan) -> np.ndarray:
    """Return the bins of GC content and strength, int64 (n, 2): bin i begins at i times its width."""
    return np.stack([np.floor(gc / plan.gc + EXACT), np.floor(strength / plan.strength + EXACT)], 1).astype(np.int64)


def match(bins: np.ndarray, bound: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return which sites stay, bool (n,): of each bin equally many of both classes, all of the smaller one.

    bins: int64 (n, columns), zero or more.  bound: bool (n,).  order: the sites' numbers, those to keep in front.
    """
    kept = np.zeros(len(bound), bool)
    if not len(bound):
        return kept
    joint = np.zeros(len(bins), np.int64)
    for column in bins.T:
        joint = joint * (column.max() + 1) + column
    _, number = np.unique(joint, return_inverse=True)
    group = 2 * number + bound
    counts = np.bincount(group, minlength=2 * (int(number.max()) + 1))
    of_both = counts.reshape(-1, 2).min(axis=1)
    ordered = order[np.argsort(group[order], kind="stable")]
    place = np.arange(len(ordered)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept[ordered] = place < of_both[group[ordered] // 2]
    return kept


def thinned(codes: np.ndarray, bins: np.ndarray, bound: np.ndarray, plan: Plan) -> np.ndarray:
    """Return which matched sites are among the most that may stay, bool (n,): of each bin equally many of both classes.

    The ranks are not those of the matching: the first of these lie in the bins that lost most.  codes: uint8
    (n, length).  bins: int64 (n, columns).  bound: bool (n,).
    """
    stay = np.ones(len(bound), bool)
    if plan.most is None or plan.most >= bound.sum():
        return stay
    order = sequence_ranks(codes, np.arange(len(bound)), plan.seed, MOST)
    stay[order[bound[order]][plan.most :]] = False
    places = np.cumsum(stay) - 1  # among those left
    stay[stay] = match(bins[stay], bound[stay], places[order[stay[order]]])
    return stay


def matching_table(bins: np.ndarray, bound: np.ndarray, kept: np.ndarray, plan: Plan) -> pd.DataFrame:
    """Return the number of sites in each bin that has any, before and after matching; see Occupied."""
    table = pd.DataFrame({"gc": bins[:, 0] * plan.gc, "strength": bins[:, 1] * plan.strength})
    counts = table.assign(bound=bound.astype(int), unbound=(~bound).astype(int), matched=(kept & bound).astype(int))
    return counts.groupby(["gc", "strength"], as_index=False).sum()
