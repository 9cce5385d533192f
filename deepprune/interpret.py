"""What the networks of a data set's last rung have learned: their kernels as motifs."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.dataset import TEST, TRAIN, Dataset
from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import write_table
from deepprune.motifs import KernelMotif, kernel_motifs
from deepprune.parameters import Parameters

METHOD = "deepprune"


class Kernel(NamedTuple):
    """A kernel, the network that it belongs to, and what it reads."""

    dataset: str
    method: str
    criterion: str
    seed: int
    kernels: int
    motif: KernelMotif

    @property
    def name(self) -> str:
        """Its motif's name in MEME files."""
        return f"seed{self.seed}_kernel{self.motif.kernel}"


def final_motifs(
    data: Dataset, networks: pd.DataFrame, parameters: Sequence[Parameters], options: Mapping[str, Any]
) -> list[Kernel]:
    """The kernels of the smallest pruned network of each seed, read from the positive test sequences.

    networks: the table of contents of parameters.  options: config's `motifs`.
    """
    codes, labels = data.part(TEST)
    pruned = networks[networks["method"] == METHOD]
    found = []
    for network in pruned[pruned["kernels"] == pruned["kernels"].min()].itertuples():
        weights = parameters[int(network.number)]
        kernels = weights.kernels.transpose(2, 0, 1)
        for motif in kernel_motifs(codes[labels == 1], kernels, weights.bias, weights.weights, **options):
            found.append(Kernel(network.dataset, METHOD, network.criterion, network.seed, network.kernels, motif))
    return found


def motif_table(kernels: Sequence[Kernel]) -> pd.DataFrame:
    """A row for each kernel, dead ones too: weight, sites, bits, width and consensus of its trimmed motif."""
    rows = []
    for kernel in kernels:
        motif, trimmed = kernel.motif, kernel.motif.motif
        rows.append(
            {field: getattr(kernel, field) for field in Kernel._fields[:-1]}
            | {
                "motif": kernel.name,
                "weight": round(motif.weight, 4),
                "sites": motif.nsites,
                "bits": round(motif.information_content, 2),
                "dead": motif.dead,
                "trimmed_width": trimmed.width if trimmed else 0,
                "consensus": trimmed.consensus if trimmed else "",
            }
        )
    return pd.DataFrame(rows)


def write_motifs(kernels: Sequence[Kernel], data: Dataset, meme: str, trimmed: str, table: str) -> None:
    """Write the motifs at full width and without their uninformative flanks, and the table of all kernels.

    The MEME files' background is that of the positive training sequences.
    """
    codes, labels = data.part(TRAIN)
    counts = np.bincount(codes[labels == 1].ravel(), minlength=5)[:4]
    background = counts / counts.sum()
    alive = [kernel for kernel in kernels if not kernel.motif.dead]
    write_meme(Path(meme), [_named(kernel, kernel.motif.untrimmed()) for kernel in alive], background)
    informative = [_named(kernel, kernel.motif.motif) for kernel in alive if kernel.motif.motif]
    write_meme(Path(trimmed), informative, background)
    write_table(motif_table(kernels), table)


def _named(kernel: Kernel, motif: Motif) -> Motif:
    return dataclasses.replace(motif, name=kernel.name)
