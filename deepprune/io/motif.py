"""Motif files: MEME, JASPAR, TRANSFAC.

https://meme-suite.org/meme/doc/meme-format.html
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import StringIO
from itertools import takewhile
from pathlib import Path

import numpy as np

from deepprune.dna.codes import BASES
from deepprune.errors import InputError, quoted
from deepprune.io.fasta import begins_fasta
from deepprune.io.files import open_text, write_atomic

UNIFORM = (0.25, 0.25, 0.25, 0.25)
# The MEME Suite's default background
DEFAULT_SITES = 20.0
SUM_TOLERANCE = 1e-2
HEAD = 4096  # letters that tell FASTA from JASPAR's format
# Longest name: captions widen figures.
NAME_LETTERS = 500

# DNA alphabets by their letters, by their names, and by the standard alphabet that a custom one is LIKE
OTHER_ALPHABETS = {
    "RNA": ("ACGU", "RNA", "RNA-LIKE"),
    "protein": ("ACDEFGHIKLMNPQRSTVWY", "PROTEIN", "PROTEIN-LIKE"),
}

_ROW = re.compile(r"\s*[-+]?(\.?\d|nan|inf)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True, eq=False)
class Motif:
    """A motif: base probabilities and counts at each position. Matrices: float64, shape (width, 4), columns A C G T.

    name: the identifier, one word.  alt: a second, readable name, or "".  probabilities: rows sum to one.  sites: the
    number of binding sites.  counts: of each base among the sites; by default probabilities times sites.  background:
    frequencies of A C G T in the sequences that the sites are from.
    Both matrices are kept, because pseudocounts separate probabilities from counts and rounding separates counts from
    probabilities.
    """

    name: str
    alt: str
    probabilities: np.ndarray
    sites: float
    counts: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    background: Sequence[float] = UNIFORM

    def __post_init__(self) -> None:
        probabilities = np.array(self.probabilities, dtype=np.float64)
        if probabilities.ndim != 2 or probabilities.shape[1] != 4 or not len(probabilities):
            raise ValueError(f"motif {self.name}: probabilities of shape {probabilities.shape}, expected (width, 4)")
        counts = np.array(self.counts if len(self.counts) else probabilities * self.sites, dtype=np.float64)
        if counts.shape != probabilities.shape:
            raise ValueError(f"motif {self.name}: {len(counts)} rows of counts, expected {len(probabilities)}")
        for name, matrix in (("probabilities", probabilities), ("counts", counts)):
            matrix.setflags(write=False)
            object.__setattr__(self, name, matrix)
        object.__setattr__(self, "background", tuple(map(float, self.background)))

    @classmethod
    def of_counts(cls, name: str, alt: str, counts: np.ndarray, sites: float, pseudocount: float = 0) -> "Motif":
        """Return a motif from counts; a position without any base gets equal probabilities.

        pseudocount: added to each position, divided equally among the bases.
        """
        smoothed = counts + pseudocount / 4
        totals = smoothed.sum(axis=1, keepdims=True)
        probabilities = np.divide(smoothed, totals, where=totals > 0, out=np.full(smoothed.shape, 0.25))
        return cls(name, alt, probabilities, sites, counts)

    @property
    def width(self) -> int:
        return len(self.probabilities)

    @cached_property
    def consensus(self) -> str:
        """The most probable base of each position, the first in alphabetical order where two are equal."""
        return "".join(BASES[base] for base in self.probabilities.argmax(axis=1))

    def at(self, positions: slice | np.ndarray) -> "Motif":
        """Return the motif of these positions, in their order."""
        return replace(self, probabilities=self.probabilities[positions], counts=self.counts[positions])

    def reverse_complement(self) -> "Motif":
        """Return the motif of the opposite strand."""
        probabilities, counts = (matrix[::-1, ::-1] for matrix in (self.probabilities, self.counts))
        return replace(self, probabilities=probabilities, counts=counts, background=self.background[::-1])


def by_name(motifs: Iterable[Motif]) -> dict[str, Motif]:
    """Return motifs by their names."""
    return {motif.name: motif for motif in motifs}


def information_content(probabilities: np.ndarray, sites: np.ndarray | float | None = None) -> np.ndarray:
    """Return the bits of each position against a uniform background: 2 - entropy, shape (width,).

    sites: subtract the small-sample correction 3 / (2 ln 2 sites), not below zero (Schneider et al. 1986).
    """
    logs = np.log2(probabilities, where=probabilities > 0, out=np.zeros_like(probabilities))
    bits = 2 + (probabilities * logs).sum(axis=1)
    if sites is not None:
        bits = bits - 3 / (2 * np.log(2) * np.maximum(sites, 1))
    return np.clip(bits, 0.0, 2.0)


def read_motifs(path: Path | str, may_be_empty: bool = False) -> list[Motif]:
    """Read all motifs of a MEME, JASPAR or TRANSFAC file; the format is recognized from the content.

    InputError for another format (FASTA is told from JASPAR's), an alphabet other than DNA, a malformed or repeated
    motif, a name that cannot be printed, or no motif. may_be_empty allows no motif, as in our own file when no
    kernel yields one.
    """
    path = Path(path)
    with open_text(path) as handle:
        head = handle.read(HEAD)
        if begins_fasta(head):  # a genome may not fit into memory
            raise InputError(f"{path} holds sequences (FASTA), not motifs; expected MEME, JASPAR or TRANSFAC format")
        lines = (head + handle.read()).splitlines()
    written = next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")
    if any(line.startswith("MEME version") for line in lines):
        motifs = _read_meme(path, lines)
    elif written.startswith(">"):
        motifs = _read_counts(path, lines, "jaspar")
    elif re.match(r"([A-Z][A-Z0-9]|//)(\s|$)", written):
        motifs = _read_counts(path, lines, "transfac")
    elif not written:
        raise InputError(f"{path}: the file is empty; expected motifs in MEME, JASPAR or TRANSFAC format")
    else:
        raise InputError(f"{path}: not a motif file; expected MEME, JASPAR or TRANSFAC format")
    if not motifs and not may_be_empty:
        raise InputError(f"{path}: no motif in the file; is it the right one?")
    names = set()
    for motif in motifs:
        for name in (motif.name, motif.alt):
            _check_name(path, name)
        if motif.name in names:
            again = [n for n, line in enumerate(lines, 1) if motif.name in line.replace(">", " ").split()[:2]][1:2]
            where = f"{path}, line {again[0]}" if again else path
            raise InputError(f"{where}: two motifs are called {motif.name}; give each its own name")
        names.add(motif.name)
    return motifs


def write_meme(path: Path | str, motifs: Sequence[Motif], background: Sequence[float] | None = None) -> None:
    """Write motifs in MEME minimal format; probabilities and numbers of sites are read back unchanged.

    background: frequencies of A C G T, one set for the file; by default the first motif's.
    """
    if background is None:
        background = motifs[0].background if motifs else UNIFORM
    lines = [
        "MEME version 4",
        "",
        f"ALPHABET= {BASES}",
        "",
        "strands: + -",
        "",
        "Background letter frequencies",
        " ".join(f"{base} {frequency:.6f}" for base, frequency in zip(BASES, background, strict=True)),
    ]
    for motif in motifs:
        names = [_word(name) for name in (motif.name, motif.alt) if name]
        lines += [
            "",
            " ".join(["MOTIF", *names]),
            f"letter-probability matrix: alength= 4 w= {motif.width} nsites= {_decimal(motif.sites)} E= 0",
            *(" ".join(_decimal(value) for value in row) for row in motif.probabilities),
        ]
    with write_atomic(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read_meme(path: Path, lines: list[str]) -> list[Motif]:
    """Return the motifs of a MEME file, including one that the program `meme` writes, with other text between matrices.

    Biopython's parser rounds probabilities to whole counts and drops second names, hence a parser of our own.
    """
    motifs = []
    name, alt, named = "", "", 0
    background: Sequence[float] = UNIFORM
    for number, line in enumerate(lines, start=1):
        words = line.split()
        where = f"{path}, line {number}"
        if line.startswith("ALPHABET"):
            _check_alphabet(where, line)
        elif line.startswith("Background letter frequencies"):
            background = _background(" ".join(lines[number : number + 1]))
        elif words[:1] == ["MOTIF"]:
            if name:
                break
            if len(words) == 1:
                raise InputError(f"{where}: MOTIF without a name; write one behind it")
            _check_name(where, words[1])
            # The program `meme` appends "width = 8 sites = ...", old versions directly after the name.
            name, alt, named = words[1], "" if words[2:3] in ([], ["width"]) else words[2], number
        elif line.startswith("letter-probability matrix:"):
            if not name:
                raise InputError(f"{where}: a matrix without a MOTIF line before it; add MOTIF and a name")
            alength, width, nsites = (_header_value(where, line, key) for key in ("alength", "w", "nsites"))
            if alength not in (None, 4):
                raise InputError(f"{where}: motif {name} has {alength:g} letters; give motifs of DNA (alength= 4)")
            rows = list(takewhile(_ROW.match, (lines[at] for at in range(number, len(lines)))))
            probabilities = [
                _probabilities(f"{path}, line {at}", name, row.split()) for at, row in enumerate(rows, start=number + 1)
            ]
            end = f"{path}, line {number + len(rows) + 1}"
            if not rows:
                raise InputError(f"{end}: motif {name} has no rows of probabilities; is the file cut off?")
            if width not in (None, len(rows)):
                raise InputError(
                    f"{end}: rows of motif {name} end, {len(rows)} in all, but w= {width:g}; correct w or the rows"
                )
            matrix = np.array(probabilities)
            motifs.append(Motif(name, alt, matrix, nsites or DEFAULT_SITES, background=background))
            name = ""
    if name:
        raise InputError(
            f"{path}, line {named}: motif {name} has no letter-probability matrix; add one or remove the motif"
        )
    return motifs


def _check_name(where: Path | str, name: str) -> None:
    """Raise InputError for a name that is too long or cannot be printed.

    Unprintable letters break the XML of figures; changes of the reading direction display another name.
    """
    if not name.isprintable() or len(name) > NAME_LETTERS:
        raise InputError(
            f"{where}: a motif is called {quoted(name)}, but names must be of {NAME_LETTERS} letters at most, all of "
            "which can be printed; rename it"
        )


def _background(line: str) -> Sequence[float]:
    """Return the frequencies of a line `A 0.3 C 0.2 G 0.2 T 0.3`; UNIFORM for any other line."""
    letters, frequencies = line.split()[::2], line.split()[1::2]
    if letters != list(BASES) or len(frequencies) != 4 or not all(map(_NUMBER.fullmatch, frequencies)):
        return UNIFORM
    return tuple(map(float, frequencies))


def _check_alphabet(where: str, line: str) -> None:
    """Raise InputError if an alphabet is not DNA.

    It is given as `ALPHABET= LETTERS`, or as `ALPHABET "name" LIKE` before a list of letters.
    """
    text = line.removeprefix("ALPHABET").lstrip(" \t=").rstrip()
    name = (text.split('"')[1] if text.startswith('"') else text).upper()
    if name not in ("DNA", BASES):
        kinds = [kind for kind, names in OTHER_ALPHABETS.items() if name in names or text.endswith(names[-1])]
        raise InputError(
            f"{where}: the alphabet {text} is {kinds[0] + ', ' if kinds else ''}not DNA; "
            f"give motifs of DNA (ALPHABET= {BASES})"
        )


def _header_value(where: str, line: str, key: str) -> float | None:
    found = re.search(rf"\b{key}=\s*(\S*)", line)
    if found is None:
        return None
    if not _NUMBER.fullmatch(found[1]) or not 0 <= float(found[1]) < np.inf:
        raise InputError(f"{where}: {key}= {found[1]} is not a number of zero or more; correct it or leave it out")
    return float(found[1])


def _probabilities(where: str, name: str, row: list[str]) -> list[float]:
    if len(row) != 4 or not all(_NUMBER.fullmatch(word) for word in row):
        raise InputError(f"{where}: motif {name} needs four probabilities in each row, found {quoted(' '.join(row))}")
    a, c, g, t = values = [float(word) for word in row]
    total = a + c + g + t
    if min(values) < 0:
        raise InputError(f"{where}: motif {name} has the probability {min(values):g}; it must be zero or more")
    if abs(total - 1) > SUM_TOLERANCE:
        raise InputError(f"{where}: the row of motif {name} sums to {total:g}, not one; divide it by its sum")
    # Rows that sum to one up to rounding stay as they are, so that a written file reads back unchanged.
    return values if abs(total - 1) < 1e-12 else [value / total for value in values]


def _read_counts(path: Path, lines: list[str], file_format: str) -> list[Motif]:
    """Return the motifs of a file of count matrices, read by Biopython.

    Biopython skips unfinished records silently; the number of matrices is therefore compared.
    """
    from Bio import motifs as bio_motifs  # imported here: slow, and few files need it

    opening = ">" if file_format == "jaspar" else ("P0", "PO")
    expected = sum(line.startswith(opening) for line in lines)
    try:
        records = bio_motifs.parse(StringIO("\n".join(lines) + "\n"), file_format, strict=False)
    except Exception as error:  # Biopython raises bare Exceptions too
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not a valid {file_format.upper()} file ({reason})") from None
    if len(records) != expected:
        raise InputError(f"{path}: {expected} matrices begin but {len(records)} are complete; is the file cut off?")
    if file_format == "jaspar":
        return [motif_of_counts(path, record.matrix_id, record.name, record.counts) for record in records]
    motifs = []
    for index, record in enumerate(records, start=1):
        names = [_word(record.get(key)) for key in ("AC", "ID", "NA") if record.get(key)]
        name, alt, *_ = [*(names or [f"motif_{index}"]), ""]
        motifs.append(motif_of_counts(path, name, alt, record.counts))
    return motifs


def motif_of_counts(source: Path | str, name: str, alt: str, counts: Mapping[str, Sequence[float]]) -> Motif:
    """Return a motif from the counts of each base; InputError unless they make one. source: for messages."""
    matrix = np.array([counts[base] for base in BASES], dtype=np.float64).T
    totals = matrix.sum(axis=1)
    if not len(matrix) or not np.isfinite(matrix).all() or totals.min() <= 0 or matrix.min() < 0:
        raise InputError(f"{source}: motif {name} needs counts of zero or more, and some in each position")
    # Positions of SELEX matrices differ in their totals; JASPAR's own MEME files give the rounded mean. A total of one
    # means probabilities, which do not tell the number of sites.
    sites = float(np.floor(totals.mean() + 0.5))
    sites = sites if sites > 1 else DEFAULT_SITES
    return Motif.of_counts(name, "" if alt == name else alt, matrix, sites)


def _word(name: str) -> str:
    return "_".join(name.split())


def _decimal(value: float) -> str:
    """Return the shortest decimal that reads back as the same float64."""
    return np.format_float_positional(value, unique=True, trim="-")
