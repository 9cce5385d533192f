"""Readers: from a row of the sheet to its sequences.

The sheet, which imports the readers, is read at every parse of the workflow: slow imports therefore stand inside
functions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.data.duplicates import drop_known
from deepprune.data.origins import FIELDS, Origins
from deepprune.data.skipped import COLUMNS, skipped_rows
from deepprune.data.split import Split
from deepprune.errors import InputError
from deepprune.io.csail import FILES, read_csail
from deepprune.io.deepbind import read_seqgz
from deepprune.io.fasta import Place, Record, cut_middles, place_of, read_fasta

Row = Mapping[str, str]
# Cells of the column negatives that name no file but what is made: dinucleotide shuffles of the positives, or windows
# of their genome
MADE = SHUFFLE, GENOMIC = "shuffle", "genomic"


@dataclass(frozen=True)
class DataOptions:
    """The options of `data` but negatives and most, which are in the sheet; as simulation those of its own group.

    window: bp.  split: "random", or the chromosomes of `test` and, if given, `validation`.  blacklist: a BED file, or
    "".  bins: the options of that name.  occupancy: those that say how instances are matched, and instances: their
    file, of one motif in the genome.  classes: the table of classes of DeepSEA's bundle, or "" for all.  scratch: the
    folder for arrays that memory might not hold; "" for the system's.
    """

    window: int = 101
    test_share: float = 0.2
    validation_share: float = 0.1
    seed: int = 0
    split: Split = "random"
    blacklist: str = ""
    simulation: Mapping[str, Any] = field(default_factory=dict)
    bins: Mapping[str, Any] = field(default_factory=dict)
    occupancy: Mapping[str, Any] = field(default_factory=dict)
    instances: str = ""
    classes: str = ""
    scratch: str = ""


class Reading(NamedTuple):
    """What a reader makes of the files of a row of the sheet.

    dataset: the sequences, all in the training part unless the source has a test set of its own.  rows: the number of
    rows read from the files.  skipped: those that gave no sequence, see `skipped_rows`.  beside: further tables, by
    their names among the files of a data set: `implanted`, motif instances in simulated sequences of several tasks, and
    `matching`, the numbers of bound and unbound sites in each bin.
    """

    dataset: Dataset
    rows: int
    skipped: pd.DataFrame
    beside: Mapping[str, pd.DataFrame] = {}


Reader = Callable[[Row, DataOptions], Reading]


def most_of(row: Row) -> int | None:
    """Return the largest number of sequences of each class that a row's data set keeps; None: all."""
    return int(row["most"]) if row.get("most") else None


def read_peak_windows(row: Row, options: DataOptions) -> Reading:
    """Return the windows around the summits of a file of peaks."""
    from deepprune.io.genome import cut_windows, open_genome
    from deepprune.io.peaks import read_peaks

    peaks = read_peaks(row["path"], row["format"])
    with open_genome(row["genome"]) as genome:
        codes, used, reasons = cut_windows(peaks, genome, options.window, row["path"])
    origins = Origins.of_table(used)
    labels = np.ones((len(codes), 1), np.uint8)
    made = Dataset(codes, labels, _training(codes), origins=origins)
    return Reading(made, len(peaks), skipped_rows(peaks, reasons))


def read_deepbind(row: Row, options: DataOptions) -> Reading:
    """Return the bound sequences of DeepBind's two tables."""
    records = read_seqgz(row["path"])
    return read_middles(records, [1] * len(records), options.window)


def read_sequences(row: Row, options: DataOptions) -> Reading:
    """Return the positives of a FASTA file and, if the row names them, the negatives of a second one."""
    positives = read_fasta(row["path"])
    negatives = read_fasta(row["negatives"]) if row["negatives"] not in ("", *MADE) else []
    labels = [1] * len(positives) + [0] * len(negatives)
    return read_middles([*positives, *negatives], labels, options.window)


def read_train_and_test(row: Row, options: DataOptions) -> Reading:
    """Return the sequences of a csail folder, in its own training and test parts.

    The published files repeat sequences; test sequences that training holds as well are left out.
    """
    readings = [read_middles(*read_csail(Path(row["path"]) / file), options.window) for file in FILES]
    parts = [
        replace(reading.dataset, split=np.full_like(reading.dataset.split, part))
        for part, reading in zip((TRAIN, TEST), readings, strict=True)
    ]
    training, (test, repeated) = parts[0], drop_known(parts[1], parts[0])
    skipped = pd.concat([*(reading.skipped for reading in readings), repeated], ignore_index=True)
    return Reading(Dataset.join([training, test]), sum(reading.rows for reading in readings), skipped)


def read_simulated(row: Row, options: DataOptions) -> Reading:
    """Return random sequences; each positive holds an instance of one of the file's motifs."""
    from deepprune.data.simulate import simulate
    from deepprune.io.motif import read_motifs

    made = simulate(read_motifs(row["path"]), **options.simulation, seed=options.seed)
    return Reading(made, len(made.codes), skipped_rows(dict.fromkeys(COLUMNS, ()), ()))


def read_implanted(row: Row, options: DataOptions) -> Reading:
    """Return random sequences with instances of the file's motifs, each of which is a task."""
    from deepprune.data.implant import Plan, implant
    from deepprune.io.motif import read_motifs

    made, implanted = implant(read_motifs(row["path"]), Plan(**options.simulation), options.seed)
    return Reading(made, len(made.codes), skipped_rows(dict.fromkeys(COLUMNS, ()), ()), {"implanted": implanted})


def read_binned(row: Row, options: DataOptions) -> Reading:
    """Return the bins of the genome that peaks of a table of peak files cover; each file is a task."""
    from deepprune.data.bins import Plan, read_bins

    made, bins, reasons = read_bins(row["path"], row["genome"], Plan(**options.bins), options.scratch)
    return Reading(made, len(bins), skipped_rows(bins, reasons))


def read_occupied(row: Row, options: DataOptions) -> Reading:
    """Return bound and unbound instances of a motif, matched in GC content and strength."""
    from deepprune.data.occupancy import Files, Plan, read_occupancy

    plan = Plan(options.window, **options.occupancy, seed=options.seed, most=most_of(row))
    files = Files(row["path"], row["genome"], options.instances)
    made, rows, skipped, matching = read_occupancy(files, plan)
    matching.insert(0, "dataset", row["dataset"])
    return Reading(made, rows, skipped, {"matching": matching})


def read_classes_of_bundle(row: Row, options: DataOptions) -> Reading:
    """Return the sequences of DeepSEA's bundle that are positive in a chosen class; each class is a task."""
    from deepprune.data.bundle import read_bundle

    made = read_bundle(row["path"], options.classes, options.scratch)
    return Reading(made, len(made.codes), skipped_rows(dict.fromkeys(COLUMNS, ()), ()))


def read_located(row: Row, options: DataOptions) -> Reading:
    """Raise InputError: the sheet replaces a row of this format by a row of the format of its files."""
    raise InputError(f"{row['dataset']}: {row['format']} is not a format of files; read the row with read_sheets")


def read_middles(records: Sequence[Record], labels: Sequence[int], width: int) -> Reading:
    """Return the middle windows of records with these labels."""
    middles = cut_middles(records, width)
    names = [record.identifier for record in records]
    places = {place: [getattr(one, place) for one in middles.places] for place in FIELDS[1:]}
    origins = Origins([names[i] for i in middles.used], **places)
    of_used = np.array(labels, np.uint8)[middles.used, None]
    made = Dataset(middles.codes, of_used, _training(middles.codes), origins=origins)
    left = [i for i, reason in enumerate(middles.reasons) if reason]
    whole = pd.DataFrame([place_of(records[i]) for i in left], columns=Place._fields, dtype=object)
    whole["name"] = [names[i] for i in left]
    return Reading(made, len(records), skipped_rows(whole, [middles.reasons[i] for i in left]))


def _training(codes: np.ndarray) -> np.ndarray:
    return np.full(len(codes), TRAIN, np.uint8)
