"""Instances of motifs in sequences.

lightmotif scans: https://github.com/althonos/lightmotif
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import lightmotif
import numpy as np
import pandas as pd

from deepprune.data.dataset import Dataset
from deepprune.data.origins import Origins
from deepprune.data.stream import PIECE, Chunk
from deepprune.dna.codes import BASES, N_CODE, reverse_complement, to_text
from deepprune.io.files import write_atomic
from deepprune.io.motif import Motif
from deepprune.motifs.scoring import Scoring, both_ways, scoring

STRANDS = ("both", "given")
INSTANCE = ["sequence", "start", "end", "motif", "strand", "score", "p-value", "word"]
PLACED = ["name", "chrom", "from", *INSTANCE[1:]]
BED = "{}\t{}\t{}\t{}\t{:.0f}\t{}\t{}\t{:.4f}\t{:.3g}\n"
HIGHEST = 1000  # score in BED
WITH_N = -(1 << 40)  # steps of the letter N: no word that holds it reaches a limit


class Search(NamedTuple):
    """What to search for.

    motifs: one or more.  background: frequencies of A C G T, positive; None for those of each motif.  p_value: the
    largest of an instance.  strands: one of STRANDS; `both` takes the mean of the background's two strands.
    """

    motifs: Sequence[Motif]
    background: Sequence[float] | None = None
    p_value: float = 1e-4
    strands: str = "both"

    @property
    def width(self) -> int:
        """The width of the widest motif."""
        return max(motif.width for motif in self.motifs)


class Pattern(NamedTuple):
    """A motif that is read on one strand.

    motif: its number.  strand: "+" or "-".  steps: of A C G T N at each position of the forward strand, int64
    (width, 5).  limit: the smallest sum of steps of an instance.
    """

    motif: int
    strand: str
    scoring: Scoring
    steps: np.ndarray
    limit: int


def patterns(search: Search) -> list[Pattern]:
    """Return each motif on each strand that is searched."""
    found = []
    for number, motif in enumerate(search.motifs):
        background = motif.background if search.background is None else search.background
        scores = scoring(motif, both_ways(background) if search.strands == "both" else background)
        strands = {"+": scores.steps, "-": scores.steps[::-1, ::-1]}
        for strand in "+-" if search.strands == "both" else "+":
            steps = np.pad(strands[strand], ((0, 0), (0, 1)), constant_values=WITH_N)
            found.append(Pattern(number, strand, scores, steps, scores.limit(search.p_value)))
    return found


def instances(sequences: Sequence[np.ndarray], patterns: Sequence[Pattern]) -> pd.DataFrame:
    """Return the instances in sequences, by sequence, start, motif and strand: the columns INSTANCE.

    sequences: codes, uint8 (length,), one or more of any lengths.  sequence, motif: numbers.  start, end: as in BED,
    from 0 and without the end.  score: bits.  word: as the motif reads it; a word that holds N is no instance.
    """
    apart = np.array([N_CODE], np.uint8)
    codes = np.concatenate([part for sequence in sequences for part in (sequence, apart)])
    first = np.cumsum([0, *(len(sequence) + 1 for sequence in sequences)])
    striped = lightmotif.stripe(to_text(codes[None])[0])
    found = pd.concat([read(pattern, codes, candidates(pattern, striped)) for pattern in patterns])
    found = found.sort_values(["start", "motif", "strand"], kind="stable", ignore_index=True)
    sequence = np.searchsorted(first, found["start"], "right") - 1
    moved = found[["start", "end"]].sub(first[sequence], axis="index")
    return found.assign(sequence=sequence, **moved)[INSTANCE]


def candidates(pattern: Pattern, striped: lightmotif.StripedSequence) -> np.ndarray:
    """Return where a sequence may hold instances, int64 (n,): everywhere it does, at words with N, beyond its end."""
    columns = dict(zip(BASES, pattern.steps.T.astype(float).tolist(), strict=False)) | {"N": [0.0] * len(pattern.steps)}
    # Sums of steps are whole numbers below 2**24, which lightmotif's float32 adds without rounding.
    scores = lightmotif.ScoringMatrix(columns).calculate(striped)
    return np.array(scores.threshold(float(pattern.limit)), np.int64)


def read(pattern: Pattern, codes: np.ndarray, starts: np.ndarray) -> pd.DataFrame:
    """Return the instances of a pattern among the words that start here; codes: uint8 (length,)."""
    width = len(pattern.steps)
    starts = starts[starts <= len(codes) - width]
    sums = np.zeros(len(starts), np.int64)
    for offset, steps in enumerate(pattern.steps):
        sums += steps[codes[starts + offset]]
    starts, sums = starts[sums >= pattern.limit], sums[sums >= pattern.limit]
    words = codes[starts[:, None] + np.arange(width)]
    return pd.DataFrame(
        {
            "start": starts,
            "end": starts + width,
            "motif": pattern.motif,
            "strand": pattern.strand,
            "score": pattern.scoring.bits(sums),
            "p-value": pattern.scoring.p_values[sums],
            "word": to_text(words if pattern.strand == "+" else reverse_complement(words)),
        }
    )


def placed(chunks: Iterable[Chunk], search: Search) -> Iterator[pd.DataFrame]:
    """Yield the instances in the pieces of sequences: the columns PLACED.

    chunks: of pieces that overlap by the widest motif's width less one.  name: the sequence's.  chrom, from: the place
    of its start; "" and 0 where it is not known.  start, end: in the whole sequence.  Others as for instances.
    """
    ready = patterns(search)
    for some in gathered(chunks):
        origins = Origins.join([chunk.origins for chunk in some])
        offset = np.concatenate([chunk.offset for chunk in some])
        found = instances([codes for chunk in some for codes in chunk.codes], ready)
        found = found[found["start"] < PIECE]  # The others are in the next piece, too.
        row = found["sequence"].to_numpy()
        moved = found[["start", "end"]].add(offset[row], axis="index")
        columns = {"name": origins.name[row], "chrom": origins.chrom[row], "from": origins.start[row]}
        yield found.assign(**columns, **moved)[PLACED]


def bed_rows(found: pd.DataFrame, motifs: Sequence[Motif]) -> str:
    """Return placed instances as lines of BED6+3: peak, score and p-value are the further columns.

    The score of BED is -100 log10 of the p-value, up to 1,000, as in JASPAR's tracks.
    """
    columns = (
        found["chrom"].where(found["chrom"] != "", found["name"]).replace("", "."),
        found["from"] + found["start"],
        found["from"] + found["end"],
        [motifs[motif].name for motif in found["motif"]],
        np.minimum(np.rint(-100 * np.log10(found["p-value"])), HIGHEST),
        found["strand"],
        found["name"].replace("", "."),
        found["score"],
        found["p-value"],
    )
    return "".join(BED.format(*row) for row in zip(*columns, strict=True))


def write_hits(data: Dataset, motifs: Sequence[Motif], path: str | Path) -> None:
    """Write the instances of motifs in the positives of a data set as BED; see `bed_rows`."""
    rows = np.flatnonzero(data.positive())
    chunk = Chunk.whole(data.origins.take(rows), data.codes[rows])
    with write_atomic(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for found in placed([chunk], Search(motifs)) if motifs else ():
            file.write(bed_rows(found, motifs))


def gathered(chunks: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    """Yield chunks in lists of PIECE bases or a few more: a scan of many short sequences at once takes less time."""
    some: list[Chunk] = []
    bases = 0
    for chunk in chunks:
        some.append(chunk)
        bases += chunk.codes.size
        if bases >= PIECE:
            yield some
            some, bases = [], 0
    if some:
        yield some
