"""The windows of sequences by which kernels contribute to the logits."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk
from deepprune.dna.codes import to_text
from deepprune.explain.contributions import Contributions, readings, summed
from deepprune.models.model_file import Model
from deepprune.motifs.windows import Windows, letters_read

PLACE = ["sequence", "chrom", "start", "end", "strand"]
WINDOW = ["window_start", "window_end", "genome_start", "genome_end", "window_strand", "word", "activation", "weight"]
COLUMNS = [*PLACE, "summand", *WINDOW, "contribution"]


class Explained(NamedTuple):
    """The summands of the logits of sequences, each kernel's with its window.

    codes: uint8 (n, length).  width: of the windows, in bp.  kernel: int64 (parts,), the kernel of each part: a kernel
    has one part, with averaged strands one for each strand.  windows: of shape (n, parts), in the sequences.  weights:
    float64 (parts,), the output weight, with averaged strands half of it; times the activation it is the contribution.
    sums: the logits, with a kernel's parts in one summand.
    """

    origins: Origins
    codes: np.ndarray
    width: int
    kernel: np.ndarray
    windows: Windows
    weights: np.ndarray
    sums: Contributions

    @property
    def contributions(self) -> np.ndarray:
        """What each part adds to the logit, float64 (n, parts)."""
        return self.windows.activations * self.weights

    def take(self, rows: np.ndarray) -> "Explained":
        """Return these sequences, given by indices."""
        sums = Contributions(self.sums.kernels[rows], self.sums.background[rows], self.sums.intercept)
        return self._replace(
            origins=self.origins.take(rows), codes=self.codes[rows], windows=self.windows.of(rows), sums=sums
        )


def explained(model: Model, chunk: Chunk, task: int = 0) -> Explained:
    """Return the summands of a task's logits with their windows; sequences are not shorter than a kernel."""
    strands = readings(model, chunk.codes)
    # The parts of a kernel lie side by side.
    order = np.arange(len(strands) * len(model.kernels)).reshape(len(strands), -1).T.ravel()
    windows = Windows(*(np.concatenate(arrays, axis=1)[:, order] for arrays in zip(*strands, strict=True)))
    kernel = np.repeat(np.arange(len(model.kernels)), len(strands))
    weights = np.asarray(model.parameters.weights, np.float64)[kernel, task] / len(strands)
    sums = summed(model, chunk.codes, strands, task)
    return Explained(chunk.origins, chunk.codes, model.use.width, kernel, windows, weights, sums)


def window_table(found: Explained, names: Sequence[str]) -> pd.DataFrame:
    """Return a row for each summand of each sequence: parts of kernels, background, intercept; the columns COLUMNS.

    names: of the kernels. Windows are given from 0 and without the end, in the sequence and, if its place is known, in
    the genome.  window_strand: the strand of the sequence on which the kernel reads the word.
    """
    count, parts = found.windows.start.shape
    place = place_table(found.origins)
    table = place.loc[place.index.repeat(parts + 2)].reset_index(drop=True)
    table["summand"] = np.tile([*(names[kernel] for kernel in found.kernel), "background", "intercept"], count)
    start, width = found.windows.start.astype(np.int64), found.width
    known = (found.origins.chrom != "")[:, None] & np.ones(parts, bool)
    in_genome = start + found.origins.start[:, None]
    words = to_text(letters_read(found.codes, found.windows, width).reshape(-1, width))
    values = {
        "window_start": _cells(start),
        "window_end": _cells(start + width),
        "genome_start": _cells(in_genome, known),
        "genome_end": _cells(in_genome + width, known),
        "window_strand": _cells(np.where(found.windows.reverse, "-", "+")),
        "word": _cells(np.array(words, object).reshape(count, parts)),
        "activation": _cells(found.windows.activations.astype(np.float64)),
        "weight": _cells(np.broadcast_to(found.weights, (count, parts))),
    }
    rest = np.column_stack([found.sums.background, np.full(count, found.sums.intercept)])
    contribution = np.concatenate([found.contributions, rest], axis=1).ravel()
    return table.assign(**values, contribution=contribution)


def place_table(origins: Origins) -> pd.DataFrame:
    """Return name and place of sequences, the columns PLACE; of a sequence without a place `.`, 0, 0, `.`."""
    columns = (origins.name, origins.chrom, origins.start, origins.end, origins.strand)
    table = pd.DataFrame(dict(zip(PLACE, columns, strict=True)))
    return table.replace({column: {"": "."} for column in ("sequence", "chrom", "strand")})


def _cells(values: np.ndarray, known: np.ndarray | bool = True) -> np.ndarray:
    """Return a column of the table: the values of kernels where they are known, and missing ones."""
    number = values.dtype.kind == "f"
    cells = np.full((len(values), values.shape[1] + 2), np.nan if number else None, float if number else object)
    cells[:, :-2] = np.where(known, values if number else values.astype(object), cells[:, :-2])
    return cells.ravel()


def label_of(origins: Origins) -> str:
    """Return name and place of the first sequence in a line, `name (chrom:start-end)`; the place is in the genome."""
    name, chrom = str(origins.name[0]) or ".", str(origins.chrom[0])
    place = f"{chrom}:{origins.start[0]}-{origins.end[0]}"
    return f"{name} ({place})" if chrom and name != place else name


def strongest(found: Iterable[Explained], number: int) -> list[Explained]:
    """Return the sequences with the largest logits, the largest first, each alone; the first of equal ones stay."""
    alone = [
        some.take(np.array([row]))
        for some in found
        for row in np.argsort(-some.sums.logits, kind="stable")[:number].tolist()
    ]
    return sorted(alone, key=lambda one: -float(one.sums.logits[0]))[:number]
