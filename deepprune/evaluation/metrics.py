"""Measures of a classifier's ranking."""

import math

import numpy as np


def auroc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve: the chance that a positive outranks a negative, ties counted half (Mann-Whitney).

    labels: 0 or 1, shape (n,).  scores: any real numbers, shape (n,). Raises ValueError unless both classes occur.
    """
    positive = _positives(labels)
    above, below = np.asarray(scores)[positive], np.asarray(scores)[~positive]
    return float(_twice_outranked(above, below).sum() / (2 * len(above) * len(below)))


def auroc_components(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The structural components of the AUROC (DeLong et al. 1988), of the positives and of the negatives.

    labels: 0 or 1, shape (n,).  scores: any real numbers, shape (n,). Returns float64 (positives,), the share of the
    negatives that each positive outranks, and float64 (negatives,), the share of the positives that outrank each
    negative, ties counted half, both in the order of the sequences. The mean of either is the AUROC. Sorting and
    counting, O(n log n), as with the midranks of Sun & Xu (2014). Raises ValueError unless both classes occur.

    Components are linear: those of a mean or a difference of AUROCs on the same sequences are the means or differences
    of the components.
    """
    positive = _positives(labels)
    above, below = np.asarray(scores)[positive], np.asarray(scores)[~positive]
    return (
        _twice_outranked(above, below) / (2 * len(below)),
        1 - _twice_outranked(below, above) / (2 * len(above)),
    )


def delong_variance(positives: np.ndarray, negatives: np.ndarray) -> float:
    """The variance of an AUROC, a mean or a difference of AUROCs, over samples of sequences (DeLong et al. 1988).

    positives, negatives: its components, see auroc_components, float (positives,) and (negatives,). NaN where a
    class has a single sequence, of whose spread nothing is known.
    """
    if len(positives) < 2 or len(negatives) < 2:
        return float("nan")
    return float(np.var(positives, ddof=1) / len(positives) + np.var(negatives, ddof=1) / len(negatives))


def auroc_se(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return DeLong's standard error of the AUROC; for arguments and errors see auroc, for NaN delong_variance."""
    return math.sqrt(delong_variance(*auroc_components(labels, scores)))


def auprc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Area under the precision-recall curve as average precision: no interpolation, tied scores enter together.

    labels: 0 or 1, shape (n,).  scores: any real numbers, shape (n,). Raises ValueError unless both classes occur.
    """
    positive = _positives(labels)
    order = np.argsort(-np.asarray(scores, float), kind="stable")
    true = np.cumsum(positive[order])
    last_of_tie = np.append(np.diff(np.asarray(scores, float)[order]) != 0, True)
    precision = true[last_of_tie] / (np.flatnonzero(last_of_tie) + 1)
    recall = true[last_of_tie] / true[-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def cross_entropy(labels: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy over sequences and tasks, shape (...).

    labels: 0 or 1, shape (sequences, tasks).  logits: (..., sequences, tasks).
    """
    by_task = np.swapaxes(logits, -1, -2)
    with np.errstate(invalid="ignore"):  # infinite logits: the caller looks for a loss that is not finite
        return np.mean(np.mean(np.logaddexp(0, by_task) - by_task * labels.T, axis=-1), axis=-1)


def _twice_outranked(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Of each score, twice the number of others below it and once that of its equals: whole numbers, hence exact."""
    # In sorted order the searches walk through memory, several times as fast as jumping about in it.
    order, others = np.argsort(scores, kind="stable"), np.sort(others)
    ascending, counts = scores[order], np.empty(len(scores), np.int64)
    counts[order] = np.searchsorted(others, ascending, "left") + np.searchsorted(others, ascending, "right")
    return counts


def _positives(labels: np.ndarray) -> np.ndarray:
    positive = np.asarray(labels) == 1
    if positive.all() or not positive.any():
        raise ValueError("both classes must occur")
    return positive
