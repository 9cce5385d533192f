"""The model of a data set: of its chosen networks the best, with the motifs of its kernels."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from deepprune.data.dataset import VALIDATION, Dataset
from deepprune.evaluation.delong import interval, paired_difference, rounded
from deepprune.evaluation.metrics import auroc
from deepprune.keys import KEY_COLUMNS
from deepprune.models.model_file import Model, Use
from deepprune.motifs.kernels import Reading
from deepprune.motifs.networks import Kernel, NetworkGroup, bound

DIFFERENCE = ["over_motif", "over_motif_low", "over_motif_high", "over_motif_p"]
COLUMNS = ["dataset", *KEY_COLUMNS, "auroc", "auroc_low", "auroc_high", "motif", "auroc_motif", *DIFFERENCE]


def with_model_alone(group: NetworkGroup) -> NetworkGroup:
    """Return the group of one network: the model, which the table of networks marks."""
    return NetworkGroup(group.data, group.rows[group.rows["model"] == 1], group.parameters, group.reading)


def model_of(group: NetworkGroup, kernels: Sequence[Kernel], about: Mapping[str, str]) -> Model:
    """Return the model of a group of one network; kernels: with their motifs, also of other networks."""
    (scanned,) = group.scanned()
    own = [kernel.motif.trimmed for kernel in kernels if kernel.key == scanned.key]
    return Model(
        scanned.network,
        scanned.key,
        use_of(group.reading, scanned.network.kernels.shape[1]),
        group.data.codes.shape[1],
        group.data.tasks,
        about,
        tuple(motif for motif in own if motif),
    )


def use_of(reading: Reading, width: int) -> Use:
    """Return how a network reads sequences, from how its kernels are read; width: of these, in bp."""
    fields = {name: getattr(reading, name) for name in asdict(Use(width)) if name != "width"}
    return Use(width, **fields)


def model_table(group: NetworkGroup, kernels: Sequence[Kernel]) -> pd.DataFrame:
    """Return one row on the model of a group of one network, in test sequences: the columns COLUMNS.

    auroc: with its 95 % interval (DeLong et al. 1988).  motif: its kernel that alone separates the validation sequences
    best; auroc_motif: of this kernel's activation.  over_motif: AUROC of the model minus auroc_motif, with interval and
    two-sided p-value of DeLong's paired test.
    """
    (scanned,), (codes, positive) = group.scanned(), group.test
    strands = scanned.strands(codes, group.reading)
    logits = scanned.logits(strands, group.reading.backgrounds(codes, scanned.network)).max(axis=1)
    best = _best_kernel(group)
    single = np.mean([windows.activations[:, best] for windows in strands], axis=0) * np.sign(group.bank.weights[best])
    labels = positive.astype(np.uint8)
    names = [kernel.name for kernel in kernels if kernel.key == scanned.key]
    whole = rounded(auroc(labels, logits), *interval(labels, logits))
    alone = (names[best], *rounded(auroc(labels, single)), *paired_difference(labels, logits, single))
    row = (scanned.dataset, *scanned.key, *whole, *alone)
    return pd.DataFrame([row], columns=COLUMNS)


def _best_kernel(group: NetworkGroup) -> int:
    """Return the kernel whose activation, with the sign of its weight, has the largest AUROC in validation sequences.

    A validation part of one class decides nothing: the kernel of largest weight is returned.
    """
    codes, labels = _validation(group.data)
    if len(np.unique(labels)) < 2:
        return int(np.abs(group.bank.weights).argmax())
    signed = group.reading.windows(codes, group.bank).activations * np.sign(group.bank.weights)
    return int(np.argmax([auroc(labels, activations) for activations in signed.T]))


def _validation(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    codes, labels = data.part(VALIDATION)
    return codes, bound(labels)
