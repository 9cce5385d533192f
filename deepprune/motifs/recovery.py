"""Which implanted motifs the kernels of networks trained on simulated data have found."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deepprune.data.dataset import Dataset
from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import write_table
from deepprune.models.parameters import Parameters
from deepprune.motifs.networks import METHOD, Kernel, background, network_motifs, network_windows, of_first_criterion
from deepprune.motifs.tomtom import tomtom_databases

METHODS = (METHOD, "baseline")  # drawn from left to right
IMPLANTED = "implanted"
COLUMNS = ["dataset", "method", "kernels", "seed", "motif", "rank", "bits", "weight", "sites", "trimmed_start"]
MATCH = ["Target_ID", "Target_name", "E-value", "Optimal_offset", "Overlap", "Orientation"]


def recovery(
    kernels: Sequence[Kernel], databases: Mapping[str, list[Motif]], evalue: float, engine: str = "memelite"
) -> pd.DataFrame:
    """The implanted motif that each kernel resembles most: the columns COLUMNS, MATCH and found.

    kernels: of several networks.  databases: as of `tomtom_databases`, one of them called implanted; the others are
    the background of the p-values.  rank: 1 for the network's kernel of the largest information content, and so on.
    Optimal_offset and Orientation are those of the motif without its flanks, as Tomtom defines them.  found: the
    E-value is at most `evalue`. Kernels without a motif have no match.
    """
    queries = [
        dataclasses.replace(kernel.motif.motif, name=recovered_name(kernel)) for kernel in kernels if kernel.motif.motif
    ]
    matches = tomtom_databases(queries, databases, None, engine)
    best = matches[matches["database"] == IMPLANTED].drop_duplicates("Query_ID").set_index("Query_ID")
    rows = []
    for kernel in kernels:
        motif, name = kernel.motif, recovered_name(kernel)
        rows.append(
            {field: getattr(kernel, field) for field in ("dataset", "method", "kernels", "seed")}
            | {"motif": name, "bits": round(motif.information_content, 2)}
            | {"weight": round(motif.weight, 4), "sites": motif.nsites}
            | {"trimmed_start": motif.trimmed_start}
            | (best.loc[name, MATCH].to_dict() if name in best.index else dict.fromkeys(MATCH))
        )
    table = pd.DataFrame(rows, columns=[*(column for column in COLUMNS if column != "rank"), *MATCH])
    network = table.groupby(["method", "kernels", "seed"], sort=False)
    table["rank"] = network["bits"].rank(ascending=False, method="first").astype(int)
    table["found"] = table["E-value"].astype(float) <= evalue
    return table[[*COLUMNS, *MATCH, "found"]].astype({"Optimal_offset": "Int64", "Overlap": "Int64"})


def recovered(table: pd.DataFrame, implanted: Sequence[Motif]) -> pd.DataFrame:
    """How many of the implanted motifs each network found: dataset method kernels seed implanted found names."""
    rows = []
    for network, kernels in table.groupby(["dataset", "method", "kernels", "seed"], sort=False):
        names = sorted(set(kernels.loc[kernels["found"], "Target_ID"]))
        rows.append((*network, len(implanted), len(names), " ".join(names)))
    return pd.DataFrame(rows, columns=["dataset", "method", "kernels", "seed", IMPLANTED, "found", "names"])


def recovered_name(kernel: Kernel) -> str:
    """What a kernel is called where networks of several methods and sizes come together."""
    return f"{kernel.method}{kernel.kernels}_{kernel.name}"


def write_recovery(
    data: Dataset,
    networks: pd.DataFrame,
    parameters: Sequence[Parameters],
    options: Mapping[str, Any],
    rungs: Sequence[int],
    databases: Mapping[str, list[Motif]],
    evalue: float,
    engine: str,
    table: str,
    counts: str,
    meme: str,
) -> None:
    """Write what the networks of these kernel numbers, pruned and trained directly, have found of the implanted motifs.

    networks: table of contents of parameters.  options: of `kernel_motifs`.  meme: the kernels at full width, by the
    names in the table.
    """
    read = of_first_criterion(networks)
    read = read[read["method"].isin(METHODS) & read["kernels"].isin(rungs)]
    windows = network_windows(data, read, parameters, options)
    kernels = network_motifs(data, read, parameters, options, windows)
    found = recovery(kernels, databases, evalue, engine)
    write_table(found, table)
    write_table(recovered(found, databases[IMPLANTED]), counts)
    alive = [kernel for kernel in kernels if not kernel.motif.dead]
    motifs = [dataclasses.replace(kernel.motif.untrimmed(), name=recovered_name(kernel)) for kernel in alive]
    write_meme(Path(meme), motifs, background(data))
