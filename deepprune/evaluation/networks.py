"""The trained networks of a data set: their tables and files."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.errors import InputError
from deepprune.io.table import write_table
from deepprune.keys import NO_CRITERION
from deepprune.models.few_kernel import save_model
from deepprune.models.parameters import Parameters, save_parameters
from deepprune.training.trainer import Options


class Network(NamedTuple):
    """One evaluated network: its row of the AUC table, its weights, and what further tables are made of."""

    method: str
    criterion: str  # NO_CRITERION where nothing was pruned
    seed: int
    kernels: int
    auroc: float
    auroc_se: float  # over samples of test sequences, by DeLong
    auprc: float
    validation_loss: float
    epochs: int
    seconds: float
    parameters: Parameters
    origin: np.ndarray  # int (kernels,): its kernels' places in the widest network
    scores: np.ndarray  # float32 (test sequences,): log-odds


# What tells the networks of a data set apart, and with that how each did.
KEYS = Network._fields[:4]
MEASURED = Network._fields[: Network._fields.index("parameters")]
AUC_COLUMNS = ["dataset", *MEASURED]


def auc_table(dataset: str, networks: Sequence[Network]) -> pd.DataFrame:
    """The tidy AUC table of a data set, in the order method, criterion, seed, kernels."""
    table = pd.DataFrame([(dataset, *network[: len(MEASURED)]) for network in networks], columns=AUC_COLUMNS)
    table = table.round({"auroc": 6, "auroc_se": 6, "auprc": 6, "validation_loss": 6, "seconds": 2})
    return _in_order(table)


def networks_table(dataset: str, networks: Sequence[Network]) -> pd.DataFrame:
    """Which network of the parameters' file is which: dataset method criterion seed kernels number."""
    table = pd.DataFrame([(dataset, *network[: len(KEYS)]) for network in networks], columns=["dataset", *KEYS])
    return table.assign(number=range(len(table)))


def weights_table(dataset: str, networks: Sequence[Network]) -> pd.DataFrame:
    """The dense weight of each kernel of the pruned networks: dataset criterion seed kernels kernel weight.

    kernel: its place in the widest network, so that it can be followed down the ladder.
    """
    tables = [
        pd.DataFrame({"kernel": network.origin, "weight": np.asarray(network.parameters.weights)}).assign(
            criterion=network.criterion, seed=network.seed, kernels=network.kernels
        )
        for network in networks
        if network.method == "deepprune"
    ]
    table = pd.concat(tables, ignore_index=True).assign(dataset=dataset).round({"weight": 6})
    table = _in_order(table.assign(method="deepprune"), "kernel")
    return table[["dataset", "criterion", "seed", "kernels", "kernel", "weight"]]


def write_networks(
    dataset: str,
    networks: Sequence[Network],
    final: int,
    options: Options,
    auc: Path,
    table: Path,
    weights: Path,
    parameters: Path,
    keras: Path,
) -> None:
    """Write a data set's tables, all its networks' weights with a table of contents, and the last rung for Keras.

    final: the kernel number of the last rung.  keras: a folder; a `.keras` file for each network there.
    InputError if no seed was pruned so far.
    """
    if not any(network.method == "deepprune" and network.kernels == final for network in networks):
        raise InputError(
            f"{dataset}: no network is left at {final} kernels, the loss of every seed left the finite numbers; "
            "try a lower train.learning_rate"
        )
    write_table(auc_table(dataset, networks), auc)
    write_table(networks_table(dataset, networks), table)
    write_table(weights_table(dataset, networks), weights)
    save_parameters(parameters, [network.parameters for network in networks])
    keras.mkdir(parents=True, exist_ok=True)
    for network in networks:
        if network.kernels == final and network.method not in ("inter", "circular"):
            criterion = "" if network.criterion == NO_CRITERION else f"_{network.criterion}"
            name = f"{network.method}{criterion}_{network.kernels}_seed{network.seed}.keras"
            save_model(keras / name, network.parameters, options.padding, options.activation)


def _in_order(table: pd.DataFrame, *further: str) -> pd.DataFrame:
    """Rows by method, criterion (in the order of the study), seed, and falling number of kernels."""
    criteria = {name: place for place, name in enumerate(table["criterion"].unique())}
    columns = [*KEYS, *further]
    return table.sort_values(
        columns,
        ascending=[column != "kernels" for column in columns],
        key=lambda column: column.map(criteria) if column.name == "criterion" else column,
        ignore_index=True,
        kind="stable",
    )
