"""How well autoencoders return sequences, as tables; no TensorFlow is needed."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.dna.codes import BASES
from deepprune.models.conv_settings import IDENTITY, SOFTMAX
from deepprune.training.fits import Fit

# The columns of a history, and of the table of epochs
HISTORY = ["loss", "validation_loss", "accuracy", "validation_accuracy", "seconds", "processor_seconds"]
EPOCHS = ["seed", "epoch", *HISTORY]
COLUMNS = [
    *("seed", "parameters", "epochs", "kept", "seconds", "processor_seconds", "highest_loss", "loss"),
    *("validation_loss", "accuracy", "validation_accuracy", "test_loss", "test_accuracy"),
    *("uniform", "most_frequent", "diverged"),
]
# The loss of the same guess at every position: a quarter for each base
GUESS = {SOFTMAX: math.log(4), IDENTITY: 3 / 16}
# A loss that is so many times that of the guess is of outputs far beyond those that are wanted.
BEYOND = 100


class Course(NamedTuple):
    """The course of an autoencoder's training, which is the state of its Fit.

    averages: the moving averages of its encoder.  history: float64 (epochs, HISTORY).  kept: the epoch of the weights,
    from 1.  parameters: trained weights, of the decoder too.  test: loss and accuracy of the test sequences.
    """

    averages: list[np.ndarray]
    history: np.ndarray
    kept: np.ndarray
    parameters: np.ndarray
    test: np.ndarray


def has_diverged(loss: float, output: str) -> bool:
    """Return whether a loss is that of a training that diverged; output: of the autoencoder."""
    return not loss <= BEYOND * GUESS[output]


def epochs_table(fits: Mapping[int, Fit]) -> pd.DataFrame:
    """Return the columns EPOCHS, a row for each seed and epoch."""
    rows = [(seed, epoch, *row) for seed, fit in fits.items() for epoch, row in enumerate(fit.state.history, start=1)]
    return pd.DataFrame(rows, columns=EPOCHS).round(6)


def reconstruction_table(fits: Mapping[int, Fit], data: Dataset) -> pd.DataFrame:
    """Return the columns COLUMNS, a row for each seed.

    highest_loss: that of the worst epoch; the other losses are those of the kept one.  accuracy: the share of positions
    whose base is right, N left out; `accuracy` itself is that of the training sequences, in training, with dropout.
    uniform: the accuracy of random bases.  most_frequent: that of always naming the base that is most frequent in
    training sequences.
    """
    frequent, rows = most_frequent(data), []
    for seed, fit in fits.items():
        course: Course = fit.state
        own = dict(zip(HISTORY, course.history[int(course.kept) - 1], strict=True))
        columns = dict(zip(HISTORY, course.history.T, strict=True))
        rows.append(
            {"seed": seed, "parameters": int(course.parameters), "epochs": fit.epochs, "kept": int(course.kept)}
            | own
            | {"seconds": fit.seconds, "processor_seconds": columns["processor_seconds"].sum()}
            | {"highest_loss": columns["loss"].max()}
            | {"test_loss": course.test[0], "test_accuracy": course.test[1]}
            | {"uniform": 1 / len(BASES), "most_frequent": frequent, "diverged": int(fit.diverged)}
        )
    return pd.DataFrame(rows, columns=COLUMNS).round(6)


def most_frequent(data: Dataset) -> float:
    """Return the share of the test sequences' positions that have the base most frequent in training sequences."""
    training, test = (base_counts(data, part) for part in (TRAIN, TEST))
    return float(test[training.argmax()] / test.sum())


def base_counts(data: Dataset, part: int) -> np.ndarray:
    """Return how often each base occurs in a part of a data set, int64 (4,)."""
    counts = np.zeros(len(BASES), np.int64)
    for rows in data.chunks(data.split == part):
        counts += np.bincount(data.codes[rows].ravel(), minlength=len(BASES) + 1)[: len(BASES)]
    return counts
