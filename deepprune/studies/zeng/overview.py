"""Each figure of the study by its name, from the study's tables."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from deepprune.evaluation.changes import clustered
from deepprune.figures.changes import changes_figure, cluster_sizes_figure
from deepprune.studies.zeng.figures import distribution_figure, sizes_figure, time_figure
from deepprune.studies.zeng.values import ALL, DISCOVERY, REFERENCE, of_task, with_words


def study_figure(name: str, tables: Mapping[str, pd.DataFrame]) -> Figure:
    """Return a figure: of a task by its name, or changes, cluster_sizes, sizes, time.

    tables: values, clusters and times, as `tables.write_study_tables` writes them.
    """
    values, clusters = with_words(tables["values"]), tables["clusters"]
    if name == "changes":
        changes = clusters.set_index("dataset").drop(columns=["cluster", "place", "positives"])
        return changes_figure(changes, clustered(changes), REFERENCE)
    if name == "cluster_sizes":
        return cluster_sizes_figure(clusters)
    if name == "sizes":
        return sizes_figure(changes_by_size(values))
    if name == "time":
        medians = of_task(values, DISCOVERY).groupby("network")["auroc"].median()
        times = tables["times"].rename(columns={"seconds_paper": "paper"})
        return time_figure(times.assign(auroc=times["network"].map(medians)).dropna(subset="auroc"))
    return distribution_figure(of_task(values, name))


def changes_by_size(values: pd.DataFrame) -> pd.DataFrame:
    """Return changes in AUROC from REFERENCE with as many positives: columns dataset, network, positives, change."""
    reduced = values[(values["task"] == DISCOVERY) & (values["most"] != ALL)]
    first = reduced[reduced["network"] == REFERENCE].set_index("dataset")["auroc"]
    changed = reduced.assign(
        change=reduced["auroc"] - reduced["dataset"].map(first), positives=reduced["most"].astype(int)
    )
    changed = changed[(changed["network"] != REFERENCE) & changed["change"].notna()]
    return changed[["source", "network", "positives", "change"]].rename(columns={"source": "dataset"})
