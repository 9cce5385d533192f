"""Tables of tasks.

A task has a name, and a peak file or a class of a bundle.
"""

import os
from pathlib import Path
from typing import NamedTuple

from deepprune.errors import InputError
from deepprune.io.files import open_text


class Task(NamedTuple):
    """A row of a table of tasks. where: the table and the line, for messages."""

    name: str
    cell: str
    where: str


def read_tasks(path: str | Path, column: str) -> list[Task]:
    """Return the rows of a table with the columns task and another one; InputError names the line of a mistake.

    The table is tab-separated text; blank lines and lines that begin with # do not count.
    """
    with open_text(path) as file:
        lines = [(f"{path}, line {number}", text.rstrip("\r\n")) for number, text in enumerate(file, start=1)]
    rows = [(where, text) for where, text in lines if text.strip() and not text.startswith("#")]
    expected = f"the columns task and {column}, separated by a tab"
    if not rows:
        raise InputError(f"{path} is empty; it must have {expected}")
    names = [name.strip() for name in rows[0][1].split("\t")]
    if sorted(names) != sorted(("task", column)):
        raise InputError(f"{rows[0][0]}: the header is {rows[0][1][:60]!r}, but must name {expected}")
    tasks: dict[str, Task] = {}
    for where, text in rows[1:]:
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) != 2 or not all(cells):
            raise InputError(f"{where}: {text[:60]!r} is no row of two cells; give {expected}")
        name, cell = cells if names[0] == "task" else cells[::-1]
        if name in tasks:
            raise InputError(f"{where}: the task {name} is listed before, {tasks[name].where}; rename or remove one")
        tasks[name] = Task(name, cell, where)
    if len(tasks) < 2:
        raise InputError(f"{path} lists {len(tasks)} tasks below its header, but at least two are needed; add a row")
    return list(tasks.values())


def read_peak_files(path: str | Path) -> list[Task]:
    """Return the tasks of a table with the columns task and path; a relative path starts at the table's folder."""
    folder = Path(path).parent
    return [task._replace(cell=os.path.normpath(folder / task.cell)) for task in read_tasks(path, "path")]


def read_classes(path: str | Path, count: int) -> dict[str, int]:
    """Return the class of each task from a table with the columns task and class, of a bundle of so many classes."""
    classes: dict[str, int] = {}
    for name, cell, where in read_tasks(path, "class"):
        # isdecimal is also true of other scripts' digits, which int reads as well
        if not cell.isdecimal() or int(cell) >= count:
            raise InputError(f"{where}: class is {cell!r}, but must be a whole number from 0 to {count - 1}")
        if int(cell) in classes.values():
            raise InputError(f"{where}: class {cell} is listed for another task before; remove one")
        classes[name] = int(cell)
    return classes
