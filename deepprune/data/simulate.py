"""Simulation of data sets with one motif instance in each positive."""

from collections.abc import Sequence

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.data.seeds import stable_seed
from deepprune.dna.codes import BASES
from deepprune.errors import InputError
from deepprune.io.motif import Motif


def simulate(motifs: Sequence[Motif], length: int, positives: int, negatives: int, margin: int, seed: int) -> Dataset:
    """Draw a data set; training (still with validation) and test each get these numbers of positives and negatives.

    All bases are equally likely. Every positive holds one instance of one of the motifs, which are equally likely, at a
    uniform position at least margin bp from both ends. The data set, background included, depends on seed and motifs.
    InputError if a motif is too wide.
    """
    check_motifs(motifs)
    for motif in motifs:
        width = len(motif.probabilities)
        if length < width + 2 * margin:
            raise InputError(
                f"the motif {motif.name}, {width} bp wide, does not fit between margins of {margin} bp in sequences of "
                f"{length} bp; raise simulate.length or lower simulate.margin"
            )
    rng = np.random.default_rng(stable_seed(seed, "simulate", *contents(motifs)))
    labels = np.repeat(np.array([1, 0, 1, 0], np.uint8), [positives, negatives] * 2)
    split = np.repeat(np.array([TRAIN, TEST], np.uint8), positives + negatives)
    codes = rng.integers(len(BASES), size=(len(labels), length), dtype=np.uint8)
    bound = np.flatnonzero(labels)
    choice = rng.integers(len(motifs), size=len(bound))
    for i, motif in enumerate(motifs):
        rows = bound[choice == i]
        instances = draw_instances(motif.probabilities, len(rows), rng)
        width = instances.shape[1]
        starts = rng.integers(margin, length - margin - width + 1, size=len(rows))
        codes[rows[:, None], starts[:, None] + np.arange(width)] = instances
    return Dataset(codes, labels[:, None], split)


def check_motifs(motifs: Sequence[Motif]) -> None:
    """Raise InputError if there are none."""
    if not motifs:
        raise InputError("there are no motifs to simulate a data set with; name a file that holds some")


def contents(motifs: Sequence[Motif]) -> list[bytes]:
    """Return what a simulation depends on of each motif, for its seed: width and probabilities."""
    return [f"{motif.width}:".encode() + motif.probabilities.tobytes() for motif in motifs]


def draw_instances(probabilities: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw instances of a motif of probabilities (width, 4): uint8, shape (count, width)."""
    bounds = np.cumsum(probabilities, axis=1)
    bounds /= bounds[:, -1:]
    draws = rng.random((count, len(probabilities), 1))
    return (draws >= bounds[:, :-1]).sum(axis=2, dtype=np.uint8)
