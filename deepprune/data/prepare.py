"""Preparation of a data set: sequences, negatives, split, summary."""

import itertools
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.config.flags import flagged
from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.duplicates import drop_duplicates
from deepprune.data.formats import FORMATS
from deepprune.data.negatives import add_shuffles, add_windows, match_windows
from deepprune.data.profile import profile
from deepprune.data.readers import GENOMIC, MADE, SHUFFLE, DataOptions, Row, most_of
from deepprune.data.reduce import at_most
from deepprune.data.skipped import REMEDIES, REPEATED, UNMATCHED, counted, skipped_origins
from deepprune.data.split import by_chromosome, hold_out, overlapping
from deepprune.dna.codes import N_CODE, gc_counts
from deepprune.errors import InputError
from deepprune.io.files import write_atomic
from deepprune.io.genome import check_names, open_genome
from deepprune.io.peaks import read_peaks

CLASSES = {"positives": True, "negatives": False}
PARTS = {"train": TRAIN, "validation": VALIDATION, "test": TEST}


class DatasetFiles(NamedTuple):
    """The files of a prepared data set: the data set itself (.npz), and tables of text.

    implanted: of motif instances, and matching: of the bins of matched sites, for formats that have them.
    """

    data: str | Path
    summary: str | Path
    windows: str | Path
    skipped: str | Path
    profile: str | Path
    implanted: str | Path | None = None
    matching: str | Path | None = None


class Prepared(NamedTuple):
    """A data set, the rows that are not in it (see `skipped_rows`), its summary of one row, further tables by name."""

    dataset: Dataset
    skipped: pd.DataFrame
    summary: pd.DataFrame
    beside: Mapping[str, pd.DataFrame]


def prepare_dataset(row: Row, options: DataOptions, files: DatasetFiles) -> None:
    """Prepare the data set of a row of the sheet and write its files.

    Beside the file of the data set there must be room for a second one, which has no name and is gone in the end.
    """
    made = prepare(row, replace(options, scratch=str(Path(files.data).parent)))
    tables = {
        files.summary: made.summary,
        files.windows: windows_table(made.dataset),
        files.skipped: made.skipped,
        files.profile: profile(made.dataset),
    }
    tables |= {getattr(files, name): table for name, table in made.beside.items()}
    with ExitStack() as written:
        for path, table in tables.items():
            temporary = written.enter_context(write_atomic(path))
            table.to_csv(temporary, sep="\t", index=False, lineterminator="\n", float_format="%.4f")
        made.dataset.save(files.data)


def prepare(row: Row, options: DataOptions) -> Prepared:
    """Return the data set of a row; it depends on files and options, not on the row's name.

    The row's genome is a plain FASTA. A row's `most` is the largest number of sequences of each class that stay, before
    the split and before negatives are made; by default all stay. Each shuffle or window of the genome is in the same
    part of the split as its positive. InputError if more than half of the rows of the row's files gave no sequence, or
    if too few sequences remain.
    """
    form = FORMATS[row["format"]]
    dataset, rows, skipped, beside = form.read(row, options)
    if not form.own_test:
        dataset, doubles = drop_duplicates(dataset)
        skipped = pd.concat([skipped, doubles], ignore_index=True)
    if most := most_of(row):
        dataset = at_most(dataset, most, options.seed)
    groups = None if form.own_test and not form.binned else overlapping(dataset.origins)
    window = ("bins.window", options.bins["window"]) if form.binned else ("data.window", options.window)
    check_skipped(row["path"], rows, skipped, window)
    if not len(dataset.rows(VALIDATION)):  # sets of several tasks bring theirs
        dataset = split(dataset, options, groups, row["path"])
    if row["negatives"] == SHUFFLE:
        dataset = add_shuffles(dataset, options.seed)
    elif row["negatives"] == GENOMIC:
        dataset, unmatched = with_windows(dataset, row, options)
        skipped = pd.concat([skipped, unmatched], ignore_index=True)
        check_skipped(row["path"], rows, skipped, window)
    # Of the sequences that were read, not of negatives made from them
    together = {"overlapping": 0 if groups is None else int((np.bincount(groups)[groups] > 1).sum())}
    if len(dataset.tasks) > 1:
        # In each task: all sequences may be positive in one of them.
        dataset.check_classes(row["path"], form.remedy, each=not form.incomplete)
    else:
        check_numbers(row["path"], dataset, rows, skipped, form.fewest)
        check_parts(row["path"], dataset, together["overlapping"])
    cells: dict[str, Any] = {"dataset": row["dataset"], "format": row["format"], "against": against(row)}
    cells |= {"most": row.get("most", ""), "rows": rows}
    return Prepared(dataset, skipped, summarise(dataset, cells, counted(skipped) | together), beside)


def split(dataset: Dataset, options: DataOptions, groups: np.ndarray | None, where: str) -> Dataset:
    """Return a data set split as the options say.

    groups: of sequences that overlap; None if the source has a test set of its own, which then stays.
    """
    chromosomes = {} if isinstance(options.split, str) or groups is None else options.split
    if chromosomes:
        dataset = by_chromosome(dataset, chromosomes, where)
    elif groups is not None:
        dataset = hold_out(dataset, options.test_share, TEST, options.seed, groups)
    if "validation" in chromosomes:
        return dataset
    return hold_out(dataset, options.validation_share, VALIDATION, options.seed, groups)


def with_windows(positives: Dataset, row: Row, options: DataOptions) -> tuple[Dataset, pd.DataFrame]:
    """Return positives with a window of the genome each, and the positives for which none is left.

    The windows overlap neither a peak, used or not, nor the blacklist.
    """
    with open_genome(row["genome"]) as genome:
        taken = read_peaks(row["path"], row["format"])
        if options.blacklist:
            path = os.path.normpath(Path.cwd() / options.blacklist)  # which its user knows, from any working folder
            listed = read_peaks(path, "bed")
            check_names(listed["chrom"], genome, path, of="regions")
            taken = pd.concat([taken, listed])
        matched, places = match_windows(positives, genome, taken, options.seed)
        unmatched = skipped_origins(positives.origins.take(~matched), UNMATCHED)
        return add_windows(positives.take(matched), genome, places), unmatched


def check_skipped(path: str, rows: int, skipped: pd.DataFrame, window: tuple[str, int]) -> None:
    """Raise InputError if more than half of the rows gave no sequence; the sequences of those REPEATED are there.

    window: the option with the length of the windows, and its value, for messages.
    """
    counts = {reason: count for reason, count in counted(skipped).items() if count and reason not in REPEATED}
    if 2 * sum(counts.values()) > rows:
        reasons = ", ".join(f"{reason} {count}" for reason, count in counts.items())
        remedy = REMEDIES[max(counts, key=lambda reason: counts[reason])].format(
            option=flagged(window[0]), window=window[1]
        )
        raise InputError(f"{path}: {sum(counts.values())} of {rows} rows had to be skipped ({reasons}); {remedy}")


def check_numbers(path: str, dataset: Dataset, rows: int, skipped: pd.DataFrame, fewest: int) -> None:
    """Raise InputError if there are too few sequences of a class."""
    positive = dataset.positive()
    left_out = [f"{reason} {count}" for reason, count in counted(skipped).items() if count]
    for name, label in CLASSES.items():
        number = int((positive == label).sum())
        if number < fewest:
            raise InputError(
                f"{path}: {remaining(number, name)} of {rows} rows ({', '.join(left_out) or 'none left out'}), but "
                f"at least {fewest} are needed; give more"
            )


def remaining(number: int, name: str) -> str:
    """Return how many of a class remain, in words."""
    return f"{number} {name[:-1]} remains" if number == 1 else f"{number} {name} remain"


def check_parts(path: str, dataset: Dataset, overlaps: int) -> None:
    """Raise InputError if a part has no sequence of a class; overlaps: the number of sequences that overlap others.

    These stay together, which leaves nothing for a part if they all are one group.
    """
    positive = dataset.positive()
    for (name, label), (part, code) in itertools.product(CLASSES.items(), PARTS.items()):
        if not ((dataset.split == code) & (positive == label)).any():
            because, remedy = "", "give more or change the split in data"
            if overlaps:
                because = f" ({overlaps} windows overlap, and such windows stay in one part)"
                remedy = f"give more, change the split in data, or shorten {flagged('data.window')}"
            raise InputError(f"{path}: no {name} are left for {part}{because}; {remedy}")


def against(row: Row) -> str:
    """Return what the negatives of a row are: shuffle, genomic, random (simulated), file (of the row), tasks or source.

    tasks: what is positive in other tasks.
    """
    if row["negatives"] in MADE:
        return row["negatives"]
    return FORMATS[row["format"]].against or ("file" if row["negatives"] else "source")


def summarise(dataset: Dataset, cells: dict[str, Any], counts: dict[str, int]) -> pd.DataFrame:
    """Return the summary of a data set, one row: counts of rows read, skipped and used, length in bp, GC content.

    cells: its first columns.  counts: of skipped rows, by reason, and others.
    """
    positive = dataset.positive()
    cells = cells | {name: int((positive == label).sum()) for name, label in CLASSES.items()} | counts
    cells |= {part: int((dataset.split == code).sum()) for part, code in PARTS.items()}
    cells["tasks"] = len(dataset.tasks)
    cells["length"] = dataset.codes.shape[1]
    cells |= {f"gc_{name}": gc_content(dataset, positive == label) for name, label in CLASSES.items()}
    return pd.DataFrame([cells])


def windows_table(dataset: Dataset) -> pd.DataFrame:
    """Return the sequences with a place as rows of a BED file, with the further columns bound (0 or 1) and part."""
    placed = np.flatnonzero(dataset.origins.arrays()["chrom"] != b"")
    origins, parts = dataset.origins.take(placed), {code: part for part, code in PARTS.items()}
    table = pd.DataFrame(
        {"#chrom": origins.chrom, "start": origins.start, "end": origins.end, "name": origins.name, "score": 0}
    )
    table["strand"] = origins.strand
    table["bound"] = dataset.positive()[placed].astype(int)
    table["part"] = [parts[code] for code in dataset.split[placed].tolist()]
    return table


def gc_content(dataset: Dataset, chosen: np.ndarray) -> float:
    """Return the share of G and C among all bases of chosen sequences (bool (n,)); NaN if there are none."""
    bases = gc = 0
    for codes in map(dataset.codes.__getitem__, dataset.chunks(chosen)):
        bases += int((codes != N_CODE).sum())
        gc += int(gc_counts(codes).sum())
    return gc / bases if bases else float("nan")
