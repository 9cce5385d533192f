"""DeepBind's sequence tables.

<prefix>_AC.seq.gz and <prefix>_B.seq.gz, http://tools.genes.toronto.edu/deepbind/nbtcode/ .

Tab-separated columns FoldID EventID seq Bound; DeepBind trained on folds A and C and tested on B.
"""

import re
from pathlib import Path

from deepprune.errors import InputError, quoted
from deepprune.io.fasta import Record, check_letters
from deepprune.io.files import open_text

SUFFIXES = ("_AC.seq.gz", "_B.seq.gz")
COLUMNS = ("EventID", "seq", "Bound")


def read_seqgz(prefix: str | Path) -> list[Record]:
    """Return the bound sequences (Bound is 1) of both files; InputError with file and line for a malformed row."""
    return [record for suffix in SUFFIXES for record in read_bound(f"{prefix}{suffix}")]


def seqgz_sheet(folder: str | Path) -> str:
    """Return a data-set sheet, with its header line, of the pairs of files in a folder.

    The common file name, without characters that data-set names must not hold, names the data set; its first two words
    are target and cell type. InputError if there is no pair, if two data sets would share a name or one would have
    none, or if a path holds a character, such as a tab, that would break the sheet.
    """
    first, second = SUFFIXES
    paths = sorted(Path(folder).resolve().glob(f"*{first}"))
    prefixes = [path.with_name(path.name.removesuffix(first)) for path in paths]
    prefixes = [prefix for prefix in prefixes if prefix.with_name(prefix.name + second).exists()]
    if not prefixes:
        raise InputError(f"{folder}: there is no pair of files NAME{first} and NAME{second}; name their folder")
    rows: dict[str, str] = {}
    for prefix in prefixes:
        if not str(prefix).isprintable():
            raise InputError(f"{prefix}{first}: a character of this path cannot be printed; rename the file or folder")
        name = re.sub(r"[^A-Za-z0-9_.-]", "", prefix.name).lstrip(".-")
        if not name:
            raise InputError(f"{prefix}{first}: nothing of this file's name can name a data set; rename both files")
        target, cell_type, *_ = [*prefix.name.split("_"), ""]
        if name in rows:
            raise InputError(f"{folder}: two data sets would be called {name}; rename the files of one")
        rows[name] = f"{name}\tseqgz\t{prefix}\t\t{target}\t{cell_type}\n"
    return "dataset\tformat\tpath\tgenome\ttarget\tcell_type\n" + "".join(rows.values())


def read_bound(path: str) -> list[Record]:
    """Return the bound sequences of one file."""
    with open_text(path) as file:
        header = file.readline().strip().split("\t")
        if header == [""]:
            raise InputError(f"{path} is empty; it must hold a table with the columns FoldID EventID seq Bound")
        for column in COLUMNS:
            if column not in header:
                raise InputError(
                    f"{path}, line 1: the column {column} is missing; expected are FoldID EventID seq Bound; name it"
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
                raise InputError(
                    f"{path}, line {number}: Bound is {quoted(cells[bound])}, but must be 0 or 1; mend the row"
                )
            check_letters(cells[sequence], f"{path}, line {number}")
            if cells[bound] == "1":
                records.append(Record(cells[name], cells[sequence]))
    return records
