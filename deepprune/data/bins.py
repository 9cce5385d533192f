"""Data sets of several tasks from peak files: bins of a genome that peaks cover."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.data.dataset import TRAIN, Dataset
from deepprune.data.origins import Origins
from deepprune.data.split import by_chromosome
from deepprune.data.tasks import read_peak_files
from deepprune.errors import InputError
from deepprune.io.genome import check_names, cut_known, open_genome
from deepprune.io.npz import scratch_array
from deepprune.io.peaks import Peak, read_peaks

CHUNK = 8192  # windows cut at once
EXACT = 1e-9  # bp; a share of the width such as 0.1 * 30 may be off by a rounding


class Plan(NamedTuple):
    """The options of `bins`.

    width, window: bp.  share: a bin is positive if more than this share of it is covered.  test, validation: names of
    chromosomes.
    """

    width: int
    share: float
    window: int
    test: Sequence[str]
    validation: Sequence[str]


class Binned(NamedTuple):
    """A data set of bins. bins: all that are positive, with the columns of Peak.  reasons: why they have no window."""

    dataset: Dataset
    bins: pd.DataFrame
    reasons: "pd.Series[str]"


def read_bins(path: str, genome_path: str, plan: Plan, folder: str) -> Binned:
    """Return the bins that are positive in a task of a table of peak files, with windows around them, and their split.

    folder: where arrays lie that memory might not hold. InputError if a task has no bin, or if there is none on a
    chromosome of the split.
    """
    tasks = read_peak_files(path)
    peaks = [read_peaks(task.cell, "bed") for task in tasks]  # of a narrowPeak, too, only the place counts
    covered = [covered_bins(table, plan) for table in peaks]
    for task, of_task in zip(tasks, covered, strict=True):
        if not of_task:
            raise InputError(
                f"{task.where}: no bin of {plan.width} bp is covered by more than {plan.share:g} by peaks of task "
                f"{task.name}; leave the task out, or lower bins.width or bins.share"
            )
    bins, labels = table_of_bins(covered, plan.width)
    with open_genome(genome_path) as genome:
        for task, table in zip(tasks, peaks, strict=True):
            check_names(table["chrom"], genome, task.cell)
        codes, places, reasons = cut_in_chunks(bins, genome, plan.window, folder)
    used = (reasons == "").to_numpy()
    names = tuple(task.name for task in tasks)
    made = Dataset(codes, labels[used], np.full(len(codes), TRAIN, np.uint8), names, Origins.of_table(places))
    if len(codes):  # otherwise the reasons are what is wrong
        made = by_chromosome(made, {"test": plan.test, "validation": plan.validation}, path, "bins")
    return Binned(made, bins, reasons)


def cut_in_chunks(
    bins: pd.DataFrame, genome: pyfaidx.Faidx, width: int, folder: str
) -> tuple[np.ndarray, pd.DataFrame, "pd.Series[str]"]:
    """Return the same as cut_known, by chunks and with the codes in a file of the folder."""
    codes, used = scratch_array((len(bins), width), folder), 0
    places, reasons = [], []
    for first in range(0, len(bins), CHUNK):
        windows, cut, why = cut_known(bins.iloc[first : first + CHUNK], genome, width)
        codes[used : used + len(windows)] = windows
        used += len(windows)
        places.append(cut)
        reasons.append(why)
    return codes[:used], pd.concat(places), pd.concat(reasons)


def covered_bins(peaks: pd.DataFrame, plan: Plan) -> dict[str, np.ndarray]:
    """Return the numbers of the bins, ascending, that peaks of one task cover by more than the share, by chromosome.

    Bin i of a chromosome begins at i * width. Chromosomes without such a bin are left out.
    """
    found = {}
    for chrom, own in peaks.groupby("chrom"):
        starts, ends = merged(own["start"].to_numpy(np.int64), own["end"].to_numpy(np.int64))
        touched = touched_bins(starts, ends, plan.width)
        overlap = covered_until(starts, ends, (touched + 1) * plan.width) - covered_until(
            starts, ends, touched * plan.width
        )
        numbers = touched[overlap > plan.share * plan.width + EXACT]
        if len(numbers):
            found[str(chrom)] = numbers
    return found


def merged(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the union of intervals as starts and ends of intervals that neither overlap nor touch, ascending."""
    order = np.argsort(starts, kind="stable")
    order = order[starts[order] < ends[order]]
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    opens = np.ones(len(starts), bool)
    opens[1:] = starts[1:] > reach[:-1]
    return starts[opens], reach[np.roll(opens, -1)]


def touched_bins(starts: np.ndarray, ends: np.ndarray, width: int) -> np.ndarray:
    """Return the numbers of the bins that hold a base of merged intervals, ascending."""
    first, behind = starts // width, (ends - 1) // width + 1
    counts = behind - first
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.unique(np.repeat(first, counts) + within)


def covered_until(starts: np.ndarray, ends: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return how many bases before each place lie in merged intervals."""
    if not len(starts):
        return np.zeros(len(places), np.int64)
    before = np.concatenate([[0], np.cumsum(ends - starts)])
    last = np.searchsorted(starts, places, "right") - 1  # the last interval that begins there or before
    known = np.maximum(last, 0)
    within = np.minimum(places, ends[known]) - starts[known]
    return np.where(last < 0, 0, before[known] + within)


def table_of_bins(covered: Sequence[Mapping[str, np.ndarray]], width: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the bins of all tasks with the columns of Peak, and their labels, uint8 (bins, tasks).

    covered: the numbers of each task's bins by chromosome. Bins are in the order of chromosomes' names and of places;
    the summit of a bin is its middle.
    """
    chroms = sorted({chrom for of_task in covered for chrom in of_task})
    numbers = {chrom: np.unique(np.concatenate([one[chrom] for one in covered if chrom in one])) for chrom in chroms}
    labels = np.zeros((sum(map(len, numbers.values())), len(covered)), np.uint8)
    first = 0
    for chrom in chroms:
        for task, of_task in enumerate(covered):
            labels[first + np.searchsorted(numbers[chrom], of_task.get(chrom, [])), task] = 1
        first += len(numbers[chrom])
    start = np.concatenate([numbers[chrom] for chrom in chroms]) * width
    names = np.repeat(np.array(chroms, object), [len(numbers[chrom]) for chrom in chroms])
    bins = pd.DataFrame({"chrom": names, "start": start, "end": start + width, "summit": start + width // 2})
    bins["name"] = [f"{chrom}:{at}-{at + width}" for chrom, at in zip(names.tolist(), start.tolist(), strict=True)]
    bins["strand"] = "."
    return bins[list(Peak._fields)], labels
