"""Groups of tasks by their names."""

import fnmatch
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from deepprune.data.tasks import read_pairs
from deepprune.errors import InputError

ALL = "all"  # all tasks, whatever their group
NO_GROUP = ""


class Pattern(NamedTuple):
    """A pattern of names of tasks, case-sensitive: * is any text, ? a letter, [HK] one of these; and their group."""

    pattern: str
    group: str


def read_patterns(path: str | Path) -> list[Pattern]:
    """Return the rows of a table with the columns pattern and group; InputError names the line of a mistake."""
    patterns: dict[str, Pattern] = {}
    for where, pattern, group in read_pairs(path, ("pattern", "group")):
        if group == ALL:
            raise InputError(f"{where}: a group is called {ALL}, which means all tasks; rename it")
        if pattern in patterns:
            raise InputError(f"{where}: the pattern {pattern} is listed before; remove one of the two")
        patterns[pattern] = Pattern(pattern, group)
    return list(patterns.values())


def task_groups(tasks: Iterable[str], patterns: Sequence[Pattern]) -> dict[str, str]:
    """Return the group of each task, that of the first pattern that fits its whole name; NO_GROUP if none does."""
    return {
        task: next((group for pattern, group in patterns if fnmatch.fnmatchcase(task, pattern)), NO_GROUP)
        for task in tasks
    }
