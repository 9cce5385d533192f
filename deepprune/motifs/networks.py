"""The kernels of a data set's networks as motifs."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.dna.codes import reverse_complement
from deepprune.evaluation.metrics import auroc
from deepprune.io.motif import write_meme
from deepprune.io.table import write_table
from deepprune.keys import KEY_COLUMNS, NO_CRITERION, PRUNED, NetworkKey, kernel_name
from deepprune.models.parameters import Parameters, output_layer
from deepprune.motifs.clusters import clusters
from deepprune.motifs.kernels import KernelMotif, Reading, kernel_motifs
from deepprune.motifs.windows import KernelBank, Windows, side_by_side


class ScannedNetwork(NamedTuple):
    """A network, and the windows of the test sequences that activate its kernels most."""

    dataset: str
    key: NetworkKey
    network: Parameters
    windows: Windows

    def strands(self, codes: np.ndarray, reading: Reading) -> list[Windows]:
        """Return the windows of these test sequences and, of averaged strands, those of their reverse complements."""
        if not reading.average_strands:
            return [self.windows]
        bank, last = side_by_side([self.network]), codes.shape[1] - self.network.kernels.shape[1]
        return [self.windows, reading.windows(reverse_complement(codes), bank).turned(last)]

    def logits(self, strands: Sequence[Windows], backgrounds: np.ndarray | None) -> np.ndarray:
        """Return the logits of the test sequences, float64 (n, tasks), from windows and the background's part."""
        logits = np.mean([output_layer(windows.activations, self.network) for windows in strands], axis=0)
        return np.asarray(logits if backgrounds is None else logits + backgrounds)


@dataclass(frozen=True, eq=False)
class NetworkGroup:
    """Networks of a data set that are read together.

    rows: of these networks in the table of all networks.  parameters: of all networks, by the table's `number`.
    """

    data: Dataset
    rows: pd.DataFrame
    parameters: Sequence[Parameters]
    reading: Reading

    @cached_property
    def bank(self) -> KernelBank:
        """The kernels of these networks."""
        return side_by_side([self.parameters[number] for number in self.rows["number"]])

    @cached_property
    def test(self) -> tuple[np.ndarray, np.ndarray]:
        """The codes of the test sequences, and which of these are bound."""
        codes, labels = self.data.part(TEST)
        return codes, bound(labels)

    @cached_property
    def windows(self) -> Windows:
        """The best windows of the test sequences."""
        return self.reading.windows(self.test[0], self.bank)

    def scanned(self) -> Iterator[ScannedNetwork]:
        """Yield each network with its part of the windows."""
        first = 0
        for row in self.rows.to_dict("records"):
            network = self.parameters[row["number"]]
            last = first + len(network.bias)
            key = NetworkKey(*(row[column] for column in KEY_COLUMNS))
            yield ScannedNetwork(row["dataset"], key, network, self.windows.of(kernels=slice(first, last)))
            first = last

    @cached_property
    def background(self) -> list[float]:
        """Frequencies of A C G T in the bound training sequences."""
        codes, labels = self.data.part(TRAIN)
        counts = np.bincount(codes[bound(labels)].ravel(), minlength=5)[:4]
        return [float(frequency) for frequency in counts / counts.sum()]


class Kernel(NamedTuple):
    """A kernel, its network, and its motif.

    auroc: of the kernel's activations alone, on the test set; below 0.5 if the kernel speaks against binding.
    """

    dataset: str
    key: NetworkKey
    motif: KernelMotif
    auroc: float

    @property
    def name(self) -> str:
        """The name of its motif in MEME files."""
        return self.motif.full.name


def key_columns(dataset: str, key: NetworkKey) -> dict[str, Any]:
    """Return the columns that identify the network of a table's row."""
    return {"dataset": dataset, **key._asdict()}


def bound(labels: np.ndarray) -> np.ndarray:
    """Return which sequences are bound in any task, bool (n,); labels: (n, tasks)."""
    return np.any(labels, axis=1)


def of_first_criterion(networks: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of networks that were not pruned, or pruned by the table's first criterion."""
    first = networks.loc[networks["method"] == PRUNED, "criterion"].iloc[0]
    return networks[networks["criterion"].isin([first, NO_CRITERION])]


def network_motifs(group: NetworkGroup) -> list[Kernel]:
    """Return the motifs of these networks' kernels in the bound test sequences, network by network."""
    codes, positive = group.test
    motifs = kernel_motifs(codes[positive], group.bank, group.reading, group.windows.of(positive))
    owned = [(network, activations) for network in group.scanned() for activations in network.windows.activations.T]
    return [
        Kernel(network.dataset, network.key, _named(motif, network.key, group.background), auroc(positive, activations))
        for motif, (network, activations) in zip(motifs, owned, strict=True)
    ]


def motif_table(kernels: Sequence[Kernel]) -> pd.DataFrame:
    """Return a row for each kernel, dead ones included.

    The columns are its network, weight, sites, bits and AUROC, the cluster of its motif, and the first position (from
    0), width and consensus of its motif without flanks. cluster: from 1 within its network; 0 for a dead kernel. Motifs
    of one cluster are alike, so that a network has as many distinct motifs as clusters.
    """
    cluster, rows = motif_clusters(kernels), []
    for kernel in kernels:
        motif, trimmed = kernel.motif, kernel.motif.trimmed
        rows.append(
            key_columns(kernel.dataset, kernel.key)
            | {
                "motif": kernel.name,
                "weight": round(motif.weight, 4),
                "sites": motif.full.sites,
                "bits": round(motif.information_content, 2),
                "auroc": round(kernel.auroc, 6),
                "dead": motif.dead,
                "cluster": cluster[kernel.dataset, kernel.key, motif.kernel],
                "trimmed_start": motif.trimmed_start,
                "trimmed_width": trimmed.width if trimmed else 0,
                "consensus": trimmed.consensus if trimmed else "",
            }
        )
    return pd.DataFrame(rows)


def motif_clusters(kernels: Sequence[Kernel]) -> dict[tuple[str, NetworkKey, int], int]:
    """Return the cluster of each kernel's motif by its data set, network and number; see motif_table."""
    found = {(kernel.dataset, kernel.key, kernel.motif.kernel): 0 for kernel in kernels}
    for dataset, key in dict.fromkeys((kernel.dataset, kernel.key) for kernel in kernels):
        own = [each.motif for each in kernels if (each.dataset, each.key) == (dataset, key) and not each.motif.dead]
        for motif, cluster in zip(own, clusters([motif.full for motif in own]).tolist(), strict=True):
            found[dataset, key, motif.kernel] = cluster + 1
    return found


def write_motifs(kernels: Sequence[Kernel], background: Sequence[float], meme: str, trimmed: str, table: str) -> None:
    """Write the kernels' motifs at full width and without their uninformative flanks, and the table of all kernels.

    background: frequencies of A C G T.
    """
    full = [kernel.motif.full for kernel in kernels if not kernel.motif.dead]
    write_meme(Path(meme), full, background)
    informative = [kernel.motif.trimmed for kernel in kernels if kernel.motif.trimmed]
    write_meme(Path(trimmed), informative, background)
    write_table(motif_table(kernels), table)


def _named(motif: KernelMotif, key: NetworkKey, background: Sequence[float]) -> KernelMotif:
    full = dataclasses.replace(motif.full, name=kernel_name(key.seed, motif.kernel), background=background)
    return dataclasses.replace(motif, full=full)
