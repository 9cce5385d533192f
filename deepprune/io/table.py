"""Tidy tables as tab-separated text.

One header line, one record per line, missing values as empty cells.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from deepprune.io.files import open_text, write_atomic

# Columns of names and letters, which are read as text even if all cells are digits or empty
TEXT = (
    *("dataset", "name", "motif", "Query_ID", "Target_ID", "Target_name", "names", "consensus"),
    *("sequence", "word", "task", "strand", "network", "match", "relevant_match"),
    *("target", "family", "class", "group", "cell", "treatment", "source"),
)


def write_table(table: pd.DataFrame, path: str | Path | TextIO) -> None:
    """Write a table without its index to a stream, or atomically to a file; equal tables give equal bytes."""
    if isinstance(path, str | Path):
        with write_atomic(path) as temporary:
            table.to_csv(temporary, sep="\t", index=False, lineterminator="\n")
    else:
        table.to_csv(path, sep="\t", index=False, lineterminator="\n")


def table_text(table: pd.DataFrame, header: bool = True) -> str:
    """Return a table, or its rows alone, as text with six significant digits, for streams of rows."""
    return table.to_csv(sep="\t", index=False, header=header, lineterminator="\n", float_format="%.6g")


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table that write_table wrote; only empty cells are missing values."""
    return pd.read_csv(path, sep="\t", keep_default_na=False, na_values=[""], dtype=dict.fromkeys(TEXT, str))


def read_tables(paths: Iterable[str | Path], columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read tables as one, below one another; without any, an empty one with these columns."""
    tables = list(map(read_table, paths))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(columns))


def named(table: pd.DataFrame, **names: str) -> pd.DataFrame:
    """Return a table with its names, the same in each row, as first columns."""
    return table.assign(**names)[[*names, *(column for column in table if column not in names)]]


def read_rows(path: str | Path) -> list[tuple[int, list[str]]]:
    """Return the line (from 1) and the cells of each row of a table that a user wrote, its header included.

    It is tab-separated text; blanks around cells, blank lines, and lines that begin with # do not count.
    """
    with open_text(path) as file:
        return [
            (number, [cell.strip() for cell in line.split("\t")])
            for number, line in enumerate(file, start=1)
            if line.strip() and not line.startswith("#")
        ]


def records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a table, with None for missing values."""
    return table.astype(object).where(table.notna(), None).to_dict("records")
