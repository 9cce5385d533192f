"""DeepBind's sequence tables, http://tools.genes.toronto.edu/deepbind/nbtcode/ : <prefix>_AC.seq.gz, <prefix>_B.seq.gz.

Tab-separated columns FoldID EventID seq Bound; DeepBind trained on folds A and C and tested on B.
"""

from pathlib import Path

from deepprune.errors import InputError
from deepprune.io.fasta import Record, check_letters
from deepprune.io.files import open_text

SUFFIXES = ("_AC.seq.gz", "_B.seq.gz")
COLUMNS = ("EventID", "seq", "Bound")


def read_seqgz(prefix: str | Path) -> list[Record]:
    """Return the bound sequences (Bound is 1) of both files; InputError with file and line for a malformed row."""
    return [record for suffix in SUFFIXES for record in read_bound(f"{prefix}{suffix}")]


def read_bound(path: str) -> list[Record]:
    """Return the bound sequences of one file."""
    with open_text(path) as file:
        header = file.readline().strip().split("\t")
        if header == [""]:
            raise InputError(f"{path} is empty; it must hold a table with the columns FoldID EventID seq Bound")
        for column in COLUMNS:
            if column not in header:
                raise InputError(
                    f"{path}, line 1: the column {column} is missing; expected are FoldID EventID seq Bound"
                )
        name, sequence, bound = map(header.index, COLUMNS)
        records = []
        for number, text in enumerate(file, start=2):
            if not text.strip():
                continue
            cells = [cell.strip() for cell in text.split("\t")]
            if len(cells) != len(header):
                raise InputError(f"{path}, line {number}: {len(cells)} cells under {len(header)} columns; mend the row")
            if cells[bound] not in ("0", "1"):
                raise InputError(f"{path}, line {number}: Bound is {cells[bound]!r}, but must be 0 or 1")
            check_letters(cells[sequence], f"{path}, line {number}")
            if cells[bound] == "1":
                records.append(Record(cells[name], cells[sequence]))
    return records
