"""Deepprune: train wide, keep the better half of the kernels, fine-tune, again and again; beside the plain baseline."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.dataset import PART_NAMES, TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.io.table import write_table
from deepprune.metrics import auprc, auroc
from deepprune.model import save_model
from deepprune.parameters import Parameters, initial_parameters, save_parameters
from deepprune.train import Fit, Options, Trainer

AUC_COLUMNS = ["dataset", "method", "criterion", "seed", "kernels", "auroc", "auprc", "epochs", "seconds"]
# A random stream for each purpose, so that one method's draws never depend on what another has drawn.
INITIAL, BASELINE_ORDER, DEEPPRUNE_ORDER = range(3)


class Criterion(NamedTuple):
    """Which kernels stay: config's `prune` without the ladder."""

    name: str = "weight"
    learning_rate_decay: float = 1.2


class Network(NamedTuple):
    """One evaluated network; its row of the AUC table and its weights."""

    method: str
    criterion: str
    seed: int
    kernels: int
    auroc: float
    auprc: float
    epochs: int
    seconds: float
    parameters: Parameters


def importance(criterion: str, parameters: Parameters, trainer: Trainer) -> np.ndarray:
    """How much each kernel matters, float (kernels,); paper's Methods, three criteria.

    weight: |w_k|. score: |mean of u_k over the positives - mean over the negatives| of the training set.
    score_weight: their product.
    """
    weight = np.abs(np.asarray(parameters.weights, np.float64))
    if criterion == "weight":
        return weight
    pooled = trainer.activations(parameters, trainer.codes).astype(np.float64)
    positive = trainer.labels == 1
    score = np.abs(pooled[positive].mean(axis=0) - pooled[~positive].mean(axis=0))
    return {"score": score, "score_weight": score * weight}[criterion]


def best_kernels(importance: np.ndarray, count: int) -> np.ndarray:
    """Indices of the most important kernels, ascending; of equals the first stay, so that the count is exact."""
    return np.sort(np.argsort(-importance, kind="stable")[:count])


def train_ladder(
    dataset: str,
    data: Dataset,
    seeds: Sequence[int],
    ladder: Sequence[int],
    kernel_length: int,
    options: Options,
    criterion: Criterion,
    threads: int = 1,
    log: Callable[[str], None] = print,
) -> list[Network]:
    """Train the baseline at every kernel number, and the pruned network down the ladder, for every seed.

    Methods: `baseline`, trained directly; `inter`, just pruned; `deepprune`, pruned and fine-tuned. At the widest rung
    `deepprune` is the baseline that all pruning starts from. A seed whose loss leaves the finite numbers is reported
    and left out from there on. InputError if a class is missing where it is needed.
    """
    check_classes(dataset, data)
    trainer = Trainer(data, options, threads, log=lambda message: log(f"{dataset}: {message}"))
    test_codes, test_labels = data.part(TEST)
    networks: list[Network] = []

    def evaluate(method: str, seed: int, parameters: Parameters, fit: Fit | None) -> None:
        log_odds = trainer.predict(parameters, test_codes)
        network = Network(
            method,
            "-" if method == "baseline" else criterion.name,
            seed,
            len(parameters.weights),
            auroc(test_labels, log_odds),
            auprc(test_labels, log_odds),
            fit.epochs if fit else 0,
            fit.seconds if fit else 0.0,
            parameters,
        )
        networks.append(network)
        log(_progress(dataset, network, fit))

    def finished(
        method: str, kernels: int, rate: float, fits: Sequence[Fit], seeds: Sequence[int]
    ) -> Iterator[tuple[int, Fit, Parameters]]:
        for seed, fit in zip(seeds, fits, strict=True):
            if fit.parameters is None:
                log(
                    f"{dataset} {method}, {kernels} kernels, seed {seed}: the loss is no longer a finite number after "
                    f"{fit.epochs} epochs at learning rate {rate:g}; this seed stops here, try a lower learning rate"
                )
            else:
                yield seed, fit, fit.parameters

    pruned: dict[int, Parameters] = {}
    for rung, kernels in enumerate(ladder):
        starts = [initial_parameters(kernel_length, kernels, _rng(seed, kernels, INITIAL)) for seed in seeds]
        orders = [_rng(seed, kernels, BASELINE_ORDER) for seed in seeds]
        fits = trainer.fit(starts, orders, options.learning_rate)
        for seed, fit, parameters in finished("baseline", kernels, options.learning_rate, fits, seeds):
            evaluate("baseline", seed, parameters, fit)
            if rung == 0:
                evaluate("deepprune", seed, parameters, fit)
                pruned[seed] = parameters
        if rung == 0 or not pruned:
            continue
        for seed, parameters in pruned.items():
            pruned[seed] = parameters.keep(best_kernels(importance(criterion.name, parameters, trainer), kernels))
            evaluate("inter", seed, pruned[seed], None)
        rate = options.learning_rate / criterion.learning_rate_decay**rung
        alive = list(pruned)
        fits = trainer.fit(list(pruned.values()), [_rng(seed, kernels, DEEPPRUNE_ORDER) for seed in alive], rate)
        pruned = {}
        for seed, fit, parameters in finished("deepprune", kernels, rate, fits, alive):
            evaluate("deepprune", seed, parameters, fit)
            pruned[seed] = parameters
    return networks


def check_classes(dataset: str, data: Dataset) -> None:
    """InputError unless training and test have sequences of both classes, and validation has any."""
    for part, classes in ((TRAIN, 2), (VALIDATION, 1), (TEST, 2)):
        found = np.unique(data.part(part)[1])
        if len(found) < classes:
            missing = " or ".join(name for label, name in ((1, "bound"), (0, "unbound")) if label not in found)
            raise InputError(
                f"{dataset}: there is no {missing} sequence for {PART_NAMES[part]}; "
                "give more sequences, or another data.seed for the split"
            )


def auc_table(dataset: str, networks: Sequence[Network]) -> pd.DataFrame:
    """The tidy AUC table of a data set, in the order method, seed, kernels."""
    table = pd.DataFrame([(dataset, *network[:-1]) for network in networks], columns=AUC_COLUMNS)
    table = table.round({"auroc": 6, "auprc": 6, "seconds": 2})
    return table.sort_values(["method", "seed", "kernels"], ascending=[True, True, False], ignore_index=True)


def networks_table(dataset: str, networks: Sequence[Network]) -> pd.DataFrame:
    """Which network of the parameters' file is which: dataset method criterion seed kernels number."""
    table = pd.DataFrame([(dataset, *network[:4]) for network in networks], columns=AUC_COLUMNS[:5])
    return table.assign(number=range(len(table)))


def write_networks(
    dataset: str,
    networks: Sequence[Network],
    final: int,
    options: Options,
    auc: Path,
    table: Path,
    parameters: Path,
    keras: Path,
) -> None:
    """Write a data set's AUC table, all its networks' weights with a table of contents, and the last rung for Keras.

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
    save_parameters(parameters, [network.parameters for network in networks])
    keras.mkdir(parents=True, exist_ok=True)
    for network in networks:
        if network.kernels == final and network.method != "inter":
            name = f"{network.method}_{network.kernels}_seed{network.seed}.keras"
            save_model(keras / name, network.parameters, options.padding, options.activation)


def _rng(seed: int, kernels: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, kernels, purpose])


def _progress(dataset: str, network: Network, fit: Fit | None) -> str:
    """A line of the training log."""
    head = f"{dataset} {network.method:<9} {network.kernels:>4} kernels  seed {network.seed}: "
    if fit is None:
        return f"{head}AUROC {network.auroc:.4f}"
    return (
        f"{head}{fit.epochs} epochs, loss {fit.loss:.4f}, validation loss {fit.validation_loss:.4f}, "
        f"AUROC {network.auroc:.4f}, {fit.seconds:.1f} s"
    )
