"""Relevant motifs: the known motifs of the factors that the tasks of a data set are about."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from deepprune.errors import InputError
from deepprune.io.motif import Motif
from deepprune.io.table import read_table

COLUMNS = ["task", "motif"]


class Relevant(NamedTuple):
    """A relevant motif of a task: its place among the known motifs. The first of a task is the task's own."""

    task: str
    place: int


def motifs_of_target(target: str, motifs: Sequence[Motif]) -> list[str]:
    """Return the identifiers of the known motifs of a factor, alone or with a partner, by their readable names."""
    return [motif.name for motif in motifs if target and target.upper() in motif.alt.upper().split("(")[0].split("::")]


def relevant_motifs(tasks: Sequence[str], known: Sequence[Motif], table: pd.DataFrame | None = None) -> list[Relevant]:
    """Return the relevant motifs of tasks.

    table: the columns COLUMNS, a row for each relevant motif; motifs that are not known are left out. Without rows of a
    task, or without a table, they are the motifs whose readable name is the task's.
    """
    places = {motif.name: place for place, motif in enumerate(known)}
    found = []
    for task in tasks:
        listed = [] if table is None else list(table.loc[table["task"] == task, "motif"])
        names = listed or motifs_of_target(task, known)
        found += [Relevant(task, places[name]) for name in names if name in places]
    return found


def own_places(relevant: Sequence[Relevant]) -> dict[str, int]:
    """Return the place of each task's own motif, its first."""
    places: dict[str, int] = {}
    for each in relevant:
        places.setdefault(each.task, each.place)
    return places


def read_relevant(path: str) -> pd.DataFrame:
    """Read a table of relevant motifs; InputError if a column is missing."""
    table = read_table(path)
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise InputError(f"{path} lacks the column {missing[0]}; it needs the columns {', '.join(COLUMNS)}")
    return table
