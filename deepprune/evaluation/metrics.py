"""Measures of a classifier's ranking."""

import math

import numpy as np


def auroc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the ROC curve: the probability that a positive outranks a negative, ties counted half.

    This is the Mann-Whitney statistic.  labels: 0 or 1, shape (n,).  scores: any real numbers, shape (n,). ValueError
    unless both classes occur.
    """
    positive = _positives(labels)
    above, below = np.asarray(scores)[positive], np.asarray(scores)[~positive]
    return float(_twice_outranked(above, below).sum() / (2 * len(above) * len(below)))


def auroc_components(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the structural components of the AUROC (DeLong et al. 1988), of positives and of negatives.

    labels: 0 or 1, shape (n,).  scores: any real numbers, shape (n,).
    The first, float64 (positives,), is the share of the negatives that each positive outranks; the second, float64
    (negatives,), the share of the positives that outrank each negative; ties count half. Both are in the order of the
    sequences, and the mean of either is the AUROC. Sorting makes this O(n log n), like the midranks of Sun & Xu (2014).
    ValueError unless both classes occur.
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
    """Return the variance of an AUROC, or of a mean or difference of AUROCs, over samples of sequences.

    The method is that of DeLong et al. 1988.  positives, negatives: the components, see auroc_components, float
    (positives,) and (negatives,). NaN if a class has a single sequence, whose spread is unknown.
    """
    if len(positives) < 2 or len(negatives) < 2:
        return float("nan")
    return float(np.var(positives, ddof=1) / len(positives) + np.var(negatives, ddof=1) / len(negatives))


def auroc_se(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return DeLong's standard error of the AUROC; arguments and errors as in auroc, NaN as in delong_variance."""
    return math.sqrt(delong_variance(*auroc_components(labels, scores)))


def auprc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the precision-recall curve as average precision.

    There is no interpolation, and tied scores enter together.  labels: 0 or 1, shape (n,).  scores: any real numbers,
    shape (n,). ValueError unless both classes occur.
    """
    positive = _positives(labels)
    above, below = np.sort(np.asarray(scores)[positive]), np.sort(np.asarray(scores)[~positive])
    # Each positive adds the precision of a yes from its score on.
    true = len(above) - np.searchsorted(above, above, "left")
    false = len(below) - np.searchsorted(below, above, "left")
    return float(np.mean(true / (true + false)))


def cross_entropy(labels: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy over sequences and tasks, shape (...).

    labels: 0 or 1, shape (sequences, tasks).  logits: (..., sequences, tasks).
    """
    by_task = np.swapaxes(logits, -1, -2)
    with np.errstate(invalid="ignore"):  # infinite logits: the caller checks that the loss is finite
        return np.mean(np.mean(np.logaddexp(0, by_task) - by_task * labels.T, axis=-1), axis=-1)


def accuracy(labels: np.ndarray, logits: np.ndarray) -> float:
    """Return the share of right predictions at a probability of one half, over sequences and tasks.

    labels: 0 or 1, logits: both (sequences, tasks).
    """
    return float(np.mean((np.asarray(logits) > 0) == (np.asarray(labels) == 1)))


def _twice_outranked(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return, for each score, twice the number of smaller others plus the number of equal ones: exact integers."""
    # Searches for sorted scores read memory sequentially, which is several times as fast.
    order, others = np.argsort(scores, kind="stable"), np.sort(others)
    ascending, counts = scores[order], np.empty(len(scores), np.int64)
    counts[order] = np.searchsorted(others, ascending, "left") + np.searchsorted(others, ascending, "right")
    return counts


def _positives(labels: np.ndarray) -> np.ndarray:
    positive = np.asarray(labels) == 1
    if positive.all() or not positive.any():
        raise ValueError("both classes must occur")
    return positive
