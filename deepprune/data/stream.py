"""Sequences of a file in chunks: FASTA, or windows around peaks."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.data.origins import FIELDS, Origins
from deepprune.dna.codes import to_codes
from deepprune.errors import InputError, quoted
from deepprune.io.fasta import Place, Record, fasta_lines, fasta_records, names_place, place_of
from deepprune.io.files import open_text
from deepprune.io.genome import check_names, fetch, open_genome, reasons_to_skip
from deepprune.io.peaks import Peak, check_header, is_row, peaks_in

Item = TypeVar("Item")
Result = TypeVar("Result")
FORMATS = ("fasta", "narrowpeak", "bed")
CHUNK = 8192  # sequences
LONGEST = 1 << 24  # bases of a chunk; a chunk holds one sequence at least
AHEAD = 2  # chunks for each thread that are read before the first of them is written
PIECE = 1 << 20  # bases from the start of a piece to that of the next


class Piece(NamedTuple):
    """A sequence, or a part of a long one.

    name, place: the sequence's.  offset: of the part in its sequence.
    """

    name: str
    place: Place
    text: str
    offset: int = 0


class Chunk(NamedTuple):
    """Sequences of one length, or pieces of long ones, in the order of the file.

    origins: of the whole sequences.  codes: uint8 (n, length), with N as it is there.  offset: where the codes begin in
    the sequences, int64 (n,).
    """

    origins: Origins
    codes: np.ndarray
    offset: np.ndarray

    @classmethod
    def whole(cls, origins: Origins, codes: np.ndarray) -> "Chunk":
        """Return a chunk of whole sequences."""
        return cls(origins, codes, np.zeros(len(codes), np.int64))

    def parts(self, size: int) -> "Iterator[Chunk]":
        """Yield its sequences in their order, so many at once."""
        for first in range(0, len(self.codes), size):
            rows = np.arange(first, min(first + size, len(self.codes)))
            yield Chunk(self.origins.take(rows), self.codes[rows], self.offset[rows])


class SequenceFile:
    """A FASTA, narrowPeak or BED file that is read in chunks, in memory that does not grow with it.

    path: plain or gzip; "-" is standard input.  width: bp of the windows around peaks; None for the peaks as they are.
    genome: plain FASTA, for peaks.  format: one of FORMATS; by default what the first lines look like.  overlap: long
    sequences come in pieces that start every PIECE bases, each with so many first bases of the next; by default they
    are whole.
    skipped: after the file was read, the number of peaks without a window, for each reason.
    """

    def __init__(
        self,
        path: str,
        width: int | None,
        genome: str | Path | None = None,
        format: str | None = None,
        overlap: int | None = None,
    ) -> None:
        self.path, self.width, self.genome, self.format, self.overlap = path, width, genome, format, overlap
        self.skipped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the file's chunks; InputError as for read_fasta and read_peaks."""
        with open_text(self.path) as file:
            head = list(itertools.islice(file, 20))
            lines, format = itertools.chain(head, file), self.format or guess_format(head, self.path)
            if format == "fasta":
                yield from self.chunks(self.of_fasta(lines))
                return
            if not self.genome:
                raise InputError(f"{self.path} holds peaks, whose sequences are in their genome; give it with --genome")
            with open_genome(self.genome) as genome:
                yield from self.chunks(self.of_peaks(peaks_in(lines, format, self.path), genome))

    def of_fasta(self, lines: Iterable[str]) -> Iterator[Piece]:
        """Yield the records of FASTA; their names end at the first space."""
        if self.overlap is not None:
            yield from of_records(fasta_lines(lines, self.path), self.overlap)
            return
        for record in fasta_records(lines, self.path):
            yield Piece(record.identifier, place_of(record), record.sequence)

    @property
    def about_skipped(self) -> str:
        """How many peaks have no window, in words, and why; "" if all have one."""
        counts = ", ".join(f"{reason} {count}" for reason, count in self.skipped.items())
        return f"{self.skipped.total()} peaks have no window: {counts}" if counts else ""

    def chunks(self, sequences: Iterable[Piece]) -> Iterator[Chunk]:
        """Yield consecutive sequences of one length together."""
        longest = LONGEST if self.overlap is None else PIECE
        for length, alike in itertools.groupby(sequences, key=lambda piece: len(piece.text)):
            for some in batches(alike, max(1, min(CHUNK, longest // length))):
                names, places, texts, offsets = zip(*some, strict=True)
                yield Chunk(origins_of(names, places), to_codes(texts), np.array(offsets, np.int64))

    def of_peaks(self, peaks: Iterable[Peak], genome: pyfaidx.Faidx) -> Iterator[Piece]:
        """Yield peaks, or the windows around them; peaks without a window are counted."""
        first = True
        for some in batches(peaks, CHUNK):
            table = pd.DataFrame(some, columns=Peak._fields)
            if first:
                check_names(table["chrom"], genome, self.path)
                first = False
            used = self.windows(table, genome)
            columns = [used[field].tolist() for field in FIELDS]
            for name, *fields in zip(*columns, strict=True):
                place = Place(*fields)
                yield from pieces(name, place, texts_of(place, genome), self.overlap)

    def windows(self, peaks: pd.DataFrame, genome: pyfaidx.Faidx) -> pd.DataFrame:
        """Return the peaks that have a window, with its start and end; the others are counted."""
        start, width = peaks["start"], peaks["end"] - peaks["start"]
        if self.width is not None:
            start, width = peaks["summit"] - self.width // 2, pd.Series(self.width, peaks.index)
        reasons = reasons_to_skip(peaks, start, genome, width)
        reasons[(reasons == "") & (width == 0)] = "empty"
        self.skipped.update(reasons[reasons != ""].tolist())
        return peaks.assign(start=start, end=start + width)[reasons == ""]


def origins_of(names: Sequence[str], places: Sequence[Place]) -> Origins:
    """Return the origins of sequences from their names and places."""
    if not any(place.chrom for place in places):
        return Origins.nowhere(len(names), names)
    return Origins(names, **{field: [getattr(place, field) for place in places] for field in FIELDS[1:]})


def of_records(records: Iterable[tuple[str, Iterable[str]]], overlap: int) -> Iterator[Piece]:
    """Yield FASTA records, given by name and lines, in pieces; places are those in names."""
    for name, texts in records:
        record = Record(name, "")
        if names_place(record):
            # Whether a place describes a sequence depends on its length.
            record = Record(name, "".join(texts))
            texts = [record.sequence]
        yield from pieces(record.identifier, place_of(record), texts, overlap)


def texts_of(place: Place, genome: pyfaidx.Faidx) -> Iterator[str]:
    """Yield the genome's letters of a place, PIECE at a time."""
    for start in range(place.start, place.end, PIECE):
        yield fetch(genome, place.chrom, start, min(start + PIECE, place.end))


def genome_chunks(genome: pyfaidx.Faidx, overlap: int) -> Iterator[Chunk]:
    """Yield the chromosomes of a genome in pieces, a chunk each; overlap: as of SequenceFile."""
    for name, record in genome.index.items():
        place = Place(name, 0, record.rlen, ".")
        for piece in pieces(name, place, texts_of(place, genome), overlap):
            yield Chunk(origins_of([name], [place]), to_codes([piece.text]), np.array([piece.offset], np.int64))


def pieces(name: str, place: Place, texts: Iterable[str], overlap: int | None) -> Iterator[Piece]:
    """Yield one sequence, given in texts, whole or in pieces."""
    if overlap is None:
        yield Piece(name, place, "".join(texts))
        return
    for number, text in enumerate(overlapping(texts, PIECE, overlap)):
        yield Piece(name, place, text, number * PIECE)


def overlapping(texts: Iterable[str], size: int, overlap: int) -> Iterator[str]:
    """Yield what texts say in parts that start every `size` letters and hold the first letters of the next part."""
    parts, length = [""], 0
    for text in texts:
        parts.append(text)
        length += len(text)
        if length > size + overlap:
            joined, start = "".join(parts), 0
            while length - start > size + overlap:
                yield joined[start : start + size + overlap]
                start += size
            parts, length = [joined[start:]], length - start
    rest = "".join(parts)
    for start in range(0, length, size):
        yield rest[start : start + size + overlap]


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield consecutive items in lists of a size, the last one shorter."""
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def ahead(work: Callable[[Item], Result], items: Iterable[Item], threads: int = 2) -> Iterator[Result]:
    """Yield what work makes of each item, in their order; one thread reads items and others work, by default two.

    Reading goes on while work is compiled code, which releases Python's lock; with two threads, one computes while the
    other waits for the lock. A few items are read ahead.
    """
    rest = iter(items)
    pool = ThreadPoolExecutor(threads)
    try:
        pending = [pool.submit(work, item) for item in itertools.islice(rest, AHEAD * threads)]
        while pending:
            yield pending.pop(0).result()
            pending += [pool.submit(work, item) for item in itertools.islice(rest, 1)]
    finally:
        pool.shutdown(cancel_futures=True)  # nobody waits for the rest after Ctrl-C


def guess_format(head: Iterable[str], path: str) -> str:
    """Return what the first lines of a file look like: fasta, narrowpeak (ten columns) or bed."""
    numbered = [(number, line) for number, line in enumerate(head, start=1) if is_row(line)]
    lines = [line for _, line in numbered]
    if not lines:
        raise InputError(f"{path} is empty; give sequences (FASTA) or peaks (narrowPeak, BED)")
    if lines[0].startswith(">"):
        return "fasta"
    check_header(lines[:2], f"{path}, line {numbered[0][0]}")
    cells = lines[0].split()
    if len(cells) < 3 or not (cells[1] + cells[2]).isdigit():
        raise InputError(
            f"{path} is neither FASTA nor narrowPeak nor BED: its first line is {quoted(lines[0].strip())}"
        )
    return "narrowpeak" if len(cells) == 10 and cells[9].lstrip("-").isdigit() else "bed"
