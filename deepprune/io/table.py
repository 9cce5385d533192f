"""Tidy tables as tab-separated text.

A header line, a record a line, missing values as empty cells.
"""

from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from deepprune.io.files import write_atomic

# Columns of names and letters, which stay text even where all of them are digits or missing.
TEXT = ("dataset", "name", "motif", "Query_ID", "Target_ID", "Target_name", "names", "consensus", "sequence", "word")


def write_table(table: pd.DataFrame, path: str | Path | TextIO) -> None:
    """Write a table without its index to a file, whole or not at all, or a stream; equal tables give equal bytes."""
    if isinstance(path, str | Path):
        with write_atomic(path) as temporary:
            table.to_csv(temporary, sep="\t", index=False, lineterminator="\n")
    else:
        table.to_csv(path, sep="\t", index=False, lineterminator="\n")


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table that write_table wrote; only an empty cell is a missing value."""
    return pd.read_csv(path, sep="\t", keep_default_na=False, na_values=[""], dtype=dict.fromkeys(TEXT, str))


def records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a table, with None for what is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")
