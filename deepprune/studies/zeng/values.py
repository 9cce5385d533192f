"""The AUROC of all networks of a run, by task and by number of positives, as tables and claims need it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from deepprune.keys import PRUNED

REFERENCE = "1layer"
FEW = " kernels"  # behind the number of kernels, the name of a network of few kernels
# What data sets are about, and its words
DISCOVERY, OCCUPANCY, POSITION, GENOMIC = "discovery", "occupancy", "position", "genomic"
TASKS = {
    DISCOVERY: "motif discovery",
    OCCUPANCY: "motif occupancy",
    POSITION: "motif occupancy with motifs anywhere in positives",
    GENOMIC: "peaks against windows of the genome",
}
COLUMNS = ["dataset", "source", "task", "most", "target", "network", "auroc"]
ALL = "all"  # positives that are not reduced
MOST = (40_000, 10_000, 2_500)  # positives to which the authors reduced data sets
# The words of the claims' measures
MEASURES = (
    {task: f"test AUROC in {words}" for task, words in TASKS.items()}
    | {f"at_{most}": f"test AUROC in motif discovery with {most:,} positives" for most in MOST}
    | {
        "harder": "test AUROC in motif discovery minus that in motif occupancy",
        "loss_of_data": f"test AUROC with {MOST[-1]:,} positives minus that with {MOST[0]:,}",
        "relative_time": f"training time divided by that of {REFERENCE}",
    }
)


class About(NamedTuple):
    """What a data set is about. source: the file of its peaks or sequences.  most: of its positives, or ALL."""

    source: str
    task: str
    most: str
    target: str


def network_values(networks: pd.DataFrame, auc: pd.DataFrame, about: Mapping[str, About]) -> pd.DataFrame:
    """Return the columns COLUMNS, a row for each data set and network: the mean AUROC over seeds.

    networks: tables of the trained networks.  auc: of networks of few kernels, of which those that were pruned count;
    they are called by their number, such as `8 kernels`.
    """
    pruned = auc[auc["method"] == PRUNED]
    if len(pruned):  # of several criteria the first, from which motifs come too
        pruned = pruned[pruned["criterion"] == pruned["criterion"].iloc[0]]
    pruned = pruned.sort_values("kernels", ascending=False, kind="stable")
    few = pruned.assign(network=pruned["kernels"].astype(int).astype(str) + FEW)
    columns = ["dataset", "network", "auroc"]
    both = pd.concat([networks[columns], few[columns]], ignore_index=True)
    table = both.groupby(["dataset", "network"], sort=False, as_index=False)["auroc"].mean()
    for field in About._fields:
        table[field] = [getattr(about[name], field) for name in table["dataset"]]
    return pd.DataFrame(table, columns=COLUMNS)


def with_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that was read with `most` as words; without a row of ALL they were read as numbers."""
    return table.assign(most=table["most"].astype(str))


def of_task(values: pd.DataFrame, task: str, most: str = ALL) -> pd.DataFrame:
    """Return the rows of a task whose positives were reduced to `most`."""
    return values[(values["task"] == task) & (values["most"] == most)]


def claim_values(values: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """Return the columns network, dataset (the replicate: a source, or a repeat of timing), and MEASURES.

    values: the columns COLUMNS.  times: of `training_times`. Several data sets of a source and task are averaged.
    """
    parts = {task: of_task(values, task) for task in TASKS}
    parts |= {f"at_{most}": of_task(values, DISCOVERY, str(most)) for most in MOST}
    wide = pd.DataFrame({name: part.groupby(["source", "network"])["auroc"].mean() for name, part in parts.items()})
    wide["harder"] = wide[DISCOVERY] - wide[OCCUPANCY]
    wide["loss_of_data"] = wide[f"at_{MOST[-1]}"] - wide[f"at_{MOST[0]}"]
    wide = wide.rename_axis(index=["dataset", "network"]).reset_index()
    timed = times.assign(dataset="repeat " + times["repeat"].astype(str))
    first = timed[timed["network"] == REFERENCE].set_index("repeat")["seconds"]
    timed["relative_time"] = timed["seconds"] / timed["repeat"].map(first)
    return pd.concat([wide, timed[["dataset", "network", "relative_time"]]], ignore_index=True)


def ordered(values: pd.DataFrame, networks: Sequence[str]) -> pd.DataFrame:
    """Return the rows in the order of the networks, those of few kernels last."""
    few = [name for name in values["network"].unique() if name not in networks]
    place = {name: number for number, name in enumerate([*networks, *few])}
    return values.sort_values("network", key=lambda names: names.map(place), kind="stable")
