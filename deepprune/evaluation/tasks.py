"""The performance of networks of several tasks."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.evaluation.decisions import decisions, f1_threshold
from deepprune.evaluation.metrics import auprc, auroc

RANKING = ["auroc", "auprc"]
AT_THRESHOLD = ["f1", "precision", "recall"]
MEASURES = [*RANKING, *AT_THRESHOLD, "accuracy", "accuracy_always_no"]
TASK_COLUMNS = ["seed", "task", "positives", "prevalence", *RANKING, "threshold", *MEASURES[len(RANKING) :]]
COLUMNS_AT_ONCE = 16  # tasks whose labels and logits are copied together


class Labels(NamedTuple):
    """Labels, 0 or 1, uint8 (sequences, tasks), of the test and the validation sequences.

    learned: bool (tasks,), whether the training sequences had both classes.
    """

    test: np.ndarray
    validation: np.ndarray
    learned: np.ndarray

    @classmethod
    def of(cls, data: Dataset) -> "Labels":
        """Return copies of the labels of a data set."""
        test, validation = (data.labels[data.rows(part)] for part in (TEST, VALIDATION))
        return cls(test, validation, np.all(data.class_counts(TRAIN) > 0, axis=1))


class Logits(NamedTuple):
    """The logits of a network, (sequences, tasks), of the test and the validation sequences."""

    test: np.ndarray
    validation: np.ndarray


class Exact(NamedTuple):
    """The share of test sequences whose decisions are right in all tasks, and that of a no to everything."""

    exact_accuracy: float
    exact_accuracy_always_no: float


class Evaluation(NamedTuple):
    """The performance of the networks of one kind. tasks: the columns TASK_COLUMNS.  exact: by seed."""

    tasks: pd.DataFrame
    exact: dict[int, Exact]


class TaskMeans(NamedTuple):
    """Means over tasks, and measures of all tasks together.

    tasks: the number of those that have both classes among training and test sequences, over which means are taken.
    left_out: that of the others.  left_out_f1: that of the tasks without F1, which validation sequences of both classes
    need too.
    """

    tasks: int
    left_out: int
    auroc: float
    auprc: float
    left_out_f1: int
    f1: float
    precision: float
    recall: float
    accuracy: float
    accuracy_always_no: float
    exact_accuracy: float
    exact_accuracy_always_no: float


def evaluate_tasks(tasks: Sequence[str], labels: Labels, networks: Iterable[tuple[int, Logits]]) -> Evaluation:
    """Return the performance of networks in each task, a row for each network and task in this order.

    networks: seeds with logits, of which only one network's are in memory if the iterable makes them one by one.
    positives, prevalence: of the test sequences. threshold: the logit whose F1 on the validation sequences is highest;
    F1, precision and recall are those of the test sequences at it or above.  accuracy: at a probability of one half;
    accuracy_always_no: of a no to everything.
    Measures are missing for a task that lacks a class among training or test sequences, the threshold and those at it
    also for one that lacks a class among validation sequences. InputError if the logits are those of other tasks or
    sequences.
    """
    tables, exact = [], {}
    for seed, logits in networks:
        for part in Logits._fields:
            _check_shape(getattr(labels, part), getattr(logits, part), part)
        table, exact[seed] = _evaluate(labels, logits)
        tables.append(table.assign(seed=seed, task=list(tasks)))
        del logits  # before the next network's are made
    return Evaluation(pd.concat(tables, ignore_index=True)[TASK_COLUMNS].round(6), exact)


def task_means(evaluation: Evaluation) -> dict[int, TaskMeans]:
    """Return the means over tasks of networks, by seed."""
    found = {}
    for seed, exact in evaluation.exact.items():
        rows = evaluation.tasks[evaluation.tasks["seed"] == seed]
        missing = rows.isna().sum()
        counts = {"tasks": len(rows) - missing["auroc"], "left_out": missing["auroc"], "left_out_f1": missing["f1"]}
        shares = {name: rows[name].mean() for name in MEASURES} | exact._asdict()  # means leave out what is missing
        values: dict[str, Any] = {name: int(count) for name, count in counts.items()}
        found[seed] = TaskMeans(**values | {name: round(float(share), 6) for name, share in shares.items()})
    return found


def both_classes(labels: np.ndarray) -> np.ndarray:
    """Return which tasks have positives and negatives, bool (tasks,); labels: 0 or 1, (sequences, tasks)."""
    return np.asarray((labels.min(axis=0, initial=1) == 0) & (labels.max(axis=0, initial=0) == 1))


def _evaluate(labels: Labels, logits: Logits) -> tuple[pd.DataFrame, Exact]:
    """Return the measures of one network, a row for each task."""
    measured = labels.learned & both_classes(labels.test)
    thresholds = _thresholds(labels.validation, logits.validation, measured & both_classes(labels.validation))
    decided = decisions(labels.test, logits.test, thresholds)
    positives = labels.test.sum(axis=0, dtype=np.int64)
    table = pd.DataFrame({"positives": positives, "prevalence": positives / len(labels.test)})
    pairs = zip(measured, _columns(labels.test, logits.test), strict=True)
    ranking = [(auroc(*columns), auprc(*columns)) if whole else (np.nan, np.nan) for whole, columns in pairs]
    table[RANKING] = np.array(ranking).reshape(-1, len(RANKING))
    table["threshold"] = thresholds
    for name in AT_THRESHOLD:
        table[name] = np.where(np.isnan(thresholds), np.nan, getattr(decided, name))
    table["accuracy"] = np.where(measured, decided.accuracy, np.nan)
    table["accuracy_always_no"] = np.where(measured, 1 - table["prevalence"], np.nan)
    return table, Exact(decided.exact, decided.exact_always_no)


def _thresholds(labels: np.ndarray, logits: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the threshold of each wanted task, float64 (tasks,); NaN for the others."""
    pairs = zip(wanted, _columns(labels, logits), strict=True)
    return np.array([f1_threshold(*columns) if found else np.nan for found, columns in pairs], np.float64)


def _columns(labels: np.ndarray, logits: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield labels and logits of each task. The numbers of a task are far apart: several tasks are copied together."""
    for first in range(0, labels.shape[1], COLUMNS_AT_ONCE):
        some = slice(first, first + COLUMNS_AT_ONCE)
        yield from zip(*(np.ascontiguousarray(array[:, some].T) for array in (labels, logits)), strict=True)


def _check_shape(labels: np.ndarray, logits: np.ndarray, part: str) -> None:
    if logits.shape[-1] != labels.shape[1]:
        raise InputError(
            f"the network has {logits.shape[-1]} tasks, but the data set has {labels.shape[1]}; use a network that was "
            "trained on this data set"
        )
    if logits.shape != labels.shape:
        raise InputError(
            f"there are logits of {len(logits)} {part} sequences, but labels of {len(labels)}; give those of one data "
            "set"
        )
