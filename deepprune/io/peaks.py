"""Peaks in BED and narrowPeak files.

https://genome.ucsc.edu/FAQ/FAQformat.html (format1 and format12)
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from deepprune.errors import InputError, quoted
from deepprune.io.files import open_text

FIELDS = {"narrowpeak": 10, "bed": 3}
NOT_PEAKS = ("#", "track", "browser")
NAME, STRAND, SUMMIT = 3, 5, 9  # fields, from 0
FARTHEST = 10**12  # bp; sums of such places are exact


class Peak(NamedTuple):
    """A peak, counted from 0, its end not included."""

    chrom: str
    start: int
    end: int
    summit: int
    name: str
    strand: str


def read_peaks(path: str | Path, format: str) -> pd.DataFrame:
    """Return the peaks of a narrowpeak or bed file, plain or gzip, one row each, with the columns of Peak.

    The summit is narrowPeak's; it is the midpoint where that is -1 or the format is bed. A peak without a name gets the
    name chrom:start-end, one without a strand gets ".". InputError names file and line.
    """
    with open_text(path) as file:
        return pd.DataFrame(peaks_in(file, format, path), columns=Peak._fields)


def peaks_in(lines: Iterable[str], format: str, where: str | Path) -> Iterator[Peak]:
    """Yield the peaks in lines; where: the file, for messages. InputError as for read_peaks."""
    rows = ((number, text) for number, text in enumerate(lines, start=1) if is_row(text))
    head = list(islice(rows, 2))
    if not head:
        raise InputError(f"{where} is empty; it must hold peaks, one a line")
    check_header([text for _, text in head], f"{where}, line {head[0][0]}")
    for number, text in chain(head, rows):
        yield parse_peak(text, format, f"{where}, line {number}")


def is_row(text: str) -> bool:
    """Whether a line is neither blank nor a comment nor for a genome browser."""
    return bool(text.strip()) and not text.startswith(NOT_PEAKS)


def check_header(rows: Sequence[str], where: str) -> None:
    """Raise InputError if the first row names the columns.

    rows: the first two of a file.  where: the first, for messages.
    Start and end of a header are words, and those of the row below are numbers.
    """
    places = [[cell.strip() for cell in cells_of(row)[1:3]] for row in rows]
    if list(map(len, places)) != [2, 2]:
        return
    words, numbers = places
    if all(word[:1].isalpha() for word in words) and all(number.isdecimal() for number in numbers):
        shown = quoted(" ".join(rows[0].split()))
        raise InputError(f"{where}: {shown} looks like a header; remove the line, or begin it with #")


def cells_of(row: str) -> list[str]:
    """Return the cells of a row, which tabs separate, or spaces if there is no tab."""
    return row.rstrip().split("\t") if "\t" in row else row.split()


def parse_peak(text: str, format: str, where: str) -> Peak:
    """Return the peak of a line."""
    cells = cells_of(text)
    if len(cells) < FIELDS[format]:
        raise InputError(f"{where}: {len(cells)} fields, but {format} has at least {FIELDS[format]}; mend the row")
    chrom, start, end = cells[0], whole_number(cells[1], "start", where), whole_number(cells[2], "end", where)
    if start < 0 or end < start:
        raise InputError(f"{where}: a peak from {start} to {end}; start must not be negative, nor end before start")
    offset = whole_number(cells[SUMMIT], "peak", where) if format == "narrowpeak" else -1
    if offset < -1:
        raise InputError(f"{where}: the summit's offset is {offset}, but must be -1 (none) or more")
    name, strand = (cells[field].strip() if len(cells) > field else "" for field in (NAME, STRAND))
    return Peak(
        chrom,
        start,
        end,
        summit=(start + end) // 2 if offset == -1 else start + offset,
        name=f"{chrom}:{start}-{end}" if name in ("", ".") else name,
        strand=strand if strand in ("+", "-") else ".",
    )


def whole_number(cell: str, name: str, where: str) -> int:
    """Return the integer in a cell."""
    try:
        number = int(cell)
    except ValueError:
        raise InputError(f"{where}: {name} is {quoted(cell)}, but must be a whole number") from None
    if abs(number) > FARTHEST:
        raise InputError(f"{where}: {name} is {quoted(cell)}, beyond any chromosome; mend the row")
    return number
