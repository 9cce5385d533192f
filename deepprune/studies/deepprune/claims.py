"""Data sets and measures of this paper's claims."""

from collections.abc import Callable, Hashable
from functools import partial

import pandas as pd

from deepprune.studies.claims.measures import MEASURES, ONE, SETS, Compared, DataSets, Measure, Terms, mean_over_seeds
from deepprune.studies.claims.tables import RunTables
from deepprune.studies.deepprune.contents import FEW_MOTIFS

# The criterion of the paper's networks, unless it names another
PUBLISHED = "weight"


def ladders(tables: RunTables, compared: Compared) -> dict[tuple[Hashable, ...], pd.DataFrame]:
    """Return, by (dataset, seed), the absolute output weights of the surviving kernels, a row a rung, widest first.

    Networks whose ladder ended early, because the loss became infinite or NaN, are left out.
    """
    of_criterion = tables.weights["criterion"] == tables.criterion(compared.first)
    table = tables.weights[of_criterion & tables.weights["dataset"].isin(compared.datasets)]
    found: dict[tuple[Hashable, ...], pd.DataFrame] = {}
    for (dataset, seed), rows in table.groupby(["dataset", "seed"]):
        wide = rows.pivot(index="kernels", columns="kernel", values="weight").abs().sort_index(ascending=False)
        if wide.index[-1] == tables.rungs[0]:
            found[dataset, seed] = wide.dropna(axis=1)
    return found


def _weights(tables: RunTables, compared: Compared, summary: Callable[[pd.DataFrame], float]) -> pd.Series:
    found = ladders(tables, compared)
    index = pd.MultiIndex.from_tuples(found, names=["dataset", "seed"]) if found else tables.auroc.index[:0]
    return pd.Series([summary(ladder) for ladder in found.values()], index=index, dtype=float)


def _growth(ladder: pd.DataFrame) -> float:
    return float((ladder.iloc[-1] - ladder.iloc[0]).mean())


def _steps(ladder: pd.DataFrame) -> float:
    return float((ladder.diff().iloc[1:] > 0).to_numpy().mean())


def _evenness(ladder: pd.DataFrame) -> float:
    return float(ladder.iloc[-1].min() / ladder.iloc[-1].max())


def _measure(words: str, summary: Callable[[pd.DataFrame], float]) -> Measure:
    return Measure(words, partial(_weights, summary=summary), mean_over_seeds, ONE)


def _of_motifs(words: str, chosen: Callable[[pd.Series], pd.Series], first: int | None = None) -> DataSets:
    """Return simulated sets by their numbers of implanted motifs; first: the number of sets used, by default all."""
    return DataSets(words, True, lambda tables: list(tables.implanted.index[chosen(tables.implanted)][:first]))


TERMS = Terms(
    sets={
        **SETS,
        "two": _of_motifs("simulated sets of two motifs", lambda motifs: motifs <= FEW_MOTIFS),
        "complex": _of_motifs("simulated sets of more than two motifs", lambda motifs: motifs > FEW_MOTIFS),
        # Four kernels are half of them.
        "half": _of_motifs("simulated sets of eight motifs", lambda motifs: motifs == 8),
        # The paper's simulated dataset 1.
        "first": _of_motifs("the first simulated set of two motifs", lambda motifs: motifs <= FEW_MOTIFS, first=1),
    },
    measures={
        **MEASURES,
        "growth": _measure(
            "mean over {each} of the growth of the last kernels' absolute output weight down the whole ladder", _growth
        ),
        "steps": _measure(
            "share of the last kernels' steps down the ladder, mean over {each}, in which their output weight grows",
            _steps,
        ),
        "evenness": _measure(
            "mean over {each} of the smallest by the largest absolute output weight of the last kernels", _evenness
        ),
    },
)
