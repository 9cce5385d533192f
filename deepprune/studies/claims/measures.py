"""The measures of claims: one value for each replicate, a data set or a seed.

For claims about real data, data sets are the replicates, each averaged over its seeds. For claims about simulated data,
a few sets made on purpose, seeds are the replicates, each averaged over the sets.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.keys import KIND_COLUMNS, NO_CRITERION
from deepprune.studies.claims.claim import Claim, Networks
from deepprune.studies.claims.tables import RunTables

ALMOST = -0.005  # in AUROC, of "almost as good"
SEVERAL = 3  # seeds that agree
SIGNIFICANT = 0.05
TESTED = "p"  # the measure whose value is a p-value


# The number of networks that a measure compares
ONE: tuple[int, ...] = (1,)
TWO: tuple[int, ...] = (2,)
EITHER = ONE + TWO


class Compared(NamedTuple):
    """The networks that a claim compares, on its data sets; second: None if nothing is compared."""

    first: Networks
    second: Networks | None
    datasets: Sequence[str]


# Values by (dataset, seed), missing where a network is missing
Values = Callable[[RunTables, Compared], pd.Series]


class Measure(NamedTuple):
    """A measure of claims.

    words: of the rule; {each} is the unit that is averaged over, {auroc} the difference, {above} that the first is
    larger, {networks} the networks measured.  fold: from the seeds of a real data set to its single value.  networks:
    the number of networks compared.
    """

    words: str
    values: Values
    fold: Callable[[pd.Series], pd.Series]
    networks: tuple[int, ...]


class DataSets(NamedTuple):
    """The data sets of claims, by a name: words for them, and how they are chosen.

    simulated: whether seeds are the replicates.
    """

    words: str
    simulated: bool
    chosen: Callable[[RunTables], list[str]]


class Terms(NamedTuple):
    """The terms that the claims of a publication may use, by name."""

    sets: Mapping[str, DataSets]
    measures: Mapping[str, Measure]


class Evidence(NamedTuple):
    """What a run says about a claim; values: float (replicates,), none if the run lacks networks or data sets.

    seeds: if data sets are the replicates, the smallest number of any data set.  architecture, criterion: of the
    claim's first networks that were pruned, or of its first ones if none was; no architecture for a claim without
    networks.
    """

    values: np.ndarray
    datasets: int
    seeds: int
    architecture: str
    criterion: str


def evidence(tables: RunTables, claim: Claim, terms: Terms) -> Evidence:
    """Return the values of a claim's measure, one for each replicate."""
    named = [networks for networks in (claim.first, claim.second) if networks]
    pruned = (networks for networks in named if tables.criterion(networks) != NO_CRITERION)
    speaking = next(pruned, claim.first)
    kind = (speaking.architecture, tables.criterion(speaking)) if speaking else ("", NO_CRITERION)
    sets = terms.sets[claim.sets]
    datasets = sets.chosen(tables)
    none = Evidence(np.array([]), 0, 0, *kind)
    if not claim.first or not datasets:
        return none
    measure = terms.measures[claim.measure]
    values = measure.values(tables, Compared(claim.first, claim.second, datasets)).dropna()
    if sets.simulated:
        # A seed that is missing from one of the sets would be a mean over fewer sets than the others.
        by_seed = values.unstack("dataset").reindex(columns=datasets).dropna().mean(axis=1)
        return Evidence(by_seed.to_numpy(float), len(datasets), len(by_seed), *kind) if len(by_seed) else none
    by_dataset = measure.fold(values)
    seeds = values.groupby("dataset").size().loc[by_dataset.index]
    return Evidence(by_dataset.to_numpy(float), len(seeds), seeds.min(), *kind) if len(seeds) else none


def words(claim: Claim, terms: Terms) -> str:
    """Return the measure of a claim in words."""
    if not claim.first:
        return "not measured by this pipeline"
    first, second = claim.first, claim.second
    sets = terms.sets[claim.sets]
    text = terms.measures[claim.measure].words.format(
        each="seeds" if sets.simulated else sets.words,
        auroc=f"AUROC of {first}" + (f" minus that of {second}" if second else ""),
        above=f"the AUROC of {first} is above that of {second}",
        networks=f"by {first}" + (f" minus by {second}" if second else ""),
    )
    return f"{text}, on {sets.words}" if sets.simulated else text


# From the seeds of a real data set to one value


def mean_over_seeds(values: pd.Series) -> pd.Series:
    """Return the mean of each data set."""
    return values.groupby("dataset").mean()


def _share(values: pd.Series) -> pd.Series:
    return mean_over_seeds(values) > 0


def _every(values: pd.Series) -> pd.Series:
    seeds = values.groupby("dataset")
    return (seeds.min() > 0)[seeds.size() >= SEVERAL]


def _others(values: pd.Series) -> pd.Series:
    """Return, for data sets whose first seed is below 0, whether their other seeds are almost as good on average."""
    first = values.groupby("dataset").head(1)
    worse = first[first < 0].index.get_level_values("dataset")
    others = values.drop(first.index)
    return mean_over_seeds(others[others.index.get_level_values("dataset").isin(worse)]) >= ALMOST


# Measures


def _difference(of: Callable[[Networks], pd.DataFrame], compared: Compared) -> pd.DataFrame:
    """Return the first networks' values minus the second's, or the first's alone: a column for each size."""
    first = of(compared.first)
    return first - of(compared.second).to_numpy() if compared.second else first


def _between(table: pd.DataFrame, tables: RunTables, compared: Compared) -> pd.DataFrame:
    return _difference(partial(tables.values, table, datasets=compared.datasets), compared)


def _auroc(tables: RunTables, compared: Compared) -> pd.Series:
    return _between(tables.auroc, tables, compared).mean(axis=1, skipna=False)


def _found(tables: RunTables, compared: Compared) -> pd.Series:
    return _between(tables.found, tables, compared).mean(axis=1, skipna=False)


def _wins(tables: RunTables, compared: Compared) -> pd.Series:
    difference = _between(tables.auroc, tables, compared)
    return (difference > 0).astype(float).where(difference.notna()).mean(axis=1, skipna=False)


def _slope(tables: RunTables, compared: Compared) -> pd.Series:
    """Return the slope of the regression line through all sizes, per doubling of kernels."""
    values = _between(tables.auroc, tables, compared)
    doublings = np.log2(values.columns.to_numpy(float))
    doublings -= doublings.mean()
    # One size gives no slope.
    return values @ (doublings / (doublings @ doublings)) if len(doublings) > 1 else values.sum(axis=1) * np.nan


def _spread(tables: RunTables, compared: Compared) -> pd.Series:
    """Return the distance from the median over seeds, for each seed (Brown & Forsythe 1974)."""

    def distance(networks: Networks) -> pd.DataFrame:
        values = tables.values(tables.auroc, networks, compared.datasets)
        return (values - values.groupby("dataset").transform("median")).abs()

    return _difference(distance, compared).mean(axis=1, skipna=False)


def _significant(tables: RunTables, compared: Compared) -> pd.Series:
    """Return 1, -1 or 0 by data set, from the paired test on its test sequences; equal for all of its seeds."""
    values = _auroc(tables, compared).dropna()
    table = tables.comparison
    signs = table["gain"].apply(np.sign).where(table["p_value"] < SIGNIFICANT, 0).where(table["p_value"].notna())
    by_kind = table.assign(sign=signs).pivot(index="dataset", columns=KIND_COLUMNS, values="sign")
    kinds = pd.MultiIndex.from_tuples(tables.kinds(compared.first), names=KIND_COLUMNS)
    sign = by_kind.reindex(columns=kinds).mean(axis=1, skipna=False)
    return pd.Series(sign.reindex(values.index.get_level_values("dataset")).to_numpy(), values.index)


MEASURES: Mapping[str, Measure] = {
    "auroc": Measure("mean over {each} of the {auroc}", _auroc, mean_over_seeds, EITHER),
    "share": Measure("share of {each} in which {above}", _auroc, _share, TWO),
    TESTED: Measure("one-sided signed-rank p-value over {each} of the {auroc}", _auroc, mean_over_seeds, TWO),
    "slope": Measure(
        "mean over {each} of the change by doubling of kernels of the {auroc}", _slope, mean_over_seeds, EITHER
    ),
    "wins": Measure("share of sizes, mean over {each}, in which {above}", _wins, mean_over_seeds, TWO),
    "spread": Measure(
        "mean over {each} of the distance from the median over seeds of the {auroc}", _spread, mean_over_seeds, TWO
    ),
    "found": Measure(
        "mean over {each} of the share of implanted motifs found, {networks}", _found, mean_over_seeds, EITHER
    ),
    "significant": Measure(
        "share of {each} in which {above} beyond the chance of test sequences (paired test, p < 0.05), minus the "
        "share in which it is so below",
        _significant,
        mean_over_seeds,
        TWO,
    ),
    "every": Measure("share of {each} in which {above} with every one of three or more seeds", _auroc, _every, TWO),
    "others": Measure(
        "share, of the {each} where the {auroc} is below 0 with the first seed, of those where its mean over the "
        "others is at least -0.005",
        _auroc,
        _others,
        TWO,
    ),
}
SETS: Mapping[str, DataSets] = {
    "chipseq": DataSets("real data sets", False, lambda tables: tables.datasets(simulated=False)),
    "simulated": DataSets("simulated sets", True, lambda tables: tables.datasets(simulated=True)),
}
