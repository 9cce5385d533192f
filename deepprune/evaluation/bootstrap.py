"""Bootstrap intervals and the signed-rank test over replicates."""

import math

import numpy as np
import pandas as pd
from scipy.stats import wilcoxon

from deepprune.keys import KIND_COLUMNS

LEAST = 3  # fewest replicates of an interval
# With n replicates the smallest p-value of the signed-rank test is 0.5**n; below five this is above 0.05.
LEAST_TESTED = 5
DRAWS = 10_000


def interval(values: np.ndarray, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean of values, float (n,); NaN for fewer than LEAST.

    seed: of the DRAWS samples with replacement; equal values in equal order have equal intervals.
    """
    if len(values) < LEAST:
        return math.nan, math.nan
    drawn = np.random.default_rng(seed).integers(0, len(values), (DRAWS, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def signed_rank(values: np.ndarray) -> float:
    """Return the one-sided p-value of the signed-rank test that values, float (n,), are above 0.

    NaN for fewer than five values.
    """
    if len(values) < LEAST_TESTED:
        return math.nan
    return float(wilcoxon(values, alternative="greater").pvalue) if values.any() else 1.0


def by_network(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return a column of a tidy table with a row for each (dataset, seed) and a column for each NetworkKind."""
    return table.pivot(index=["dataset", "seed"], columns=KIND_COLUMNS, values=value)


def rungs(auc: pd.DataFrame) -> list[int]:
    """Return the numbers of kernels of the ladder, ascending, from an AUC table."""
    return sorted(
        int(kernels) for kernels in auc.loc[auc["method"].isin(["baseline", "deepprune"]), "kernels"].unique()
    )
