"""The formats of the data-set sheet.

A record says what a format needs, how it is read, and what its negatives are.

A further format is a record here, its reader in `readers`, and its name in schemas/datasets.schema.json.
"""

from collections.abc import Callable
from dataclasses import dataclass

from deepprune.data.readers import (
    Reader,
    Row,
    read_deepbind,
    read_located,
    read_peak_windows,
    read_sequences,
    read_simulated,
    read_train_and_test,
)
from deepprune.io.csail import FILES
from deepprune.io.deepbind import SUFFIXES
from deepprune.sources.encode_tfbs import locate


@dataclass(frozen=True)
class Format:
    """A format of the sheet.

    files: what comes behind `path` in the name of each of a row's files.  genome, negatives: whether the column means
    something; a genome is then needed.  shuffles: whether the positives' dinucleotide shuffles are the negatives of a
    row that names none.  own_test: whether the source has a test set of its own; its sequences are then taken as they
    are, duplicates included.  kind: what options that differ between kinds of data call it.  fewest: how many
    sequences of each class are needed.
    locate: for a format without files of its own, from a row and the option `source` to the row of the files that are
    fetched; `path` is then an id, or empty if the data set's name is one, and a genome is not needed.
    """

    read: Reader
    files: tuple[str, ...] = ("",)
    genome: bool = False
    negatives: bool = False
    shuffles: bool = True
    own_test: bool = False
    kind: str = "chipseq"
    fewest: int = 50
    locate: Callable[[Row, str], dict[str, str]] | None = None


FORMATS = {
    "seqgz": Format(read_deepbind, files=SUFFIXES),
    "narrowpeak": Format(read_peak_windows, genome=True),
    "bed": Format(read_peak_windows, genome=True),
    "fasta": Format(read_sequences, negatives=True),
    "csail": Format(read_train_and_test, files=tuple(f"/{file}" for file in FILES), shuffles=False, own_test=True),
    "encode": Format(read_located, files=(), genome=True, locate=locate),
    "simulated": Format(read_simulated, shuffles=False, own_test=True, kind="simulated", fewest=1),
}


def kind_of(row: Row) -> str:
    """Return the kind of data of a row, as options that differ between kinds call it."""
    return FORMATS[row["format"]].kind


def users(column: str) -> list[str]:
    """Return the formats for which a column that names a file means something."""
    return [name for name, form in FORMATS.items() if getattr(form, column)]
