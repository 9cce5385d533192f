"""Simulation of data sets of several tasks: random sequences that hold instances of one or several motifs."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.seeds import stable_seed
from deepprune.data.simulate import check_motifs, contents, draw_instances
from deepprune.dna.codes import BASES
from deepprune.errors import InputError
from deepprune.io.motif import Motif

REDRAWS = 10_000  # more are needed only where hardly any room is left for many gaps
COLUMNS = ["row", "task", "start", "end", "strand"]


class Plan(NamedTuple):
    """The options of `multitask`.

    length: bp.  training, validation, test: numbers of sequences.  numbers: the shares of sequences with one motif
    instance, two, and so on.  strands: one, or both.  gap: least distance in bp between instances, and to the ends.
    """

    length: int
    training: int
    validation: int
    test: int
    numbers: Sequence[float]
    strands: str
    gap: int


class Instances(NamedTuple):
    """Motif instances in sequences: arrays (sequences, instances). motifs: places in a list of motifs."""

    motifs: np.ndarray
    starts: np.ndarray


def implant(motifs: Sequence[Motif], plan: Plan, seed: int) -> tuple[Dataset, pd.DataFrame]:
    """Draw a data set with a task for each motif, and return it with the table of what was implanted.

    All bases and all motifs are equally likely; with both strands, motifs and their reverse complements. A sequence may
    hold a motif twice. It is positive in the tasks of its motifs; instances that arise by chance do not count. The
    table has the columns COLUMNS: the row of the sequence in the data set, from 0, the task, and the place of the
    instance in the sequence, from 0, without the end. Data set and table depend on seed, plan and motifs. InputError if
    the motifs may not fit.
    """
    check_plan(motifs, plan)
    rng = np.random.default_rng(stable_seed(seed, "implant", repr(plan).encode(), *contents(motifs)))
    split = np.repeat(np.array([TRAIN, VALIDATION, TEST], np.uint8), [plan.training, plan.validation, plan.test])
    codes = rng.integers(len(BASES), size=(len(split), plan.length), dtype=np.uint8)
    labels = np.zeros((len(split), len(motifs)), np.uint8)
    read = [(task, strand) for task in range(len(motifs)) for strand in ("+-" if plan.strands == "both" else "+")]
    oriented = [motifs[task] if strand == "+" else motifs[task].reverse_complement() for task, strand in read]
    shares = np.array(plan.numbers) / sum(plan.numbers)
    wanted = rng.choice(len(shares), len(split), p=shares) + 1
    parts = []
    for number in range(1, len(shares) + 1):
        rows = np.flatnonzero(wanted == number)
        drawn = draw_places([motif.width for motif in oriented], (len(rows), number), plan, rng)
        parts.append((np.repeat(rows, number), drawn.motifs.ravel(), drawn.starts.ravel()))
    rows, chosen, starts = (np.concatenate(column) for column in zip(*parts, strict=True))
    for place, motif in enumerate(oriented):
        own = chosen == place
        instances = draw_instances(motif.probabilities, int(own.sum()), rng)
        codes[rows[own, None], starts[own, None] + np.arange(motif.width)] = instances
    tasks = np.array([task for task, _ in read])[chosen]
    labels[rows, tasks] = 1
    names = task_names(motifs)
    ends = starts + np.array([motif.width for motif in oriented])[chosen]
    strands = np.array([strand for _, strand in read])[chosen]
    columns = (rows, np.array(names)[tasks], starts, ends, strands)
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return Dataset(codes, labels, split, names), table.sort_values(["row", "start"], ignore_index=True)


def draw_places(widths: Sequence[int], shape: tuple[int, int], plan: Plan, rng: np.random.Generator) -> Instances:
    """Draw motifs and where they start, for sequences with the same number of instances: shape (sequences, instances).

    Gaps, also at both ends, are uniform numbers scaled to what the motifs leave of the length and rounded; they are
    drawn anew until their sum is exact. InputError if that never happens.
    """
    sequences, number = shape
    motifs = rng.integers(len(widths), size=shape)
    taken = np.array(widths)[motifs]
    left = plan.length - taken.sum(axis=1) - (number + 1) * plan.gap
    gaps = np.zeros((sequences, number + 1), np.int64)
    wrong = np.arange(sequences)
    for _ in range(REDRAWS):
        draws = rng.random((len(wrong), number + 1))
        gaps[wrong] = np.rint(draws / draws.sum(axis=1, keepdims=True) * left[wrong, None])
        wrong = wrong[gaps[wrong].sum(axis=1) != left[wrong]]
        if not len(wrong):
            break
    else:
        raise InputError(
            f"{number} instances leave {left[wrong[0]]} of multitask.length {plan.length} bp, which gaps in proportion "
            f"to random numbers do not fill in {REDRAWS} trials; raise the length or shorten multitask.numbers"
        )
    starts = np.cumsum(gaps[:, :-1] + plan.gap, axis=1) + np.cumsum(taken, axis=1) - taken
    return Instances(motifs, starts)


def task_names(motifs: Sequence[Motif]) -> tuple[str, ...]:
    """Return the name of each motif's task: its readable name if it is the only one of that name, or its identifier."""
    readable = [motif.alt for motif in motifs]
    return tuple(motif.alt if motif.alt and readable.count(motif.alt) == 1 else motif.name for motif in motifs)


def check_plan(motifs: Sequence[Motif], plan: Plan) -> None:
    """Raise InputError unless any number of any of the motifs fits into a sequence."""
    check_motifs(motifs)
    number, widest = len(plan.numbers), max(motifs, key=lambda motif: motif.width)
    needed = number * widest.width + (number + 1) * plan.gap
    if needed > plan.length:
        raise InputError(
            f"{number} instances of the motif {widest.name}, {widest.width} bp wide, with gaps of {plan.gap} bp need "
            f"{needed} bp, but multitask.length is {plan.length}; raise it, lower multitask.gap or shorten "
            "multitask.numbers"
        )
