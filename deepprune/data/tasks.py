"""Tables of tasks.

A task has a name, and a peak file or a class of a bundle.
"""

import os
from pathlib import Path
from typing import NamedTuple

from deepprune.errors import InputError, quoted
from deepprune.io.table import read_rows

DIGITS = 9  # of a class; Python refuses to read numbers of thousands


class Task(NamedTuple):
    """A row of a table of tasks. where: the table and the line, for messages."""

    name: str
    cell: str
    where: str


def read_pairs(path: str | Path, columns: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Return where a row is and its two cells, for each row of a table of two columns; they are in any order there.

    The table is tab-separated text; blank lines and lines that begin with # do not count. InputError names the line of
    a mistake.
    """
    rows = [(f"{path}, line {number}", cells) for number, cells in read_rows(path)]
    expected = f"the columns {columns[0]} and {columns[1]}, separated by a tab"
    if not rows:
        raise InputError(f"{path} is empty; it must have {expected}")
    names = rows[0][1]
    if sorted(names) != sorted(columns):
        raise InputError(f"{rows[0][0]}: the header is {_text(names)}, but must name {expected}")
    for where, cells in rows[1:]:
        if len(cells) != 2 or not all(cells):
            raise InputError(f"{where}: {_text(cells)} is no row of two cells; give {expected}")
    first = names.index(columns[0])
    return [(where, cells[first], cells[1 - first]) for where, cells in rows[1:]]


def read_tasks(path: str | Path, column: str) -> list[Task]:
    """Return the rows of a table with the columns task and another one, see `read_pairs`; InputError for mistakes."""
    tasks: dict[str, Task] = {}
    for where, name, cell in read_pairs(path, ("task", column)):
        if name in tasks:
            raise InputError(f"{where}: the task {name} is listed before, {tasks[name].where}; rename or remove one")
        tasks[name] = Task(name, cell, where)
    if len(tasks) < 2:
        raise InputError(f"{path} lists {len(tasks)} tasks below its header, but at least two are needed; add a row")
    return list(tasks.values())


def _text(cells: list[str]) -> str:
    """Return the beginning of a row for messages."""
    return quoted("\t".join(cells))


def read_peak_files(path: str | Path) -> list[Task]:
    """Return the tasks of a table with the columns task and path; a relative path starts at the table's folder."""
    folder = Path(path).parent
    return [task._replace(cell=os.path.normpath(folder / task.cell)) for task in read_tasks(path, "path")]


def read_classes(path: str | Path, count: int) -> dict[str, int]:
    """Return the class of each task from a table with the columns task and class, of a bundle of so many classes."""
    classes: dict[str, int] = {}
    for name, cell, where in read_tasks(path, "class"):
        # isdecimal is also true of other scripts' digits, which int reads as well
        if not cell.isdecimal() or len(cell) > DIGITS or int(cell) >= count:
            raise InputError(f"{where}: class is {quoted(cell)}, but must be a whole number from 0 to {count - 1}")
        if int(cell) in classes.values():
            raise InputError(f"{where}: class {cell} is listed for another task before; remove one")
        classes[name] = int(cell)
    return classes
