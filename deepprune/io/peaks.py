"""Peaks, https://genome.ucsc.edu/FAQ/FAQformat.html (format1 is BED, format12 narrowPeak), and the genome they lie in.

The genome is FASTA with an index, https://www.htslib.org/doc/faidx.html
"""

from pathlib import Path

import pandas as pd

from deepprune.errors import InputError
from deepprune.io.files import open_text

FIELDS = {"narrowpeak": 10, "bed": 3}
NOT_PEAKS = ("#", "track", "browser")


def read_peaks(path: str | Path, format: str) -> pd.DataFrame:
    """Return a row per peak of a narrowpeak or bed file, plain or gzip: chrom start end summit, counted from 0.

    The summit is narrowPeak's, or the midpoint where that is -1 or the format is bed. InputError names file and line.
    """
    rows = []
    with open_text(path) as file:
        for number, text in enumerate(file, start=1):
            if text.strip() and not text.startswith(NOT_PEAKS):
                rows.append(parse_peak(text, format, f"{path}, line {number}"))
    if not rows:
        raise InputError(f"{path} is empty; it must hold peaks, one a line")
    return pd.DataFrame(rows, columns=["chrom", "start", "end", "summit"])


def parse_peak(text: str, format: str, where: str) -> tuple[str, int, int, int]:
    """Return chrom, start, end and summit of a line."""
    cells = text.rstrip().split("\t") if "\t" in text else text.split()
    if len(cells) < FIELDS[format]:
        raise InputError(f"{where}: {len(cells)} fields, but {format} has at least {FIELDS[format]}; mend the row")
    start, end = whole_number(cells[1], "start", where), whole_number(cells[2], "end", where)
    if start < 0 or end < start:
        raise InputError(f"{where}: a peak from {start} to {end}; start must not be negative, nor end before start")
    offset = whole_number(cells[9], "peak", where) if format == "narrowpeak" else -1
    if offset < -1:
        raise InputError(f"{where}: the summit's offset is {offset}, but must be -1 (none) or more")
    return cells[0], start, end, (start + end) // 2 if offset == -1 else start + offset


def whole_number(cell: str, name: str, where: str) -> int:
    """Return the integer in a cell."""
    try:
        return int(cell)
    except ValueError:
        raise InputError(f"{where}: {name} is {cell!r}, but must be a whole number") from None
