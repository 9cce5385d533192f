"""Localisation: whether a filter's activation tells where the instances of a motif are."""

import numpy as np
import pandas as pd
from scipy.ndimage import maximum_filter1d

from deepprune.evaluation.metrics import auroc
from deepprune.models.conv_settings import Field

COLUMNS = ["filter", "task", "strand", "instances", "auroc"]


def localisation(activations: np.ndarray, instances: pd.DataFrame, field: Field) -> pd.DataFrame:
    """Return the columns COLUMNS, a row for each filter, task and strand.

    activations: float32 (sequences, positions, filters), a position for each letter.  instances: a row for each: row
    of the sequence in `activations`, task, start, end, strand.  The AUROC compares stretches that are instances on this
    strand with those of the same width, side by side, that no instance of the task touches, by the largest activation
    of a unit whose field holds the stretch or lies in it.
    """
    found = []
    for (task, strand), own in instances.groupby(["task", "strand"], sort=True):
        width = int((own["end"] - own["start"]).iloc[0])
        largest = _largest(activations, field, width)
        free = _free(activations.shape[:2], instances[instances["task"] == task], width)
        positives = largest[own["row"], own["start"]]
        negatives = largest[free]
        labels = np.repeat([1, 0], [len(positives), len(negatives)])
        for number in range(activations.shape[2]):
            scores = np.concatenate([positives[:, number], negatives[:, number]])
            found.append((number, task, strand, len(positives), round(auroc(labels, scores), 4)))
    return pd.DataFrame(found, columns=COLUMNS)


def _largest(activations: np.ndarray, field: Field, width: int) -> np.ndarray:
    """Return the largest activation of the units that see each stretch of so many letters, by its start.

    They are those whose field holds the stretch; of a narrower field, those whose field lies in it.
    """
    # The fields that hold a stretch from s on begin at s - (spare) to s; a narrower one lies in it from s to s + spare.
    spare = field.width - width
    first, count = (-spare, spare + 1) if spare >= 0 else (0, 1 - spare)
    # maximum_filter1d is centred: its window begins count // 2 before the place that it is for.
    shift = first - field.start + count // 2
    margin = abs(shift)  # beyond the ends no unit is active
    padded = np.pad(activations, ((0, 0), (margin, margin), (0, 0)))
    pooled = maximum_filter1d(padded, count, axis=1, mode="constant", cval=0.0)
    return pooled[:, margin + shift :][:, : activations.shape[1]]


def _free(shape: tuple[int, int], instances: pd.DataFrame, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and starts of stretches, side by side, that no instance touches."""
    taken = np.zeros(shape, bool)
    for row, start, end in instances[["row", "start", "end"]].to_numpy():
        taken[row, start:end] = True
    stretches = shape[1] // width
    touched = taken[:, : stretches * width].reshape(shape[0], stretches, width).any(axis=2)
    rows, numbers = np.nonzero(~touched)
    return rows, numbers * width
