"""FASTA files.

https://blast.ncbi.nlm.nih.gov/doc/blast-topics/#fasta
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from deepprune.dna.codes import AMBIGUITY, N_CODE, NUCLEOTIDES, foreign_letter, to_codes
from deepprune.errors import InputError, quoted
from deepprune.io.files import open_text

# Record names as bedtools getfasta writes them: chrom:start-end or name::chrom:start-end, the strand in parentheses
PLACE = re.compile(r"(?:\S*::)?(\S+):([0-9]{1,15})-([0-9]{1,15})(?:\(([+.])\))?")


# What to write for letters of RNA and of alignments
HINTS = {"U": "write T for U"} | dict.fromkeys("-.", "remove gaps, or write N for them")


class Record(NamedTuple):
    """A named sequence."""

    name: str
    sequence: str

    @property
    def identifier(self) -> str:
        """The first word of the name; "" without one."""
        return "".join(self.name.split(maxsplit=1)[:1])


class Place(NamedTuple):
    """A part of a genome's forward strand, counted from 0, its end not included; and the strand of its feature."""

    chrom: str
    start: int
    end: int
    strand: str


NOWHERE = Place("", 0, 0, "")


class Middles(NamedTuple):
    """Windows from the middle of records, in the records' order.

    codes: uint8 (used, width).  used: indices of the records that have one, int64 (used,).  places: the places of the
    windows.  reasons: of each record, why it has none; "" for a record that has one.
    """

    codes: np.ndarray
    used: np.ndarray
    places: list[Place]
    reasons: list[str]


def read_fasta(path: str | Path) -> list[Record]:
    """Return the records of a FASTA file, plain or gzip, in its order; see fasta_records."""
    with open_text(path) as file:
        return list(fasta_records(file, path))


def begins_fasta(head: str) -> bool:
    """Whether the beginning of a file is a FASTA header before nucleotides, not before the rows of a matrix."""
    written = [line.strip() for line in head.splitlines() if line.strip()][:2]
    return len(written) == 2 and written[0].startswith(">") and foreign_letter(written[1]) is None


def fasta_records(lines: Iterable[str], where: str | Path) -> Iterator[Record]:
    """Yield the records of FASTA in lines, one after the other; see fasta_lines, which takes longer for short ones."""
    header: tuple[int, str] | None = None
    texts: list[str] = []
    for of, text in _with_headers(lines, where):
        if text:
            texts.append(text)
        else:
            if header:
                yield _record(header, texts, where)
            header, texts = of, []
    if header is None:
        raise _empty(where)
    yield _record(header, texts, where)


def fasta_lines(lines: Iterable[str], where: str | Path) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the name of each record, the whole line after ">", and its lines of sequence, which may be left unread.

    where: the file, for messages. InputError with its line for a character that is no nucleotide, for a sequence
    without a name or bases, and if there is no record.
    """
    empty = True
    for (number, name), of_record in groupby(_with_headers(lines, where), key=itemgetter(0)):
        empty = False
        texts = (text for _, text in of_record if text)
        first = next(texts, None)
        if first is None:
            raise _without_sequence((number, name), where)
        yield name, chain([first], texts)
    if empty:
        raise _empty(where)


def _record(header: tuple[int, str], texts: Sequence[str], where: str | Path) -> Record:
    if not texts:
        raise _without_sequence(header, where)
    return Record(header[1], texts[0] if len(texts) == 1 else "".join(texts))


def _without_sequence(header: tuple[int, str], where: str | Path) -> InputError:
    return InputError(
        f"{where}, line {header[0]}: record {quoted(header[1])} has no sequence; add it or remove the record"
    )


def _empty(where: str | Path) -> InputError:
    return InputError(f"{where} is empty; it must hold sequences in FASTA")


def _with_headers(lines: Iterable[str], where: str | Path) -> Iterator[tuple[tuple[int, str], str]]:
    """Yield number and name of the last header with each line of sequence, and with "" for the header itself."""
    header: tuple[int, str] | None = None
    for number, text in enumerate(lines, start=1):
        text = text.strip()
        if text.startswith(">"):
            header = (number, text[1:].strip())
            yield header, ""
        elif text:
            if header is None:
                raise InputError(f"{where}, line {number}: sequence before the first header; FASTA starts with '>'")
            if foreign_letter(text):
                check_letters(text, f"{where}, line {number}")
            yield header, text


def cut_middles(records: Sequence[Record], width: int) -> Middles:
    """Return the middle window of width bp of each record, unless it is too short or the window holds N."""
    reasons = ["" if len(record.sequence) >= width else "too_short" for record in records]
    long = [i for i, reason in enumerate(reasons) if not reason]
    starts = [(len(records[i].sequence) - width) // 2 for i in long]
    windows = [records[i].sequence[start : start + width] for i, start in zip(long, starts, strict=True)]
    codes = to_codes(windows).reshape(-1, width)
    clean = ~(codes == N_CODE).any(axis=1)
    places = [part_of(place_of(records[i]), start, width) for i, start in zip(long, starts, strict=True)]
    for i in compress(long, ~clean):
        reasons[i] = "with_n"
    return Middles(codes[clean], np.array(long, np.int64)[clean], list(compress(places, clean)), reasons)


def place_of(record: Record) -> Place:
    """Return the place in a record's name, `chrom:start-end` or `chrom:start-end(+)`; NOWHERE if there is none.

    A place as long as the sequence counts from 0 (bedtools); one a base shorter counts from 1 and includes its end
    (samtools). A place of another length, or on the reverse strand, does not describe this sequence.
    """
    # Most names say no place, and a search for a letter takes a tenth of the time of a pattern.
    found = PLACE.fullmatch(record.identifier) if ":" in record.name else None
    if not found:
        return NOWHERE
    start, end = int(found[2]), int(found[3])
    first = {0: start, 1: start - 1}.get(len(record.sequence) - (end - start), -1)
    return Place(found[1], first, end, found[4] or ".") if first >= 0 else NOWHERE


def names_place(record: Record) -> bool:
    """Whether a record's name has the form of a place, be it that of its sequence or not."""
    return PLACE.fullmatch(record.identifier) is not None


def part_of(place: Place, offset: int, width: int) -> Place:
    """Return the part of a place that starts at an offset and has width bp; NOWHERE of NOWHERE."""
    return place._replace(start=place.start + offset, end=place.start + offset + width) if place.chrom else NOWHERE


def check_letters(sequence: str, where: str) -> None:
    """Raise InputError if the sequence holds a character that is no nucleotide."""
    letter = foreign_letter(sequence)
    if letter:
        hint = HINTS.get(letter.upper(), f"use {NUCLEOTIDES} or IUPAC's {AMBIGUITY}")
        raise InputError(f"{where}: {letter!r} is no DNA letter; {hint}")
