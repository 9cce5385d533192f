"""Measures of a classifier's ranking."""

import numpy as np


def auroc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve: the chance that a positive outranks a negative, ties counted half (Mann-Whitney).

    labels: 0 or 1, shape (n,).  scores: any real numbers, shape (n,). Raises ValueError unless both classes occur.
    """
    positive = _positives(labels)
    above, below = np.asarray(scores)[positive], np.sort(np.asarray(scores)[~positive])
    # Negatives that a positive outranks count twice, those that it ties with once.
    outranked = np.searchsorted(below, above, "left").sum() + np.searchsorted(below, above, "right").sum()
    return float(outranked / (2 * len(above) * len(below)))


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


def cross_entropy(labels: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """Mean cross-entropy along the last axis; labels 0 or 1, shape (sequences,)."""
    with np.errstate(invalid="ignore"):  # infinite log-odds: the caller looks for a loss that is not finite
        return np.mean(np.logaddexp(0, log_odds) - log_odds * labels, axis=-1)


def _positives(labels: np.ndarray) -> np.ndarray:
    positive = np.asarray(labels) == 1
    if positive.all() or not positive.any():
        raise ValueError("both classes must occur")
    return positive
