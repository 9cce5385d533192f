"""Deepprune: train wide, keep the better half of the kernels, fine-tune, again and again; and what it is compared with.

Methods of the paper, by the name that they have in the tables:
baseline: trained at its size from the start.  inter: just pruned to its size.  deepprune: pruned and fine-tuned.
winning_ticket: pruned, then the kept kernels go back to their start and are trained anew (Frankle and Carbin 2018).
circular: one circular filter (see `circular`).
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from deepprune.data.dataset import TEST, Dataset
from deepprune.evaluation.metrics import auprc, auroc, auroc_se
from deepprune.evaluation.networks import Network
from deepprune.keys import NO_CRITERION
from deepprune.models.circular import CIRCULAR, LEARNING_RATE, circular_parameters
from deepprune.models.parameters import Parameters, Pruned, initial_parameters
from deepprune.pruning.criteria import prune
from deepprune.training.checkpoint import Checkpoint, Training
from deepprune.training.early_stopping import Fit
from deepprune.training.trainer import Options, Trainer, stack_size

METHODS = ("baseline", "inter", "deepprune", "winning_ticket", "circular")
# A random stream for each purpose, so that one method's draws never depend on what another has drawn.
INITIAL, BASELINE_ORDER, DEEPPRUNE_ORDER, TICKET_ORDER, CIRCULAR_INITIAL, CIRCULAR_ORDER = range(6)


class Plan(NamedTuple):
    """What is trained on a data set for each seed; keys of the config."""

    ladder: Sequence[int]  # kernel numbers, falling
    kernel_length: int  # bp
    methods: Sequence[str] = METHODS[:3]
    criteria: Sequence[str] = ("weight",)  # of the first come the winning tickets
    learning_rate_decay: float = 1.2
    distill: float = 0.8  # criterion loss: the widest network's share of the labels in fine-tuning


def train_networks(
    dataset: str,
    data: Dataset,
    seeds: Sequence[int],
    plan: Plan,
    options: Options,
    threads: int = 1,
    log: Callable[[str], None] = print,
    stack: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> list[Network]:
    """Train the networks of all methods, kernel numbers and criteria, for every seed.

    At the widest rung `deepprune` is the baseline that all pruning starts from. A seed whose loss leaves the finite
    numbers is reported and left out from there on. Test sequences are ranked, and decide nothing.
    threads: so many trainings run side by side.  stack: seeds in one program; by default what suits the device.
    checkpoint: where trained networks are kept; those found there are not trained again.
    InputError if a class is missing where it is needed.
    """
    data.check_classes(dataset)
    lock = threading.Lock()

    def say(message: str) -> None:
        with lock:
            log(message)

    size = stack or stack_size() or len(seeds)
    stacks = [seeds[first : first + size] for first in range(0, len(seeds), size)]
    job = _Job(dataset, data, plan, options, say, checkpoint or Checkpoint())
    if size == 1:
        job.trace()
    with ThreadPoolExecutor(threads) as pool:
        # The long way down first; what needs nothing of it keeps all threads busy.
        descents = [pool.submit(job.descend, some, pool.submit) for some in stacks]
        futures = []
        if "baseline" in plan.methods:
            futures += [pool.submit(job.baseline, some, kernels) for kernels in plan.ladder[1:] for some in stacks]
        if "circular" in plan.methods:
            futures += [pool.submit(job.circular, some) for some in stacks]
        try:
            networks = []
            for pruned, further in [descent.result() for descent in descents]:
                networks += pruned
                futures += further
            return networks + [network for future in futures for network in future.result()]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


class _Job:
    """The trainings of one data set; methods take the seeds of one stack and return its networks in a fixed order."""

    def __init__(
        self,
        dataset: str,
        data: Dataset,
        plan: Plan,
        options: Options,
        log: Callable[[str], None],
        checkpoint: Checkpoint,
    ) -> None:
        self.dataset, self.plan, self.options, self.log, self.checkpoint = dataset, plan, options, log, checkpoint
        codes, labels = data.part(TEST)
        self.test = codes, labels[:, 0]
        self.trainer = Trainer(data, options, self.say)
        self.circular_trainer = Trainer(data, options, self.say, CIRCULAR) if "circular" in plan.methods else None

    def say(self, message: str) -> None:
        self.log(f"{self.dataset}: {message}")

    def trace(self) -> None:
        """Trace all programs of single networks, in a fixed order."""
        self.trainer.trace([self.start(0, kernels) for kernels in self.plan.ladder])
        if self.circular_trainer:
            self.circular_trainer.trace([circular_parameters(self.plan.kernel_length, _rng(0, 1, CIRCULAR_INITIAL))])

    def start(self, seed: int, kernels: int) -> Parameters:
        """What a network of this size is before it is trained."""
        return initial_parameters(self.plan.kernel_length, kernels, _rng(seed, kernels, INITIAL))

    def baseline(self, seeds: Sequence[int], kernels: int) -> list[Network]:
        """Networks of this size from the start."""
        return self.evaluate_all("baseline", self.trainer, self.fit_baseline(seeds, kernels))

    def fit_baseline(self, seeds: Sequence[int], kernels: int) -> dict[int, Fit]:
        starts = {seed: self.start(seed, kernels) for seed in seeds}
        return self.fit("baseline", self.trainer, starts, BASELINE_ORDER, self.options.learning_rate)

    def circular(self, seeds: Sequence[int]) -> list[Network]:
        """Networks of one circular filter."""
        assert self.circular_trainer
        length = self.plan.kernel_length
        starts = {seed: circular_parameters(length, _rng(seed, 1, CIRCULAR_INITIAL)) for seed in seeds}
        fits = self.fit("circular", self.circular_trainer, starts, CIRCULAR_ORDER, LEARNING_RATE)
        return self.evaluate_all("circular", self.circular_trainer, fits)

    def descend(
        self, seeds: Sequence[int], submit: Callable[..., "Future[list[Network]]"]
    ) -> tuple[list[Network], list["Future[list[Network]]"]]:
        """The widest baseline and what is pruned from it: by the first criterion here, the rest as further tasks."""
        widest = self.fit_baseline(seeds, self.plan.ladder[0])
        further = [submit(self.prune_and_train, widest, criterion) for criterion in self.plan.criteria[1:]]
        if "winning_ticket" in self.plan.methods:
            further.append(submit(self.prune_and_train, widest, self.plan.criteria[0], ticket=True))
        pruned = self.prune_and_train(widest, self.plan.criteria[0])
        widest_rows = [network for network in pruned if network.kernels == self.plan.ladder[0]]
        baselines = [network._replace(method="baseline", criterion=NO_CRITERION) for network in widest_rows]
        return baselines + pruned, further

    def prune_and_train(self, widest: Mapping[int, Fit], criterion: str, ticket: bool = False) -> list[Network]:
        """Down the ladder from the widest networks, by seed, which are its first rung.

        ticket: train what is kept from its first start, at the first learning rate, instead of fine-tuning it.
        """
        method, order = ("winning_ticket", TICKET_ORDER) if ticket else ("deepprune", DEEPPRUNE_ORDER)
        began = time.perf_counter()
        labels = self.distilled(widest) if criterion == "loss" and self.plan.distill and not ticket else None
        networks: list[Network] = []
        fits = dict(widest)
        origins = {seed: np.arange(self.plan.ladder[0]) for seed in widest}
        for rung, kernels in enumerate(self.plan.ladder[1:], start=1):
            if not fits:
                break
            pruned = {seed: prune(criterion, fit.parameters, self.trainer, kernels) for seed, fit in fits.items()}
            seconds = (time.perf_counter() - began) / len(fits)
            if not (ticket and rung == 1):  # the widest networks are no tickets
                for seed, fit in fits.items():
                    networks += self.evaluate(method, criterion, seed, self.trainer, fit, origins[seed], pruned[seed])
            origins = {seed: origins[seed][pruned[seed].kept] for seed in fits}
            rate = self.options.learning_rate
            if ticket:
                starts = {seed: self.start(seed, self.plan.ladder[0]).keep(origins[seed]) for seed in fits}
            else:
                starts = {seed: pruned[seed].parameters for seed in fits}
                rate /= self.plan.learning_rate_decay**rung
            fits = self.fit(method, self.trainer, starts, order, rate, criterion, labels)
            # What it took to choose the kernels is part of the method.
            fits = {seed: fit._replace(seconds=fit.seconds + seconds) for seed, fit in fits.items()}
            began = time.perf_counter()
        return networks + self.evaluate_all(method, self.trainer, fits, criterion, origins)

    def distilled(self, widest: Mapping[int, Fit]) -> dict[int, np.ndarray]:
        """Labels between the data set's and the probabilities of each seed's widest network (Hinton et al. 2015)."""
        share, trainer = self.plan.distill, self.trainer
        return {
            seed: (1 - share) * trainer.labels
            + share / (1 + np.exp(-trainer.predict(fit.parameters, trainer.codes)[0]))
            for seed, fit in widest.items()
        }

    def fit(
        self,
        method: str,
        trainer: Trainer,
        starts: Mapping[int, Parameters],
        order: int,
        rate: float,
        criterion: str = NO_CRITERION,
        labels: Mapping[int, np.ndarray] | None = None,
    ) -> dict[int, Fit]:
        """Train a network from each seed's start, unless it was before; report those whose loss is no longer finite."""
        seeds = list(starts)
        kernels = starts[seeds[0]].bias.shape[0]

        def train(places: Sequence[int]) -> list[Fit]:
            missing = [seeds[place] for place in places]
            rngs = [_rng(seed, kernels, order) for seed in missing]
            targets = [labels[seed] for seed in missing] if labels else None
            return trainer.fit([starts[seed] for seed in missing], rngs, rate, targets)

        trainings = [Training(seed, method, criterion, kernels) for seed in seeds]
        fits = dict(zip(seeds, self.checkpoint.train_missing(trainings, train), strict=True))
        for seed, fit in fits.items():
            if fit.diverged:
                self.say(
                    f"{method}, {kernels} kernels, seed {seed}: the loss is no longer a finite number "
                    f"after {fit.epochs} epochs at learning rate {rate:g}; this seed stops here, "
                    "try a lower learning rate"
                )
        return {seed: fit for seed, fit in fits.items() if not fit.diverged}

    def evaluate_all(
        self,
        method: str,
        trainer: Trainer,
        fits: Mapping[int, Fit],
        criterion: str = NO_CRITERION,
        origins: Mapping[int, np.ndarray] | None = None,
    ) -> list[Network]:
        """Test trained networks, by seed."""
        return [
            network
            for seed, fit in fits.items()
            for network in self.evaluate(method, criterion, seed, trainer, fit, origins[seed] if origins else None)
        ]

    def evaluate(
        self,
        method: str,
        criterion: str,
        seed: int,
        trainer: Trainer,
        fit: Fit,
        origin: np.ndarray | None = None,
        pruned: Pruned | None = None,
    ) -> list[Network]:
        """Test a network, and with it what pruning leaves of it (inter), whose activations are among its own."""
        rows: list[tuple[str, Fit | None, Pruned]] = [
            (method, fit, Pruned(fit.parameters, np.arange(fit.parameters.bias.shape[0])))
        ]
        if pruned and method == "deepprune" and "inter" in self.plan.methods:
            rows.append(("inter", None, pruned))
        less = [left for _, _, left in rows[1:]]
        codes, labels = self.test
        scores = trainer.predict(fit.parameters, codes, *less)
        losses = trainer.validation_losses(fit.parameters, *less) if less else [fit.validation_loss]
        networks = [
            Network(
                name,
                criterion,
                seed,
                left.parameters.bias.shape[0],
                auroc(labels, log_odds),
                auroc_se(labels, log_odds),
                auprc(labels, log_odds),
                float(loss),
                trained.epochs if trained else 0,
                trained.seconds if trained else 0.0,
                left.parameters,
                left.kept if origin is None else origin[left.kept],
                log_odds.astype(np.float32),
            )
            for (name, trained, left), log_odds, loss in zip(rows, scores, losses, strict=True)
        ]
        for network, (_, trained, _) in zip(networks, rows, strict=True):
            self.report(network, trained)
        return networks

    def report(self, network: Network, fit: Fit | None) -> None:
        """Write a network's line into the log; all ladders begin with the same one, which is told once, as baseline."""
        if network.method == "deepprune" and network.kernels == self.plan.ladder[0]:
            if network.criterion != self.plan.criteria[0]:
                return
            network = network._replace(method="baseline", criterion=NO_CRITERION)
        self.say(_progress(network, fit))


def _rng(seed: int, kernels: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, kernels, purpose])


def _progress(network: Network, fit: Fit | None) -> str:
    """A line of the training log."""
    criterion = "" if network.criterion == NO_CRITERION else f" ({network.criterion})"
    head = f"{network.method + criterion:<18} {network.kernels:>4} kernels  seed {network.seed}: "
    if fit is None:
        return f"{head}AUROC {network.auroc:.4f}"
    return (
        f"{head}{fit.epochs} epochs, loss {fit.loss:.4f}, validation loss {fit.validation_loss:.4f}, "
        f"AUROC {network.auroc:.4f}, {fit.seconds:.1f} s"
    )
