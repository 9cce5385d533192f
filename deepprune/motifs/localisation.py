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
    strand with those of the same width, side by side, that are a field away from all instances of the task, by the
    largest activation of a unit whose field holds the middle of the stretch.
    """
    largest, found = _largest(activations, field), []
    for (task, strand), own in instances.groupby(["task", "strand"], sort=True):
        width = int((own["end"] - own["start"]).iloc[0])
        rows, starts = _free(activations.shape[:2], instances[instances["task"] == task], width, field.width)
        positives = largest[own["row"], own["start"] + width // 2]
        negatives = largest[rows, starts + width // 2]
        if not len(negatives):
            continue
        labels = np.repeat([1, 0], [len(positives), len(negatives)])
        for number in range(activations.shape[2]):
            scores = np.concatenate([positives[:, number], negatives[:, number]])
            found.append((number, task, strand, len(positives), round(auroc(labels, scores), 4)))
    return pd.DataFrame(found, columns=COLUMNS)


def _largest(activations: np.ndarray, field: Field) -> np.ndarray:
    """Return the largest activation of the units whose field holds each letter, (sequences, letters, filters)."""
    # The unit at p reads from p + start on: letter x is read by those from x - start - width + 1 to x - start.
    # maximum_filter1d is centred: its window begins width // 2 before the place that it is for.
    shift = 1 - field.start - field.width + field.width // 2
    margin = abs(shift)  # beyond the ends no unit is active
    padded = np.pad(activations, ((0, 0), (margin, margin), (0, 0)))
    pooled = maximum_filter1d(padded, field.width, axis=1, mode="constant", cval=0.0)
    return pooled[:, margin + shift :][:, : activations.shape[1]]


def _free(shape: tuple[int, int], instances: pd.DataFrame, width: int, away: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and starts of stretches, side by side, that are so many letters away from all instances."""
    taken = np.zeros(shape, bool)
    for row, start, end in instances[["row", "start", "end"]].to_numpy():
        taken[row, max(start - away, 0) : end + away] = True
    stretches = shape[1] // width
    touched = taken[:, : stretches * width].reshape(shape[0], stretches, width).any(axis=2)
    rows, numbers = np.nonzero(~touched)
    return rows, numbers * width
