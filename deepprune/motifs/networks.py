"""What the networks of a data set's last rung have learned: their kernels as motifs."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.evaluation.metrics import auroc
from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import write_table
from deepprune.keys import NO_CRITERION
from deepprune.models.parameters import Parameters
from deepprune.motifs.kernels import KernelMotif, kernel_motifs
from deepprune.motifs.windows import Windows, best_windows

METHOD = "deepprune"


class Kernel(NamedTuple):
    """A kernel, the network that it belongs to, and what it reads.

    auroc: of its activation alone, on the test set; below 0.5 where it speaks against binding.
    """

    dataset: str
    method: str
    criterion: str
    seed: int
    kernels: int
    motif: KernelMotif
    auroc: float

    @property
    def name(self) -> str:
        """Its motif's name in MEME files."""
        return kernel_name(self.seed, self.motif.kernel)


def kernel_name(seed: int, kernel: int) -> str:
    """What a kernel of the last rung is called in all tables and files."""
    return f"seed{seed}_kernel{kernel}"


def final_networks(networks: pd.DataFrame) -> pd.DataFrame:
    """The rows of the smallest pruned network of each seed, of the first criterion, in a table of contents."""
    pruned = of_first_criterion(networks[networks["method"] == METHOD])
    return pruned[pruned["kernels"] == pruned["kernels"].min()]


def of_first_criterion(networks: pd.DataFrame) -> pd.DataFrame:
    """The rows of networks that were pruned by the study's first criterion, or not at all."""
    first = networks.loc[networks["method"] == METHOD, "criterion"].iloc[0]
    return networks[networks["criterion"].isin([first, NO_CRITERION])]


def network_windows(
    data: Dataset, networks: pd.DataFrame, parameters: Sequence[Parameters], options: Mapping[str, Any]
) -> Windows:
    """The best windows of the test sequences, the kernels of all these networks side by side.

    networks: rows of the table of contents of parameters.  options: of `kernel_motifs`.
    """
    codes, _ = data.part(TEST)
    kernels, bias, _ = _side_by_side([parameters[number] for number in networks["number"]])
    return best_windows(codes, kernels, bias, options["padding"], options["activation"])


def network_motifs(
    data: Dataset,
    networks: pd.DataFrame,
    parameters: Sequence[Parameters],
    options: Mapping[str, Any],
    windows: Windows,
) -> list[Kernel]:
    """The kernels of these networks, read from the positive test sequences.

    networks: rows of the table of contents of parameters.  options: of `kernel_motifs`.  windows: see
    `network_windows`.
    """
    codes, labels = data.part(TEST)
    labels = labels[:, 0]
    activity, position = windows
    bound = labels == 1
    rows = [row for row in networks.to_dict("records") for _ in range(row["kernels"])]
    read = [parameters[number] for number in networks["number"]]
    numbers = [kernel for network in read for kernel in range(len(network.bias))]
    of_bound = activity[bound], position[bound]
    motifs = kernel_motifs(codes[bound], *_side_by_side(read), indices=numbers, windows=of_bound, **options)
    return [
        Kernel(
            **{column: row[column] for column in Kernel._fields[:5]},
            motif=motif,
            auroc=auroc(labels, activity[:, place]),
        )
        for place, (row, motif) in enumerate(zip(rows, motifs, strict=True))
    ]


def _side_by_side(networks: Sequence[Parameters]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kernels (kernels, width, 4), bias and dense weights of several networks, to be scanned at once: a scan of few
    kernels takes nearly as long as one of many."""
    kernels = np.concatenate([network.kernels.transpose(2, 0, 1) for network in networks])
    bias, weights = (np.concatenate([getattr(network, name) for network in networks]) for name in ("bias", "weights"))
    return kernels, bias, weights


def motif_table(kernels: Sequence[Kernel]) -> pd.DataFrame:
    """A row for each kernel, dead ones too: weight, sites, bits, AUROC, and of its motif without flanks the first
    position (from 0), width and consensus."""
    rows = []
    for kernel in kernels:
        motif, trimmed = kernel.motif, kernel.motif.motif
        rows.append(
            {field: getattr(kernel, field) for field in Kernel._fields[:5]}
            | {
                "motif": kernel.name,
                "weight": round(motif.weight, 4),
                "sites": motif.nsites,
                "bits": round(motif.information_content, 2),
                "auroc": round(kernel.auroc, 4),
                "dead": motif.dead,
                "trimmed_start": motif.trimmed_start,
                "trimmed_width": trimmed.width if trimmed else 0,
                "consensus": trimmed.consensus if trimmed else "",
            }
        )
    return pd.DataFrame(rows)


def write_motifs(kernels: Sequence[Kernel], data: Dataset, meme: str, trimmed: str, table: str) -> None:
    """Write the motifs at full width and without their uninformative flanks, and the table of all kernels.

    The MEME files' background is that of the positive training sequences.
    """
    frequencies = background(data)
    alive = [kernel for kernel in kernels if not kernel.motif.dead]
    write_meme(Path(meme), [_named(kernel, kernel.motif.untrimmed()) for kernel in alive], frequencies)
    informative = [_named(kernel, kernel.motif.motif) for kernel in alive if kernel.motif.motif]
    write_meme(Path(trimmed), informative, frequencies)
    write_table(motif_table(kernels), table)


def background(data: Dataset) -> np.ndarray:
    """Frequencies of A C G T in the positive training sequences."""
    codes, labels = data.part(TRAIN)
    counts = np.bincount(codes[labels[:, 0] == 1].ravel(), minlength=5)[:4]
    return counts / counts.sum()


def _named(kernel: Kernel, motif: Motif) -> Motif:
    return dataclasses.replace(motif, name=kernel.name)
