"""The formats of the data-set sheet.

A record says which files and columns a format needs, how it is read, and what its negatives are.

To add a format, add a record here, its reader to `readers`, and its name to schemas/datasets.schema.json.
"""

from collections.abc import Callable
from dataclasses import dataclass

from deepprune.data.dataset import MORE
from deepprune.data.readers import (
    GENOMIC,
    SHUFFLE,
    Reader,
    Row,
    read_binned,
    read_classes_of_bundle,
    read_deepbind,
    read_implanted,
    read_located,
    read_occupied,
    read_peak_windows,
    read_sequences,
    read_simulated,
    read_train_and_test,
)
from deepprune.data.tasks import Task, read_peak_files
from deepprune.io.csail import FILES
from deepprune.io.deepbind import SUFFIXES
from deepprune.sources.deepsea import PARTS, fetched_bundle
from deepprune.sources.encode_tfbs import fetched_row


@dataclass(frozen=True)
class Format:
    """A format of the sheet.

    files: the suffixes that `path` gets for each of a row's files.  genome: whether the format has a genome; it is then
    required.  negatives: whether a row may name a file of negatives.  made: the kinds of negatives that can be made;
    none if the source has its own.  own_test: whether the source has a test set of its own; duplicates in
    training then stay.  kind: the kind of data, for options that differ between kinds.  fewest: the
    smallest number of sequences of each class.  against: what the negatives are in the summary, if the format decides
    it.  target: whether a row must name its target.  binned: whether the windows are those of the options `bins`.
    listed: for a format whose file names others, a function from `path` to these.  remedy: what to do about a task
    without positives.  incomplete: whether tasks may lack a class in a part, if one task does not.
    fetched_row: for a format whose files can be fetched, a function from a row and the option `source` to the row of
    the fetched files. Without files of its own, `path` is an id, or empty if the data set's name is one, and a genome
    is not needed; otherwise an empty `path` stands for the fetched files.
    """

    read: Reader
    files: tuple[str, ...] = ("",)
    genome: bool = False
    negatives: bool = False
    made: tuple[str, ...] = (SHUFFLE,)
    own_test: bool = False
    kind: str = "chipseq"
    fewest: int = 50
    against: str = ""
    target: bool = False
    binned: bool = False
    listed: Callable[[str], list[Task]] = lambda path: []
    remedy: str = MORE
    incomplete: bool = False
    fetched_row: Callable[[Row, str], dict[str, str]] | None = None

    @property
    def reducible(self) -> bool:
        """Whether a row may have fewer sequences than its files: real data of one task."""
        return self.kind == "chipseq"


FORMATS = {
    "seqgz": Format(read_deepbind, files=SUFFIXES),
    "narrowpeak": Format(read_peak_windows, genome=True, made=(SHUFFLE, GENOMIC)),
    "bed": Format(read_peak_windows, genome=True, made=(SHUFFLE, GENOMIC)),
    "fasta": Format(read_sequences, negatives=True),
    "csail": Format(read_train_and_test, files=tuple(f"/{file}" for file in FILES), made=(), own_test=True),
    "encode": Format(read_located, files=(), genome=True, made=(SHUFFLE, GENOMIC), fetched_row=fetched_row),
    "occupancy": Format(read_occupied, genome=True, made=(), against="unbound", target=True, fetched_row=fetched_row),
    "simulated": Format(read_simulated, made=(), own_test=True, kind="simulated", fewest=1, against="random"),
    "multitask_simulated": Format(read_implanted, made=(), own_test=True, kind="multitask", fewest=1, against="random"),
    "multitask_peaks": Format(
        read_binned,
        genome=True,
        made=(),
        own_test=True,
        kind="multitask",
        fewest=1,
        against="tasks",
        binned=True,
        listed=read_peak_files,
        remedy="leave the task out, or choose other chromosomes in bins",
    ),
    "deepsea": Format(
        read_classes_of_bundle,
        files=tuple(f"/{file}" for file in PARTS),
        made=(),
        own_test=True,
        kind="multitask",
        fewest=1,
        against="tasks",
        remedy="name other classes in deepsea.classes",
        incomplete=True,
        fetched_row=fetched_bundle,
    ),
}


def kind_of(row: Row) -> str:
    """Return the kind of data of a row, for options that differ between kinds."""
    return FORMATS[row["format"]].kind


def users(column: str) -> list[str]:
    """Return the formats that use a column that names a file."""
    return [name for name, form in FORMATS.items() if getattr(form, column)]
