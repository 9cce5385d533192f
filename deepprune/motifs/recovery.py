"""Recovery of implanted motifs by kernels."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import write_table
from deepprune.keys import KEY_COLUMNS, PRUNED
from deepprune.motifs.networks import Kernel, NetworkGroup, key_columns, network_motifs, of_first_criterion
from deepprune.motifs.tomtom import KnownMotifs, tomtom_databases

COMPARED = (PRUNED, "baseline")  # methods, drawn from left to right
IMPLANTED = "implanted"  # the database of the implanted motifs
NETWORK = ["dataset", *KEY_COLUMNS]
COLUMNS = [*NETWORK, "motif", "rank", "bits", "weight", "sites", "trimmed_start"]
MATCH = ["Target_ID", "Target_name", "E-value", "Optimal_offset", "Overlap", "Orientation"]


def compared_networks(networks: pd.DataFrame, rungs: Sequence[int]) -> pd.DataFrame:
    """Return the rows of networks with these numbers of kernels, pruned by the first criterion or trained directly."""
    read = of_first_criterion(networks)
    return read[read["method"].isin(COMPARED) & read["kernels"].isin(rungs)]


def recovery(kernels: Sequence[Kernel], known: KnownMotifs) -> pd.DataFrame:
    """Return the implanted motif that each kernel resembles most: the columns COLUMNS, MATCH and found.

    kernels: of several networks.  known: the database named implanted; the others serve as the background of the
    p-values.  rank: 1 for the kernel with the largest information content of its network, and so on.  Optimal_offset
    and Orientation are those of the motif without its flanks, as Tomtom defines them.  found: whether the E-value is
    low enough for a match. Kernels without a motif have no match.
    """
    trimmed = [(recovered_name(kernel), kernel.motif.trimmed) for kernel in kernels]
    queries = [dataclasses.replace(motif, name=name) for name, motif in trimmed if motif]
    matches = tomtom_databases(queries, known, everything=True)
    best = matches[matches["database"] == IMPLANTED].drop_duplicates("Query_ID").set_index("Query_ID")
    rows = []
    for kernel in kernels:
        motif, name = kernel.motif, recovered_name(kernel)
        rows.append(
            key_columns(kernel.dataset, kernel.key)
            | {"motif": name, "bits": round(motif.information_content, 2)}
            | {"weight": round(motif.weight, 4), "sites": motif.full.sites}
            | {"trimmed_start": motif.trimmed_start}
            | (best.loc[name, MATCH].to_dict() if name in best.index else dict.fromkeys(MATCH))
        )
    table = pd.DataFrame(rows, columns=[*(column for column in COLUMNS if column != "rank"), *MATCH])
    table["rank"] = table.groupby(NETWORK, sort=False)["bits"].rank(ascending=False, method="first").astype(int)
    table["found"] = table["E-value"].astype(float) <= known.evalue
    return table[[*COLUMNS, *MATCH, "found"]].astype({"Optimal_offset": "Int64", "Overlap": "Int64"})


def recovered(table: pd.DataFrame, implanted: Sequence[Motif]) -> pd.DataFrame:
    """Return how many implanted motifs each network found: the columns NETWORK, implanted, found and names."""
    rows = []
    for network, kernels in table.groupby(NETWORK, sort=False):
        names = sorted(set(kernels.loc[kernels["found"], "Target_ID"]))
        rows.append((*network, len(implanted), len(names), " ".join(names)))
    return pd.DataFrame(rows, columns=[*NETWORK, IMPLANTED, "found", "names"])


def recovered_name(kernel: Kernel) -> str:
    """Return the name of a kernel among networks of several methods and sizes."""
    return f"{kernel.key.method}{kernel.key.kernels}_{kernel.name}"


def write_recovery(group: NetworkGroup, known: KnownMotifs, table: str, counts: str, meme: str) -> None:
    """Write which implanted motifs these networks found.

    table: each kernel's match.  counts: the number of motifs that each network found.  meme: the kernels' motifs at
    full width, under the names in the table.
    """
    kernels = network_motifs(group)
    found = recovery(kernels, known)
    write_table(found, table)
    write_table(recovered(found, known.databases[IMPLANTED]), counts)
    alive = [kernel for kernel in kernels if not kernel.motif.dead]
    motifs = [dataclasses.replace(kernel.motif.full, name=recovered_name(kernel)) for kernel in alive]
    write_meme(Path(meme), motifs, group.background)
