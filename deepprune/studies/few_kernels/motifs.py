"""Distinct motifs and the target's motif among the kernels of networks."""

import dataclasses
from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from deepprune.keys import KEY_COLUMNS, PRUNED
from deepprune.motifs.clusters import clusters
from deepprune.motifs.networks import Kernel, NetworkGroup, key_columns, network_motifs
from deepprune.motifs.relevant import motifs_of_target
from deepprune.motifs.tomtom import KnownMotifs, tomtom_databases
from deepprune.studies.few_kernels.variants import READABLE

COLUMNS = ["dataset", *KEY_COLUMNS, "alive", "distinct", "target_motifs", "evalue", "matched"]


def readable(networks: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of pruned networks of at most READABLE kernels."""
    return networks[(networks["method"] == PRUNED) & (networks["kernels"] <= READABLE)]


def motif_counts(group: NetworkGroup, target: str, known: KnownMotifs) -> pd.DataFrame:
    """Return a row for each network: the columns COLUMNS.

    alive: kernels with a motif.  distinct: clusters of alike motifs among these.  target_motifs: known motifs of the
    target.  evalue: the lowest of a kernel's match with one of these; missing if there is none.  matched: whether it is
    at most the limit of `known`; missing for a target without known motifs.
    """
    kernels = network_motifs(group)
    queries = [
        dataclasses.replace(kernel.motif.trimmed, name=str(place))
        for place, kernel in enumerate(kernels)
        if kernel.motif.trimmed
    ]
    (motifs,) = known.databases.values()
    own = motifs_of_target(target, motifs)
    matches = tomtom_databases(queries, known)
    matches = matches[matches["Target_ID"].isin(own)]
    evalues = matches.astype({"Query_ID": int}).groupby("Query_ID")["E-value"].min().to_dict()
    rows, place = [], 0
    for (dataset, key), some in groupby(kernels, key=lambda kernel: (kernel.dataset, kernel.key)):
        network = list(some)
        places = range(place, place + len(network))
        place += len(network)
        best = min((evalues[number] for number in places if number in evalues), default=None)
        rows.append(key_columns(dataset, key) | _counts(network) | {"target_motifs": len(own), "evalue": best})
        rows[-1]["matched"] = int(best is not None) if own else None
    return pd.DataFrame(rows, columns=COLUMNS)


def _counts(network: Sequence[Kernel]) -> dict[str, int]:
    alive = [kernel.motif.full for kernel in network if not kernel.motif.dead]
    return {"alive": len(alive), "distinct": len(set(clusters(alive).tolist()))}
