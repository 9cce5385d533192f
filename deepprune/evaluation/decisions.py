"""Measures of a classifier's decisions: yes or no to each task of each sequence."""

from typing import NamedTuple

import numpy as np

CELLS = 1 << 22  # labels of so many sequences and tasks are compared at once


class Decisions(NamedTuple):
    """Measures of decisions about sequences: arrays float64 (tasks,), and shares of the sequences.

    f1, precision, recall: with a yes to logits at the task's threshold or above; precision is 0 without any yes, recall
    and f1 are 0 where there is no positive.  accuracy: with a yes to logits above 0, probabilities above one half.
    exact: the share of sequences whose decisions are right in all tasks, also with a yes above 0.
    exact_always_no: the same of a no to everything, the share of sequences without a positive label.
    """

    f1: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    accuracy: np.ndarray
    exact: float
    exact_always_no: float


def f1_threshold(labels: np.ndarray, logits: np.ndarray) -> float:
    """Return the logit from which on a yes has the highest F1; of equally good ones the highest.

    labels: 0 or 1, logits: both (n,). ValueError without a positive.
    """
    positive = np.asarray(labels) == 1
    if not positive.any():
        raise ValueError("there is no positive")
    order = np.argsort(logits, kind="stable")[::-1]
    falling = np.asarray(logits)[order]
    last_of_tie = np.append(falling[1:] != falling[:-1], True)
    true, chosen = np.cumsum(positive[order])[last_of_tie], np.flatnonzero(last_of_tie) + 1
    return float(falling[last_of_tie][np.argmax(2 * true / (chosen + positive.sum()))])


def decisions(labels: np.ndarray, logits: np.ndarray, thresholds: np.ndarray) -> Decisions:
    """Return the measures of decisions by logits.

    labels: 0 or 1, logits: both (sequences, tasks), read some sequences at a time.  thresholds: (tasks,); NaN means a
    no to everything.
    """
    count, tasks = logits.shape
    yes, true, positives, right = np.zeros((4, tasks), np.int64)
    exact = empty = 0
    step = max(1, CELLS // max(1, tasks))
    for rows in (slice(first, first + step) for first in range(0, count, step)):
        truth, found = np.asarray(labels[rows]) == 1, np.asarray(logits[rows])
        chosen, correct = found >= thresholds.astype(found.dtype), (found > 0) == truth
        yes += np.count_nonzero(chosen, axis=0)
        true += np.count_nonzero(chosen & truth, axis=0)
        positives += np.count_nonzero(truth, axis=0)
        right += np.count_nonzero(correct, axis=0)
        exact += int(correct.all(axis=1).sum())
        empty += int((~truth.any(axis=1)).sum())
    shares = _share(2 * true, yes + positives), _share(true, yes), _share(true, positives), _share(right, count)
    return Decisions(*shares, exact / count, empty / count)


def _share(part: np.ndarray, whole: np.ndarray | int) -> np.ndarray:
    """Return part / whole, 0 where there is no whole."""
    return part / np.maximum(whole, 1)
