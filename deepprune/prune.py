"""Deepprune: train wide, keep the better half of the kernels, fine-tune, again and again; beside the plain baseline."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from deepprune.train import Fit, Options, Trainer, stack_size

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
    stack: int | None = None,
) -> list[Network]:
    """Train the baseline at every kernel number, and the pruned network down the ladder, for every seed.

    Methods: `baseline`, trained directly; `inter`, just pruned; `deepprune`, pruned and fine-tuned. At the widest rung
    `deepprune` is the baseline that all pruning starts from. A seed whose loss leaves the finite numbers is reported
    and left out from there on.
    threads: so many trainings run side by side.  stack: seeds in one program; by default what suits the device.
    InputError if a class is missing where it is needed.
    """
    check_classes(dataset, data)
    lock = threading.Lock()

    def say(message: str) -> None:
        with lock:
            log(message)

    trainer = Trainer(data, options, lambda message: say(f"{dataset}: {message}"))
    job = _Ladder(dataset, trainer, data.part(TEST), ladder, kernel_length, criterion, say)
    size = stack or stack_size() or len(seeds)
    stacks = [seeds[first : first + size] for first in range(0, len(seeds), size)]
    if size == 1:
        trainer.trace(kernel_length, ladder, criterion.name != "weight")
    with ThreadPoolExecutor(threads) as pool:
        # The long way down first; the baselines beside it need nothing of each other, and keep all threads busy.
        futures = [pool.submit(job.descend, some) for some in stacks]
        futures += [pool.submit(job.baseline, some, kernels) for kernels in ladder[1:] for some in stacks]
        try:
            return [network for future in futures for network in future.result()]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


class _Ladder:
    """The trainings of one data set; methods take the seeds of one stack and return its networks in a fixed order."""

    def __init__(
        self,
        dataset: str,
        trainer: Trainer,
        test: tuple[np.ndarray, np.ndarray],
        ladder: Sequence[int],
        kernel_length: int,
        criterion: Criterion,
        log: Callable[[str], None],
    ) -> None:
        self.dataset, self.trainer, self.test, self.ladder = dataset, trainer, test, ladder
        self.kernel_length, self.criterion, self.log = kernel_length, criterion, log

    def baseline(self, seeds: Sequence[int], kernels: int) -> list[Network]:
        """Networks of this size from the start."""
        starts = {seed: initial_parameters(self.kernel_length, kernels, _rng(seed, kernels, INITIAL)) for seed in seeds}
        return self.train("baseline", starts, BASELINE_ORDER, self.trainer.options.learning_rate)

    def descend(self, seeds: Sequence[int]) -> list[Network]:
        """The widest baseline and what is pruned from it, rung by rung."""
        widest = self.baseline(seeds, self.ladder[0])
        tuned = [network._replace(method="deepprune", criterion=self.criterion.name) for network in widest]
        networks = [*widest, *tuned]
        for rung, kernels in enumerate(self.ladder[1:], start=1):
            if not tuned:
                break
            pruned = {network.seed: self.prune(network.parameters, kernels) for network in tuned}
            inter = [self.evaluate("inter", seed, parameters) for seed, parameters in pruned.items()]
            rate = self.trainer.options.learning_rate / self.criterion.learning_rate_decay**rung
            tuned = self.train("deepprune", pruned, DEEPPRUNE_ORDER, rate)
            networks += [*inter, *tuned]
        return networks

    def prune(self, parameters: Parameters, kernels: int) -> Parameters:
        """What is left of a network when only its most important kernels stay."""
        return parameters.keep(best_kernels(importance(self.criterion.name, parameters, self.trainer), kernels))

    def train(self, method: str, starts: Mapping[int, Parameters], order: int, rate: float) -> list[Network]:
        """Train the networks of one size, by seed, and report those whose loss is no longer finite."""
        networks = []
        kernels = len(next(iter(starts.values())).weights)
        fits = self.trainer.fit(list(starts.values()), [_rng(seed, kernels, order) for seed in starts], rate)
        for seed, fit in zip(starts, fits, strict=True):
            if fit.parameters is None:
                self.log(
                    f"{self.dataset} {method}, {kernels} kernels, seed {seed}: the loss is no longer a finite number "
                    f"after {fit.epochs} epochs at learning rate {rate:g}; this seed stops here, "
                    "try a lower learning rate"
                )
            else:
                networks.append(self.evaluate(method, seed, fit.parameters, fit))
        return networks

    def evaluate(self, method: str, seed: int, parameters: Parameters, fit: Fit | None = None) -> Network:
        """Test a network and write its line into the log."""
        codes, labels = self.test
        log_odds = self.trainer.predict(parameters, codes)
        network = Network(
            method,
            "-" if method == "baseline" else self.criterion.name,
            seed,
            len(parameters.weights),
            auroc(labels, log_odds),
            auprc(labels, log_odds),
            fit.epochs if fit else 0,
            fit.seconds if fit else 0.0,
            parameters,
        )
        self.log(_progress(self.dataset, network, fit))
        return network


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
