"""Sequences of a file in chunks: FASTA, or windows around peaks."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.data.origins import FIELDS, Origins
from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.io.fasta import Record, fasta_records, place_of
from deepprune.io.files import open_text
from deepprune.io.genome import check_names, fetch_around, open_genome
from deepprune.io.peaks import NOT_PEAKS, Peak, peaks_in

Item = TypeVar("Item")
Result = TypeVar("Result")
FORMATS = ("fasta", "narrowpeak", "bed")
CHUNK = 8192  # sequences
LONGEST = 1 << 24  # bases of a chunk; a chunk holds one sequence at least
AHEAD = 4  # chunks that are read before the first of them is written


class Chunk(NamedTuple):
    """Sequences of one length, in the order of the file.

    codes: uint8 (n, length), with N as it is there.
    """

    origins: Origins
    codes: np.ndarray


class SequenceFile:
    """A FASTA, narrowPeak or BED file that is read in chunks, in memory that does not grow with it.

    path: plain or gzip; "-" is standard input.  genome: plain FASTA, for peaks.  width: bp of the windows around peaks.
    format: one of FORMATS; by default what the first lines look like.
    skipped: after the file was read, the number of peaks without a window, for each reason.
    """

    def __init__(self, path: str, width: int, genome: str | Path | None = None, format: str | None = None) -> None:
        self.path, self.width, self.genome, self.format = path, width, genome, format
        self.skipped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the file's chunks; InputError as for read_fasta and read_peaks."""
        with open_text(self.path) as file:
            head = list(itertools.islice(file, 20))
            lines, format = itertools.chain(head, file), self.format or guess_format(head, self.path)
            if format == "fasta":
                yield from of_records(fasta_records(lines, self.path))
                return
            if not self.genome:
                raise InputError(f"{self.path} holds peaks, whose sequences are in their genome; give it with --genome")
            with open_genome(self.genome) as genome:
                yield from self.of_peaks(peaks_in(lines, format, self.path), genome)

    def of_peaks(self, peaks: Iterable[Peak], genome: pyfaidx.Faidx) -> Iterator[Chunk]:
        """Yield the windows around peaks; peaks without one are counted."""
        first = True
        for some in batches(peaks, CHUNK):
            table = pd.DataFrame(some, columns=Peak._fields)
            if first:
                check_names(table["chrom"], genome)
                first = False
            codes, used, reasons = fetch_around(table, genome, self.width)
            self.skipped.update(reasons[reasons != ""].tolist())
            if len(used):
                yield Chunk(Origins.of_table(used), codes)


def of_records(records: Iterable[Record]) -> Iterator[Chunk]:
    """Yield chunks of consecutive records of one length; names end at the first space, places are those in names."""
    for length, alike in itertools.groupby(records, key=lambda record: len(record.sequence)):
        for some in batches(alike, max(1, min(CHUNK, LONGEST // length))):
            places = [place_of(record) for record in some]
            names = [record.identifier for record in some]
            columns = {field: [getattr(place, field) for place in places] for field in FIELDS[1:]}
            yield Chunk(Origins(names, **columns), to_codes([record.sequence for record in some]))


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield consecutive items in lists of a size, the last one shorter."""
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield what work makes of each item, in their order; one thread reads items and one works.

    Reading goes on while work is compiled code, which releases Python's lock. A few items are read ahead.
    """
    rest = iter(items)
    pool = ThreadPoolExecutor(1)
    try:
        pending = [pool.submit(work, item) for item in itertools.islice(rest, AHEAD)]
        while pending:
            yield pending.pop(0).result()
            pending += [pool.submit(work, item) for item in itertools.islice(rest, 1)]
    finally:
        pool.shutdown(cancel_futures=True)  # nobody waits for the rest after Ctrl-C


def guess_format(head: Iterable[str], path: str) -> str:
    """Return what the first lines of a file look like: fasta, narrowpeak (ten columns) or bed."""
    lines = [line for line in head if line.strip() and not line.startswith(NOT_PEAKS)]
    if not lines:
        raise InputError(f"{path} is empty; give sequences (FASTA) or peaks (narrowPeak, BED)")
    if lines[0].startswith(">"):
        return "fasta"
    cells = lines[0].split()
    if len(cells) < 3 or not (cells[1] + cells[2]).isdigit():
        raise InputError(f"{path} is neither FASTA nor narrowPeak nor BED: its first line is {lines[0].strip()[:40]!r}")
    return "narrowpeak" if len(cells) == 10 and cells[9].lstrip("-").isdigit() else "bed"
