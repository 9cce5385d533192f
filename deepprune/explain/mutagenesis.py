"""In-silico mutagenesis: how each substitution in a sequence changes its logit."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.stream import Chunk
from deepprune.dna.codes import BASES, N_CODE, NUCLEOTIDES
from deepprune.errors import InputError, quoted
from deepprune.explain.contributions import Contributions, contributions
from deepprune.explain.windows import PLACE, place_table
from deepprune.models.model_file import Model

LONGEST = 10_000  # bp of a sequence; the work grows with the square of its length
BATCH = 1 << 20  # bases of the mutated sequences that are scanned at once
COLUMNS = [*PLACE, "position", "ref", "alt", "change", "kernels", "background"]


class Mutagenesis(NamedTuple):
    """The changes of a sequence's logit by substitutions, each the sum of two summands.

    codes: uint8 (length,), the sequence.  kernels, background: float64 (length, 4), what the kernels and the background
    add to the change if the letter at a position becomes A, C, G or T; 0 for the sequence's own letter.
    """

    codes: np.ndarray
    kernels: np.ndarray
    background: np.ndarray

    @property
    def changes(self) -> np.ndarray:
        """The changes of the logit, float64 (length, 4)."""
        return self.kernels + self.background

    @property
    def losses(self) -> np.ndarray:
        """The mean loss by the three substitutions of each letter of the sequence, float64 (length, 4).

        It stands in the column of the letter; the others are 0, and so is a position with N.
        """
        own = self.codes[:, None] == np.arange(len(BASES))
        return np.where(own, -self.changes.sum(axis=1, keepdims=True) / (len(BASES) - 1), 0)


def mutagenesis(model: Model, codes: np.ndarray, task: int = 0) -> Mutagenesis:
    """Return the changes of a task's logit by every substitution; codes: uint8 (length,), not shorter than a kernel."""
    length = len(codes)
    size = max(1, BATCH // (len(BASES) * length))
    parts = [_mutated(model, codes, np.arange(at, min(at + size, length)), task) for at in range(0, length, size)]
    own = contributions(model, codes[None], task)
    kernels = np.concatenate([part.kernels for part in parts]) - own.kernels
    background = np.concatenate([part.background for part in parts]) - own.background
    shape = (length, len(BASES))
    return Mutagenesis(codes, kernels.sum(axis=1).reshape(shape), background.reshape(shape))


def _mutated(model: Model, codes: np.ndarray, positions: np.ndarray, task: int) -> Contributions:
    """Return the summands of the sequences with A, C, G and T at each of these positions, in this order."""
    mutated = np.repeat(codes[None], len(BASES) * len(positions), axis=0)
    letters = np.tile(np.arange(len(BASES)), len(positions))
    mutated[np.arange(len(mutated)), np.repeat(positions, len(BASES))] = letters
    return contributions(model, mutated, task)


def mutagenesis_table(chunk: Chunk, found: Mutagenesis) -> pd.DataFrame:
    """Return a row for each substitution, the columns COLUMNS; positions count from 0.  chunk: the sequence alone."""
    position, alt = np.nonzero(found.codes[:, None] != np.arange(len(BASES)))
    letters = np.array(list(NUCLEOTIDES))
    place = place_table(chunk.origins)
    return place.loc[[0] * len(position)].assign(
        position=position,
        ref=letters[found.codes[position]],
        alt=letters[alt],
        change=found.changes[position, alt],
        kernels=found.kernels[position, alt],
        background=found.background[position, alt],
    )


def check_mutable(chunk: Chunk) -> None:
    """Raise InputError if a sequence is too long for mutagenesis, or holds no letter but N.  chunk: it alone."""
    length, name = chunk.codes.shape[1], str(chunk.origins.name[0])
    if length > LONGEST:
        raise InputError(
            f"the sequence {quoted(name)} has {length} bp, but mutagenesis takes {LONGEST} at most; shorten it"
        )
    if (chunk.codes == N_CODE).all():
        raise InputError(f"the sequence {quoted(name)} holds no base but N; choose another for mutagenesis")
