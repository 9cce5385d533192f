"""The performance of networks of several tasks."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.evaluation.metrics import auprc, auroc

TASK_COLUMNS = ["seed", "task", "positives", "prevalence", "auroc", "auprc"]


class TaskMeans(NamedTuple):
    """Means over the tasks that have both classes.  left_out: the number of the other tasks."""

    tasks: int
    left_out: int
    auroc: float
    auprc: float


def task_table(tasks: Sequence[str], labels: np.ndarray, logits: Mapping[int, np.ndarray]) -> pd.DataFrame:
    """Return the columns TASK_COLUMNS, a row for each network and task.

    labels: 0 or 1; logits: of networks by their seeds; all (sequences, tasks).  positives, prevalence: their number and
    share. Measures are missing for a task without one of the classes.
    """
    rows = []
    for seed, found in logits.items():
        for task, truth, scores in zip(tasks, labels.T, np.asarray(found).T, strict=True):
            positives = int(truth.sum())
            measured = (auroc(truth, scores), auprc(truth, scores)) if 0 < positives < len(truth) else (np.nan, np.nan)
            rows.append((seed, task, positives, positives / len(truth), *measured))
    return pd.DataFrame(rows, columns=TASK_COLUMNS).round(6)


def task_means(table: pd.DataFrame) -> dict[int, TaskMeans]:
    """Return the means over tasks of a task table's networks by seed."""
    found = {}
    for seed, rows in table.groupby("seed", sort=False):
        measured = rows.dropna(subset=["auroc"])
        both = (round(float(measured[name].mean()), 6) for name in ("auroc", "auprc"))
        found[int(str(seed))] = TaskMeans(len(measured), len(rows) - len(measured), *both)
    return found
