"""Variants in VCF files.

https://samtools.github.io/hts-specs/VCFv4.4.pdf
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from deepprune.dna.codes import AMBIGUITY, BASES, NUCLEOTIDES
from deepprune.errors import InputError, quoted
from deepprune.io.files import open_text

FIRST, COLUMNS = "##fileformat=VCFv4", ("#CHROM", "POS", "ID", "REF", "ALT")
LONGEST = 50  # bases of an allele; longer variants are structural ones
KNOWN = re.compile(f"[{BASES}]+", re.IGNORECASE | re.ASCII)
LETTERS = re.compile(f"[{NUCLEOTIDES}{AMBIGUITY}]+", re.IGNORECASE | re.ASCII)
# Alleles without a sequence: symbolic ones <DEL>, breakends G]17:198982], overlapping deletions *, and none
SYMBOLIC = re.compile(r"<.*>|.*[\[\]].*|\.\w+|\w+\.|\*", re.ASCII)
NO_ALTERNATIVE = "."


class Variant(NamedTuple):
    """A reference and one alternative allele; pos counts from 1 and is that of the reference's first base."""

    chrom: str
    pos: int
    id: str
    ref: str
    alt: str

    @property
    def start(self) -> int:
        """Where the reference begins, counted from 0."""
        return self.pos - 1


class VcfFile:
    """A VCF 4 file that is read in its order, in memory that does not grow with it.

    path: plain or gzip; "-" is standard input.  longest: bases of an allele.  skipped: after the file was read, the
    number of alternative alleles that are no variants, for each reason.
    """

    def __init__(self, path: str | Path, longest: int = LONGEST) -> None:
        self.path, self.longest = path, longest
        self.skipped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Variant]:
        """Yield a variant for each alternative allele; InputError names file and line."""
        with open_text(self.path) as file:
            for variant in variants_in(file, self.path):
                if reason := reason_to_skip(variant, self.longest):
                    self.skipped[reason] += 1
                else:
                    yield variant


def variants_in(lines: Iterable[str], where: str | Path) -> Iterator[Variant]:
    """Yield all alternative alleles in lines, also those without a sequence; where: the file, for messages."""
    numbered = enumerate(lines, start=1)
    check_header(numbered, where)
    for number, line in numbered:
        if line.strip():
            yield from parse_row(line, f"{where}, line {number}")


def check_header(numbered: Iterator[tuple[int, str]], where: str | Path) -> None:
    """Read the lines of the header; InputError if they are not those of VCF 4."""
    _, first = next(numbered, (1, ""))
    if not first:
        raise InputError(f"{where} is empty; it must hold variants in VCF")
    if not first.startswith(FIRST):
        raise InputError(
            f"{where} does not begin with {FIRST}; give a VCF 4 file with its header (bcftools view writes it)"
        )
    for number, line in numbered:
        if not line.startswith("##"):
            if tuple(line.rstrip().split("\t")[: len(COLUMNS)]) != COLUMNS:
                raise InputError(
                    f"{where}, line {number}: the header of VCF ends in a line {' '.join(COLUMNS)} ..., separated by "
                    "tabs, before the first variant; add it"
                )
            return
    raise InputError(f"{where} ends within its header, before the line {' '.join(COLUMNS)}; is it cut off?")


def parse_row(line: str, where: str) -> Iterator[Variant]:
    """Yield the variants of a row; only its first five columns are read."""
    cells = line.rstrip("\r\n").split("\t", len(COLUMNS))
    if len(cells) < len(COLUMNS):
        raise InputError(f"{where}: {len(cells)} columns, separated by tabs, but VCF has at least 8; mend the row")
    chrom, position, name, ref, alts = cells[: len(COLUMNS)]
    # isdecimal alone holds for digits of other scripts too, and longer numbers are no places.
    if not (position.isascii() and position.isdecimal() and len(position) < 16):
        raise InputError(f"{where}: POS is {quoted(position)}, but must be a whole number")
    if not LETTERS.fullmatch(ref):
        raise InputError(f"{where}: REF is {quoted(ref)}, but must be bases")
    for alt in alts.split(","):
        if alt != NO_ALTERNATIVE and not LETTERS.fullmatch(alt) and not SYMBOLIC.fullmatch(alt):
            raise InputError(f"{where}: ALT holds {quoted(alt)}, which is neither bases nor a symbolic allele")
        yield Variant(chrom, int(position), name, ref, alt)


def reason_to_skip(variant: Variant, longest: int) -> str:
    """Return why an alternative allele is no variant of known and short sequence; "" if it is one."""
    if variant.alt == NO_ALTERNATIVE:
        return "no_alternative"
    if not KNOWN.fullmatch(variant.alt):
        return "ambiguous" if LETTERS.fullmatch(variant.alt) else "symbolic"
    return "too_long" if max(len(variant.ref), len(variant.alt)) > longest else ""
