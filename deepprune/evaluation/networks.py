"""The trained networks of a data set as tables and files."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.io.table import write_table
from deepprune.keys import KEY_COLUMNS, NO_CRITERION, PRUNED, NetworkKey
from deepprune.models.export import save_model
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters
from deepprune.models.store import save_parameters


class Measures(NamedTuple):
    """Measures of one network; columns of the AUC table.

    auroc_background: of the data set's background, fitted without kernels, the same for all networks.  auroc_kernels:
    of this network's logit without its background. Both are NaN for networks without one.
    """

    auroc: float
    auroc_se: float  # over samples of test sequences (DeLong et al. 1988)
    auprc: float
    validation_loss: float
    epochs: int
    seconds: float
    auroc_background: float = math.nan
    auroc_kernels: float = math.nan


class Network(NamedTuple):
    """One evaluated network.

    origin: int (kernels,), the places of its kernels in the widest network.  scores: float32 (test sequences,), logits.
    background: of the same shape, the logits of the background fitted without kernels; None without one.
    """

    key: NetworkKey
    measures: Measures
    parameters: Parameters
    origin: np.ndarray
    scores: np.ndarray
    background: np.ndarray | None = None


class NetworkFiles(NamedTuple):
    """The paths of the tables and weights of a data set's networks; keras is a folder."""

    auc: Path
    table: Path
    weights: Path
    parameters: Path
    keras: Path


AUC_COLUMNS = ["dataset", *KEY_COLUMNS, *Measures._fields]
WEIGHT_COLUMNS = ["dataset", "architecture", "criterion", "kernels", "seed", "kernel", "weight"]
# The order of a data set's rows; criteria keep the order of the options.
ORDER = ["method", "criterion", "seed", "kernels"]


def auc_table(dataset: str, networks: Sequence[Network]) -> pd.DataFrame:
    """Return the tidy AUC table of a data set, in the order method, criterion, seed, kernels."""
    table = pd.DataFrame([(dataset, *network.key, *network.measures) for network in networks], columns=AUC_COLUMNS)
    table = table.round(6).round({"seconds": 2})
    return _in_order(table)


def networks_table(dataset: str, networks: Sequence[Network], model: NetworkKey) -> pd.DataFrame:
    """Return the key of each network in the file of parameters: dataset, the key's columns, number, chosen, model.

    chosen: 1 for the pruned networks of the first criterion with as many kernels as the model, whose kernels are read;
    0 for others.  model: 1 for the model itself.
    """
    table = pd.DataFrame([(dataset, *network.key) for network in networks], columns=["dataset", *KEY_COLUMNS])
    chosen = {network.key for network in pruned(networks) if network.key.kernels == model.kernels}
    keys = [network.key for network in networks]
    return table.assign(
        number=range(len(table)),
        chosen=[int(key in chosen) for key in keys],
        model=[int(key == model) for key in keys],
    )


def pruned(networks: Sequence[Network]) -> list[Network]:
    """Return the networks pruned by the first criterion, the widest included."""
    found = [network for network in networks if network.key.method == PRUNED]
    return [network for network in found if network.key.criterion == found[0].key.criterion]


def weights_table(dataset: str, networks: Sequence[Network]) -> pd.DataFrame:
    """Return the output weight of each kernel of the pruned networks: the columns WEIGHT_COLUMNS.

    kernel: its place in the widest network, which identifies it down the ladder.
    """
    tables = [
        pd.DataFrame({"kernel": network.origin, "weight": np.asarray(network.parameters.weights)[:, 0]}).assign(
            dataset=dataset, **network.key._asdict()
        )
        for network in networks
        if network.key.method == PRUNED
    ]
    table = pd.concat(tables, ignore_index=True).round({"weight": 6})
    return _in_order(table, "kernel")[WEIGHT_COLUMNS]


def write_networks(
    dataset: str, networks: Sequence[Network], model: NetworkKey, architecture: FewKernel, files: NetworkFiles
) -> None:
    """Write a data set's tables, the weights of all networks with their index, and those of one size for Keras.

    model: of the network that predicts, see evaluation/choice.  architecture: of the networks, of any size.
    """
    write_table(auc_table(dataset, networks), files.auc)
    write_table(networks_table(dataset, networks, model), files.table)
    write_table(weights_table(dataset, networks), files.weights)
    save_parameters(files.parameters, [network.parameters for network in networks])
    files.keras.mkdir(parents=True, exist_ok=True)
    for network in networks:
        key = network.key
        if key.kernels == model.kernels and key.method not in ("inter", "circular"):
            criterion = "" if key.criterion == NO_CRITERION else f"_{key.criterion}"
            name = f"{key.method}{criterion}_{key.kernels}_seed{key.seed}.keras"
            save_model(files.keras / name, network.parameters, architecture)


def _in_order(table: pd.DataFrame, *further: str) -> pd.DataFrame:
    """Return the rows sorted by ORDER, falling number of kernels, and further columns."""
    criteria = {name: place for place, name in enumerate(table["criterion"].unique())}
    columns = [*ORDER, *further]
    return table.sort_values(
        columns,
        ascending=[column != "kernels" for column in columns],
        key=lambda column: column.map(criteria) if column.name == "criterion" else column,
        ignore_index=True,
        kind="stable",
    )
