"""CSAIL's training and test sets.

Sets of Zeng et al. 2016, http://cnn.csail.mit.edu : lines `>name sequence label` in *.data.
"""

from pathlib import Path

from deepprune.errors import InputError, quoted
from deepprune.io.fasta import Record, check_letters
from deepprune.io.files import open_text

FILES = ("train.data", "test.data")


def read_csail(path: str | Path) -> tuple[list[Record], list[int]]:
    """Return the records of a .data file and their labels (1 bound, 0 not); InputError with file and line."""
    records, labels = [], []
    with open_text(path) as file:
        for number, text in enumerate(file, start=1):
            cells = text.split()
            if not cells:
                continue
            where = f"{path}, line {number}"
            if len(cells) != 3 or not cells[0].startswith(">"):
                raise InputError(
                    f"{where}: expected '>name sequence label', found {quoted(text.strip())}; mend the line"
                )
            if cells[2] not in ("0", "1"):
                raise InputError(f"{where}: the label is {quoted(cells[2])}, but must be 0 or 1; mend the line")
            check_letters(cells[1], where)
            records.append(Record(cells[0][1:], cells[1]))
            labels.append(int(cells[2]))
    if not records:
        raise InputError(f"{path} is empty; it must hold lines '>name sequence label'")
    return records, labels
