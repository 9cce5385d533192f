"""The ladder: repeated pruning and fine-tuning, and the networks it is compared with.

A wide network is trained, the better half of its kernels is kept and fine-tuned, and so on.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from deepprune.data.dataset import Dataset
from deepprune.errors import InputError
from deepprune.evaluation.networks import Network
from deepprune.keys import NO_CRITERION
from deepprune.models.circular import LEARNING_RATE, Circular
from deepprune.models.parameters import Parameters, Pruned
from deepprune.pruning.criteria import Subject, prune
from deepprune.pruning.distillation import Teachers
from deepprune.pruning.evaluate import Evaluation
from deepprune.pruning.plan import ALONE, Execution, Plan, Recipe, Trained
from deepprune.training.background import Background, fit_background
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.trainer import Start, Trainer, stack_size

# A random stream for each purpose, so that one method's draws never depend on those of another.
INITIAL, BASELINE_ORDER, DEEPPRUNE_ORDER, TICKET_ORDER, CIRCULAR_INITIAL, CIRCULAR_ORDER = range(6)


def train_networks(
    dataset: str, data: Dataset, seeds: Sequence[int], plan: Plan, execution: Execution = ALONE
) -> list[Network]:
    """Train the networks of all methods, numbers of kernels and criteria, for every seed.

    At the widest rung `deepprune` is the baseline from which all pruning starts. A seed whose loss becomes infinite or
    NaN is reported and left out from there on. Test sequences are scored, but decide nothing. InputError if a class is
    missing where it is needed, or if there is more than one task.
    """
    data.check_classes(dataset)
    size = execution.stack or stack_size() or len(seeds)
    stacks = [seeds[first : first + size] for first in range(0, len(seeds), size)]
    job = _Job(dataset, data, plan, execution)
    if size == 1:
        job.trace()
    with ThreadPoolExecutor(execution.threads) as pool:
        # The long descent first; independent tasks keep the other threads busy.
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

    def __init__(self, dataset: str, data: Dataset, plan: Plan, execution: Execution) -> None:
        self.dataset, self.plan, self.log = dataset, plan, execution.log
        self.checkpoint = execution.checkpoint or Checkpoint()
        self.circular_network = Circular(plan.network.width, plan.network.padding)
        self.lock = threading.Lock()
        self.trainer = Trainer(data, plan.options, self.say)
        tasks = self.trainer.training.labels.shape[1]
        if tasks != 1:
            raise InputError(f"{dataset} has {tasks} tasks, but only networks of one task can be pruned")
        self.background: Background | None = None
        if plan.network.words:
            self.background = fit_background(plan.network.words, self.trainer.training, self.trainer.validation)
            self.plan = plan._replace(network=replace(plan.network, standard=self.background.standard))
        self.evaluation = Evaluation(data, self.trainer, self.plan, self.background, self.say)

    def say(self, message: str) -> None:
        with self.lock:
            self.log(f"{self.dataset}: {message}")

    def trace(self) -> None:
        """Trace all programs of single networks, in a fixed order."""
        self.trainer.trace([self.plan.at(kernels) for kernels in self.plan.ladder])
        if "circular" in self.plan.methods:
            self.trainer.trace([self.circular_network], "gradient_descent")

    def initial(self, seed: int, kernels: int) -> Parameters:
        """Return the initial weights of a network of this size; the background starts from its fit without kernels."""
        weights = self.plan.at(kernels).initial(_rng(seed, kernels, INITIAL))
        if not self.background:
            return weights
        return weights._replace(background=self.background.weights, intercept=self.background.intercept)

    def baseline(self, seeds: Sequence[int], kernels: int) -> list[Network]:
        """Return networks of this size, trained from the start."""
        return self.evaluation.of(self.train_baseline(seeds, kernels))

    def train_baseline(self, seeds: Sequence[int], kernels: int) -> Trained:
        recipe = Recipe(self.plan.at(kernels), "baseline", NO_CRITERION, BASELINE_ORDER, self.plan.options)
        return self.train(recipe, {seed: self.initial(seed, kernels) for seed in seeds})

    def circular(self, seeds: Sequence[int]) -> list[Network]:
        """Return networks of one circular filter."""
        network = self.circular_network
        options = self.plan.options._replace(learning_rate=LEARNING_RATE, optimizer="gradient_descent")
        recipe = Recipe(network, "circular", NO_CRITERION, CIRCULAR_ORDER, options)
        starts = {seed: network.initial(_rng(seed, 1, CIRCULAR_INITIAL)) for seed in seeds}
        return self.evaluation.of(self.train(recipe, starts))

    def descend(
        self, seeds: Sequence[int], submit: Callable[..., "Future[list[Network]]"]
    ) -> tuple[list[Network], list["Future[list[Network]]"]]:
        """Return the widest baselines and what the first criterion prunes from them; submit the rest as tasks."""
        widest = self.train_baseline(seeds, self.plan.ladder[0]).fits
        further = [submit(self.prune_and_train, widest, criterion) for criterion in self.plan.criteria[1:]]
        if "winning_ticket" in self.plan.methods:
            further.append(submit(self.prune_and_train, widest, self.plan.criteria[0], ticket=True))
        pruned = self.prune_and_train(widest, self.plan.criteria[0])
        widest_rows = [network for network in pruned if network.key.kernels == self.plan.ladder[0]]
        baselines = [
            network._replace(key=network.key._replace(method="baseline", criterion=NO_CRITERION))
            for network in widest_rows
        ]
        return baselines + pruned, further

    def prune_and_train(self, widest: Mapping[int, Fit], criterion: str, ticket: bool = False) -> list[Network]:
        """Go down the ladder from the widest networks, by seed, which are its first rung.

        ticket: reset the kept kernels to their initial weights and train them at the first learning rate, instead of
        fine-tuning.
        """
        method, order = ("winning_ticket", TICKET_ORDER) if ticket else ("deepprune", DEEPPRUNE_ORDER)
        began = time.perf_counter()
        taught = criterion == "loss" and self.plan.distill and not ticket
        teachers = Teachers(self.trainer, self.plan.distill) if taught else None
        networks: list[Network] = []
        first = self.plan.ladder[0]
        rung = Trained(self.plan.at(first), method, criterion, widest, {seed: np.arange(first) for seed in widest})
        for step, kernels in enumerate(self.plan.ladder[1:], start=1):
            if not rung.fits:
                break
            pruned = {seed: self.prune(rung, seed, kernels) for seed in rung.fits}
            labels = teachers.labels(rung) if teachers else None
            seconds = (time.perf_counter() - began) / len(rung.fits)
            if not (ticket and step == 1):  # the widest networks are not tickets
                networks += self.evaluation.of(rung, pruned)
            origins = {seed: rung.origins[seed][pruned[seed].kept] for seed in rung.fits}
            recipe = Recipe(self.plan.at(kernels), method, criterion, order, self.plan.options, labels)
            if ticket:
                starts = {seed: self.initial(seed, first).keep(origins[seed]) for seed in rung.fits}
            else:
                # With the output weights as they were: those that the criterion loss readjusted repeat what the network
                # says about its training sequences, even what it merely remembers. Fine-tuning readjusts them better.
                starts = {seed: fit.weights.keep(pruned[seed].kept) for seed, fit in rung.fits.items()}
                rate = self.plan.options.learning_rate / self.plan.learning_rate_decay**step
                recipe = recipe._replace(options=self.plan.options._replace(learning_rate=rate))
            trained = self.train(recipe, starts)
            # The time for the choice of kernels and for labels belongs to the method.
            fits = {seed: fit._replace(seconds=fit.seconds + seconds) for seed, fit in trained.fits.items()}
            rung = trained._replace(fits=fits, origins=origins)
            began = time.perf_counter()
        return networks + self.evaluation.of(rung)

    def prune(self, rung: Trained, seed: int, kernels: int) -> Pruned:
        """Return the pruned network of this seed."""
        subject = Subject(rung.network, rung.fits[seed].weights, self.trainer)
        return prune(rung.criterion, subject, kernels, self.plan.distinct)

    def train(self, recipe: Recipe, starts: Mapping[int, Parameters]) -> Trained:
        """Train a network from each seed's start, unless it is kept already.

        Report networks whose loss became infinite or NaN.
        """
        seeds = list(starts)
        network, kernels = recipe.network, recipe.network.kernels

        def start(seed: int) -> Start:
            labels = recipe.labels[seed] if recipe.labels else None
            snapshot = self.checkpoint.snapshot(trained.key(seed))
            return Start(starts[seed], _rng(seed, kernels, recipe.order), labels, snapshot)

        def train(places: Sequence[int]) -> list[Fit]:
            return self.trainer.fit(network, [start(seeds[place]) for place in places], recipe.options)

        everything = {seed: np.arange(kernels) for seed in seeds}
        trained = Trained(network, recipe.method, recipe.criterion, {}, everything)
        like = starts[seeds[0]], network.initial_state()
        fits = dict(zip(seeds, self.checkpoint.train_missing(list(map(trained.key, seeds)), like, train), strict=True))
        for seed, fit in fits.items():
            if fit.diverged:
                self.say(
                    f"{recipe.method}, {kernels} kernels, seed {seed}: the loss is no longer a finite number after "
                    f"{fit.epochs} epochs at learning rate {recipe.options.learning_rate:g}; this seed stops here, "
                    "try a lower learning rate"
                )
        return trained._replace(fits={seed: fit for seed, fit in fits.items() if not fit.diverged})


def _rng(seed: int, kernels: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, kernels, purpose])
