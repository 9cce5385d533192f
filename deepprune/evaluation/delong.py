"""Intervals and paired tests of AUROCs (DeLong et al. 1988)."""

import math
from statistics import NormalDist

import numpy as np

from deepprune.evaluation.metrics import auroc_components, delong_variance

QUANTILE = NormalDist().inv_cdf(0.975)

Components = tuple[np.ndarray, np.ndarray]


def interval(labels: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of an AUROC over samples of sequences; NaN as in delong_variance."""
    return interval_of(auroc_components(labels, scores))


def paired_difference(labels: np.ndarray, scores: np.ndarray, others: np.ndarray) -> tuple[float, ...]:
    """Return the AUROC of scores minus that of others; see `difference_of`.

    labels: 0 or 1, (n,).  scores, others: (n,), of the same sequences.
    """
    return difference_of(auroc_components(labels, scores), auroc_components(labels, others))


def interval_of(components: Components) -> tuple[float, float]:
    """Return the 95 % interval of an AUROC, or of a mean of AUROCs, from its structural components."""
    auroc, se = float(np.mean(components[0])), math.sqrt(delong_variance(*components))
    low, high = np.clip([auroc - QUANTILE * se, auroc + QUANTILE * se], 0, 1)
    return float(low), float(high)


def difference_of(own: Components, other: Components) -> tuple[float, ...]:
    """Return the difference of two AUROCs on the same sequences, its 95 % interval and two-sided p-value, rounded."""
    positives, negatives = own[0] - other[0], own[1] - other[1]
    gain = float(np.mean(positives))
    se = math.sqrt(delong_variance(positives, negatives))
    if se == 0:
        # Zero variance: all sequences agree that the difference is zero, or that it is the largest possible.
        return *rounded(gain, gain, gain), float(gain == 0)
    low, high = np.clip([gain - QUANTILE * se, gain + QUANTILE * se], -1, 1)
    return *rounded(gain, low, high), float(f"{math.erfc(abs(gain) / se / math.sqrt(2)):.4g}")


def rounded(*values: float) -> list[float]:
    """Return the values with the six digits of tables."""
    return [round(float(value), 6) for value in values]
