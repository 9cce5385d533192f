"""FASTA: https://blast.ncbi.nlm.nih.gov/doc/blast-topics/#fasta"""

from pathlib import Path
from typing import NamedTuple

from deepprune.dna.codes import AMBIGUITY, NUCLEOTIDES, foreign_letter
from deepprune.errors import InputError
from deepprune.io.files import open_text


class Record(NamedTuple):
    """A named sequence."""

    name: str
    sequence: str


def read_fasta(path: str | Path) -> list[Record]:
    """Return the records of a FASTA file, plain or gzip, in its order; a name is the whole line after ">".

    InputError with file and line for a character that is no nucleotide, a sequence without a name or without bases.
    """
    records: list[Record] = []
    lines: list[str] = []
    header: tuple[int, str] | None = None

    def finish() -> None:
        if header:
            line, name = header
            if not lines:
                raise InputError(f"{path}, line {line}: record {name!r} has no sequence; add it or remove the record")
            records.append(Record(name, "".join(lines)))

    with open_text(path) as file:
        for number, text in enumerate(file, start=1):
            text = text.strip()
            if text.startswith(">"):
                finish()
                header, lines = (number, text[1:].strip()), []
            elif text:
                if header is None:
                    raise InputError(f"{path}, line {number}: sequence before the first header; FASTA starts with '>'")
                check_letters(text, f"{path}, line {number}")
                lines.append(text)
        finish()
    if not records:
        raise InputError(f"{path} is empty; it must hold sequences in FASTA")
    return records


def check_letters(sequence: str, where: str) -> None:
    """Raise InputError if the sequence holds a character that is no nucleotide."""
    letter = foreign_letter(sequence)
    if letter:
        hint = "write T for U" if letter in "Uu" else f"use {NUCLEOTIDES} or IUPAC's {AMBIGUITY}"
        raise InputError(f"{where}: {letter!r} is no DNA letter; {hint}")
