"""Two-way analysis of variance."""

import numpy as np
import pandas as pd
from scipy import stats

from deepprune.errors import InputError

# A sum of squares below this many rounding errors of the values is zero.
ROUNDING = 16


def two_way_anova(table: pd.DataFrame, value: str, factors: tuple[str, str]) -> pd.DataFrame:
    """Return the share of two factors and their interaction in the variance of a value; a row each, and the residual.

    table: tidy, with a column of finite values and one of each factor's levels.
    Columns: source (`one`, `two`, `one x two`, `residual`), sum_of_squares, df, f, p_value (of F against the residual),
    eta_squared (of the total sum of squares), partial_eta_squared (of the source's own and the residual's). NaN where a
    denominator is zero.

    The counts of the cells must be proportional to those of the levels, as where every data set has every network once:
    both factors are then orthogonal, and the order in which they are fitted changes no sum of squares (e.g. Montgomery,
    Design and Analysis of Experiments, on unbalanced designs). F takes the values as independent. Values of one data
    set are not, so that the p-value of a factor that is constant within data sets is too small.
    InputError for other counts, missing values, a factor of one level, or no residual degree of freedom.
    """
    _check(table, value, factors)
    values = table[value].to_numpy(np.float64)
    values = values - values.mean()
    (one, levels), (two, others) = (pd.factorize(table[factor], sort=True) for factor in factors)
    a, b = len(levels), len(others)
    cells = one * b + two
    first, second, cell = (_means(values, codes) for codes in (one, two, cells))
    parts = {
        factors[0]: (first[one], a - 1),
        factors[1]: (second[two], b - 1),
        " x ".join(factors): (cell[cells] - first[one] - second[two], (a - 1) * (b - 1)),
        "residual": (values - cell[cells], len(values) - a * b),
    }
    noise = len(values) * (ROUNDING * np.finfo(float).eps * np.abs(table[value]).max()) ** 2
    sums = {source: _cleaned(float(np.sum(part**2)), noise) for source, (part, _) in parts.items()}
    rows = [_row(source, sums, {name: df for name, (_, df) in parts.items()}) for source in parts]
    return pd.DataFrame(rows)


def _row(source: str, sums: dict[str, float], dfs: dict[str, int]) -> dict[str, object]:
    own, rest, df = sums[source], sums["residual"], dfs[source]
    f, p_value, partial = np.nan, np.nan, np.nan
    if source != "residual":
        f = _ratio(own / df, rest / dfs["residual"])
        p_value = float(stats.f.sf(f, df, dfs["residual"]))
        partial = _ratio(own, own + rest)
    return {
        "source": source,
        "sum_of_squares": own,
        "df": df,
        "f": f,
        "p_value": p_value,
        "eta_squared": _ratio(own, sum(sums.values())),
        "partial_eta_squared": partial,
    }


def _check(table: pd.DataFrame, value: str, factors: tuple[str, str]) -> None:
    """Raise InputError if the design does not determine the analysis."""
    what = f"the analysis of variance of {value} by {' and '.join(factors)}"
    bad = table[[*factors, value]].isna().any(axis=1) | ~np.isfinite(table[value].astype(float))
    if bad.any():
        raise InputError(f"{what}: {bad.sum()} of {len(table)} rows lack a level or a finite value; leave them out")
    counts = pd.crosstab(table[factors[0]], table[factors[1]]).to_numpy()
    for factor, levels in zip(factors, counts.shape, strict=True):
        if levels < 2:
            raise InputError(f"{what}: {factor} has {levels} level; it needs two at least")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0))
    if not np.array_equal(counts * len(table), expected):
        raise InputError(f"{what}: the counts of its cells are not proportional; give every data set the same networks")
    if len(table) <= counts.size:
        raise InputError(f"{what}: each of its {counts.size} cells has one value only; one of them needs more")


def _means(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the mean of the values of each code."""
    return np.bincount(codes, weights=values) / np.bincount(codes)


def _cleaned(total: float, noise: float) -> float:
    return total if total > noise else 0.0


def _ratio(over: float, under: float) -> float:
    if under == 0:
        return np.inf if over > 0 else np.nan
    return over / under
