"""What a study says about a claim of the paper: one value for each replicate, a data set or a seed.

Where a claim is about real data, data sets are its replicates, each averaged over seeds. Where it is about simulated
sets, a few examples made on purpose, seeds are, each averaged over the sets.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.keys import NO_CRITERION
from deepprune.studies.claims.tables import SETS, Claim, Study

ALMOST = -0.005  # in AUROC, of "almost as good"
SEVERAL = 3  # seeds that agree
SIGNIFICANT = 0.05
SIZES = {"widest": "at the widest", "pruned": "below the widest", "ladder": "of all sizes"}


class Evidence(NamedTuple):
    """What a study says about a claim; values: float (replicates,), none if the study lacks what it needs.

    seeds: where data sets are the replicates, the fewest of any.  criterion: of the first networks of the claim that
    were pruned.
    """

    values: np.ndarray
    datasets: int
    seeds: int
    criterion: str


def evidence(study: Study, claim: Claim) -> Evidence:
    """The values of a claim's measure, one for each replicate."""
    criteria = [study.criterion(network) for network in (claim.first, claim.second) if network]
    criterion = next((name for name in criteria if name != NO_CRITERION), NO_CRITERION)
    datasets = study.datasets(claim.sets)
    none = Evidence(np.array([]), 0, 0, criterion)
    if not claim.measure or not datasets:
        return none
    measure = MEASURES[claim.measure]
    values = measure.values(study, claim, datasets).dropna()
    if claim.sets == "chipseq":
        by_dataset = measure.fold(values)
        seeds = values.groupby("dataset").size().loc[by_dataset.index]
        return Evidence(by_dataset.to_numpy(float), len(seeds), seeds.min(), criterion) if len(seeds) else none
    # A seed that one of the sets lacks would be the mean of others than the rest.
    by_seed = values.unstack("dataset").reindex(columns=datasets).dropna().mean(axis=1)
    return Evidence(by_seed.to_numpy(float), len(datasets), len(by_seed), criterion) if len(by_seed) else none


# What is measured: values by (dataset, seed), missing where a network is


def _between(study: Study, claim: Claim, datasets: Sequence[str], table: pd.DataFrame) -> pd.DataFrame:
    """First minus second networks, or the first alone: rows (dataset, seed), a column for each size."""
    first = study.values(table, claim.first, datasets)
    return first - study.values(table, claim.second, datasets).to_numpy() if claim.second else first


def _auroc(study: Study, claim: Claim, datasets: Sequence[str]) -> pd.Series:
    return _between(study, claim, datasets, study.auroc).mean(axis=1, skipna=False)


def _found(study: Study, claim: Claim, datasets: Sequence[str]) -> pd.Series:
    return _between(study, claim, datasets, study.found).mean(axis=1, skipna=False)


def _wins(study: Study, claim: Claim, datasets: Sequence[str]) -> pd.Series:
    difference = _between(study, claim, datasets, study.auroc)
    return (difference > 0).astype(float).where(difference.notna()).mean(axis=1, skipna=False)


def _slope(study: Study, claim: Claim, datasets: Sequence[str]) -> pd.Series:
    """Of the straight line through all sizes, by doubling of kernels."""
    values = _between(study, claim, datasets, study.auroc)
    doublings = np.log2(values.columns.to_numpy(float))
    doublings -= doublings.mean()
    # A single size has no slope.
    return values @ (doublings / (doublings @ doublings)) if len(doublings) > 1 else values.sum(axis=1) * np.nan


def _spread(study: Study, claim: Claim, datasets: Sequence[str]) -> pd.Series:
    """Distance from the median over seeds: a value for each seed, as of Brown & Forsythe (1974)."""

    def distance(network: str) -> pd.DataFrame:
        values = study.values(study.auroc, network, datasets)
        return (values - values.groupby("dataset").transform("median")).abs()

    return (distance(claim.first) - distance(claim.second).to_numpy()).mean(axis=1, skipna=False)


def _significant(study: Study, claim: Claim, datasets: Sequence[str]) -> pd.Series:
    """1, -1 or 0 by data set, of the paired test on its test sequences; the same for each of its seeds."""
    values = _auroc(study, claim, datasets).dropna()
    method, size = claim.first.split()
    table = study.comparison
    kind = (table["method"] == method) & (table["criterion"] == study.criterion(claim.first))
    rows = table[kind & (table["kernels"] == int(size))].set_index("dataset")
    sign = rows["gain"].apply(np.sign).where(rows["p_value"] < SIGNIFICANT, 0).where(rows["p_value"].notna())
    return pd.Series(sign.reindex(values.index.get_level_values("dataset")).to_numpy(), values.index)


def _weights(summary: Callable[[pd.DataFrame], float]) -> "Values":
    def values(study: Study, claim: Claim, datasets: Sequence[str]) -> pd.Series:
        ladders = study.ladders(claim.first, datasets)
        index = pd.MultiIndex.from_tuples(ladders, names=["dataset", "seed"]) if ladders else study.auroc.index[:0]
        return pd.Series([summary(ladder) for ladder in ladders.values()], index=index, dtype=float)

    return values


# How a real data set's seeds become one value


def _mean(values: pd.Series) -> pd.Series:
    return values.groupby("dataset").mean()


def _share(values: pd.Series) -> pd.Series:
    return _mean(values) > 0


def _every(values: pd.Series) -> pd.Series:
    seeds = values.groupby("dataset")
    return (seeds.min() > 0)[seeds.size() >= SEVERAL]


def _others(values: pd.Series) -> pd.Series:
    """Of the data sets whose first seed is below 0, whether the others are almost not, by their mean."""
    first = values.groupby("dataset").head(1)
    worse = first[first < 0].index.get_level_values("dataset")
    others = values.drop(first.index)
    return _mean(others[others.index.get_level_values("dataset").isin(worse)]) >= ALMOST


Values = Callable[[Study, Claim, Sequence[str]], pd.Series]


class Measure(NamedTuple):
    """words: of the rule; {each} is what is averaged over, {auroc} the difference, {above} that the first is larger."""

    words: str
    values: Values
    fold: Callable[[pd.Series], pd.Series] = _mean


MEASURES: dict[str, Measure] = {
    "auroc": Measure("mean over {each} of the {auroc}", _auroc),
    "share": Measure("share of {each} in which {above}", _auroc, _share),
    "p": Measure("one-sided signed-rank p-value over {each} of the {auroc}", _auroc),
    "slope": Measure("mean over {each} of the change by doubling of kernels of the {auroc}", _slope),
    "wins": Measure("share of sizes, mean over {each}, in which {above}", _wins),
    "spread": Measure("mean over {each} of the distance from the median over seeds of the {auroc}", _spread),
    "found": Measure("mean over {each} of the share of implanted motifs found, {networks}", _found),
    "growth": Measure(
        "mean over {each} of the growth of the last kernels' absolute dense weight down the whole ladder",
        _weights(lambda ladder: float((ladder.iloc[-1] - ladder.iloc[0]).mean())),
    ),
    "steps": Measure(
        "share of the last kernels' steps down the ladder, mean over {each}, in which their dense weight grows",
        _weights(lambda ladder: float((ladder.diff().iloc[1:] > 0).to_numpy().mean())),
    ),
    "evenness": Measure(
        "mean over {each} of the smallest by the largest absolute dense weight of the last kernels",
        _weights(lambda ladder: float(ladder.iloc[-1].min() / ladder.iloc[-1].max())),
    ),
    "significant": Measure(
        "share of {each} in which {above} beyond the chance of test sequences (paired test, p < 0.05), minus the "
        "share in which it is so below",
        _significant,
    ),
    "every": Measure("share of {each} in which {above} with every one of three or more seeds", _auroc, _every),
    "others": Measure(
        "share, of the {each} where the {auroc} is below 0 with the first seed, of those where its mean over the "
        "others is at least -0.005",
        _auroc,
        _others,
    ),
}


def words(claim: Claim) -> str:
    """What is measured for a claim, in words."""
    if not claim.measure:
        return "not measured by this pipeline"
    first, second = (_named(network) for network in (claim.first, claim.second))
    text = MEASURES[claim.measure].words.format(
        each=SETS["chipseq"] if claim.sets == "chipseq" else "seeds",
        auroc=f"AUROC of {first}" + (f" minus that of {second}" if second else ""),
        above=f"the AUROC of {first} is above that of {second}",
        networks=f"by {first}" + (f" minus by {second}" if second else ""),
    )
    return text if claim.sets == "chipseq" else f"{text}, on {SETS[claim.sets]}"


def _named(network: str) -> str:
    """Networks as a claim writes them, in words."""
    if not network:
        return ""
    kind, size = network.split()
    method, _, criterion = kind.partition("/")
    named = f"{method} by {criterion}" if criterion else method
    return f"{named} {SIZES[size]}" if size in SIZES else f"{named} with {size} kernel{'s' * (size != '1')}"
