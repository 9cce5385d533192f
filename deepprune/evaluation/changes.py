"""Clusters of data sets whose AUROC changes alike."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist

from deepprune.errors import InputError

CLUSTERS = 4


class Clustering(NamedTuple):
    """Clusters of data sets.

    table: columns dataset, cluster (from 1), place (from 0, in the dendrogram's order); a row each, sorted by dataset.
    linkage: float64 (data sets - 1, 4), of scipy.cluster.hierarchy; its leaves are the table's rows.
    """

    table: pd.DataFrame
    linkage: np.ndarray


def changes_from(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return the AUROC of each network minus that of the reference: a row for each data set, a column each network.

    table: columns dataset, network, auroc, one row each. Rows are sorted by dataset; networks keep the table's order,
    without the reference. InputError if a network is missing or listed twice on a data set.
    """
    networks = list(table["network"].unique())
    if reference not in networks or len(networks) < 2:
        raise InputError(
            f"changes from the network {reference} need it and another one; there is {', '.join(networks)}"
        )
    twice = table[table.duplicated(["dataset", "network"])]
    if len(twice):
        raise InputError(f"the network {twice['network'].iloc[0]} is listed twice on {twice['dataset'].iloc[0]}")
    wide = table.pivot(index="dataset", columns="network", values="auroc").sort_index()[networks]
    if wide.isna().any(axis=None):
        dataset, network = wide.stack(future_stack=True).pipe(lambda cells: cells[cells.isna()].index[0])
        raise InputError(
            f"the network {network} has no AUROC on {dataset}; changes need every network on each data set"
        )
    return wide.drop(columns=reference).sub(wide[reference], axis=0)


def clustered(changes: pd.DataFrame, clusters: int = CLUSTERS) -> Clustering:
    """Cluster data sets by their changes: Ward's linkage of Euclidean distances, leaves in the optimal order.

    changes: see `changes_from`.  clusters: the most; there are fewer of fewer data sets, and of data sets that change
    equally. They are numbered from the smallest mean change. Of the two directions of the dendrogram, the one is taken
    whose first half has the smaller mean. The order of the rows has no influence.
    """
    changes = changes.sort_index()
    count = len(changes)
    linkage, order, labels = np.empty((0, 4)), np.zeros(count, dtype=int), np.ones(count, dtype=int)
    if count > 1:
        linkage = hierarchy.linkage(pdist(changes.to_numpy()), method="ward", optimal_ordering=True)
        order = hierarchy.leaves_list(linkage)
        means = changes.to_numpy().mean(axis=1)[order]
        if means[: count // 2].mean() > means[-(count // 2) :].mean():
            linkage[:, :2] = linkage[:, 1::-1]
            order = order[::-1]
        labels = hierarchy.fcluster(linkage, min(clusters, len(changes.drop_duplicates())), criterion="maxclust")
    averages = changes.mean(axis=1).groupby(labels).mean().sort_values(kind="stable")
    numbers = {label: number for number, label in enumerate(averages.index, start=1)}
    table = pd.DataFrame({"dataset": changes.index, "cluster": [numbers[label] for label in labels]})
    return Clustering(table.assign(place=np.argsort(order)), linkage)
