"""Outcomes of training, which need no TensorFlow."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.evaluation.tasks import TaskMeans
from deepprune.models.architecture import State, Weights
from deepprune.models.store import flattened

COLUMNS = ["seed", "parameters", "epochs", "seconds", "loss", "validation_loss", *TaskMeans._fields]


class Fit(NamedTuple):
    """A trained network. `diverged`: its loss became infinite or NaN, and the weights are useless."""

    weights: Weights
    state: State
    epochs: int
    loss: float
    validation_loss: float
    seconds: float
    diverged: bool


def replicates_table(fits: Mapping[int, Fit], means: Mapping[int, TaskMeans]) -> pd.DataFrame:
    """Return the columns COLUMNS, a row for each seed; parameters: the number of trained weights."""
    rows = []
    for seed, fit in fits.items():
        parameters = sum(np.size(array) for array in flattened(fit.weights).values())
        rows.append((seed, parameters, fit.epochs, fit.seconds, fit.loss, fit.validation_loss, *means[seed]))
    return pd.DataFrame(rows, columns=COLUMNS).round(6).round({"seconds": 2})
