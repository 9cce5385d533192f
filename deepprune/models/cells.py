"""Cells of tables of networks: numbers, switches, choices; ValueError says what is wrong with one."""

import math
import re
from collections.abc import Sequence

from deepprune.errors import quoted

UNITS = re.compile(r"[1-9]\d{0,5}")
COUNT = re.compile(r"0|[1-9]\d{0,4}")


def units(column: str, text: str) -> int:
    """Return a number of units, sequences or the like, from 1 on."""
    if not UNITS.fullmatch(text):
        raise ValueError(f"{column} is {quoted(text)}; give a whole number from 1 on")
    return int(text)


def count(column: str, text: str) -> int:
    """Return a number of units or epochs, which may be 0."""
    if not COUNT.fullmatch(text):
        raise ValueError(f"{column} is {quoted(text)}; give a number of {_counted(column)}, 0 for none")
    return int(text)


def _counted(column: str) -> str:
    return "epochs" if column == "patience" else "units"


def switch(column: str, text: str) -> bool:
    """Return whether a cell says yes."""
    if text not in ("0", "1"):
        raise ValueError(f"{column} is {quoted(text)}; write 1 for yes and 0 for no")
    return text == "1"


def number(column: str, text: str) -> float:
    """Return a number from 0 on; shares of dropout are below 1."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf or (column.endswith("dropout") and found >= 1):
        raise ValueError(
            f"{column} is {quoted(text)}; give a number from 0 on{', below 1' * column.endswith('dropout')}"
        )
    return found


def choice(column: str, text: str, known: Sequence[str]) -> str:
    """Return one of the known words."""
    if text not in known:
        raise ValueError(f"{column} is {quoted(text)}; give one of {', '.join(known)}")
    return text
