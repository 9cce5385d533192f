"""The ladder: repeated pruning and fine-tuning, and the networks it is compared with.

A wide network is trained, the better half of its kernels is kept and fine-tuned, and so on.

Methods, named as in the tables:
baseline: trained at its size from the start.  inter: pruned to its size, not yet fine-tuned.  deepprune: pruned and
fine-tuned.  winning_ticket: pruned, then the kept kernels are reset to their initial weights and trained again (Frankle
& Carbin 2018).  circular: one circular filter (see models.circular).
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from deepprune.data.dataset import TEST, Dataset
from deepprune.dna.codes import reverse_complement
from deepprune.errors import InputError
from deepprune.evaluation.metrics import auprc, auroc, auroc_se, cross_entropy
from deepprune.evaluation.networks import Measures, Network
from deepprune.keys import NO_CRITERION, NetworkKey
from deepprune.models.circular import LEARNING_RATE, Circular
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters, Pruned
from deepprune.pruning.criteria import Subject, prune
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.early_stopping import Fit
from deepprune.training.trainer import Options, Start, Trainer, stack_size

METHODS = ("baseline", "inter", "deepprune", "winning_ticket", "circular")
# A random stream for each purpose, so that one method's draws never depend on those of another.
INITIAL, BASELINE_ORDER, DEEPPRUNE_ORDER, TICKET_ORDER, CIRCULAR_INITIAL, CIRCULAR_ORDER = range(6)


class Plan(NamedTuple):
    """What is trained on a data set for each seed.

    network: the widest.  ladder: numbers of kernels, falling.  criteria: winning tickets follow the first.  distill:
    for the criterion loss, the share of the widest network's probabilities in the labels of fine-tuning.
    """

    network: FewKernel
    ladder: Sequence[int]
    options: Options = Options()
    methods: Sequence[str] = METHODS[:3]
    criteria: Sequence[str] = ("weight",)
    learning_rate_decay: float = 1.2
    distill: float = 0.8

    def at(self, kernels: int) -> FewKernel:
        """Return the network of this size."""
        return replace(self.network, kernels=kernels)


class Execution(NamedTuple):
    """How trainings are executed; results do not depend on it.

    threads: the number of trainings side by side.  stack: seeds in one program; None for the device's default.
    checkpoint: the store of trained networks; networks found there are not trained again.
    """

    threads: int = 1
    stack: int | None = None
    checkpoint: Checkpoint | None = None
    log: Callable[[str], None] = print


ALONE = Execution()


class Trained(NamedTuple):
    """Networks of one kind by seed, with their keys and the places of their kernels in the widest network."""

    network: Any  # FewKernel | Circular
    method: str
    criterion: str
    fits: Mapping[int, Fit]
    origins: Mapping[int, np.ndarray]

    def key(self, seed: int) -> NetworkKey:
        """Return the key of the network of this seed."""
        return NetworkKey(self.network.name, self.method, self.criterion, self.network.kernels, seed)


class Recipe(NamedTuple):
    """How networks of one kind are trained.

    order: the random stream of the order of sequences.  labels: by seed, None for the data set's own.
    """

    network: Any  # FewKernel | Circular
    method: str
    criterion: str
    order: int
    options: Options
    labels: Mapping[int, np.ndarray] | None = None


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
        self.test = data.part(TEST)
        self.lock = threading.Lock()
        self.trainer = Trainer(data, plan.options, self.say)
        tasks = self.trainer.training.labels.shape[1]
        if tasks != 1:
            raise InputError(f"{dataset} has {tasks} tasks, but only networks of one task can be pruned")

    def say(self, message: str) -> None:
        with self.lock:
            self.log(f"{self.dataset}: {message}")

    def trace(self) -> None:
        """Trace all programs of single networks, in a fixed order."""
        self.trainer.trace([self.plan.at(kernels) for kernels in self.plan.ladder])
        if "circular" in self.plan.methods:
            self.trainer.trace([self.circular_network], "gradient_descent")

    def initial(self, seed: int, kernels: int) -> Parameters:
        """Return the initial weights of a network of this size."""
        return self.plan.at(kernels).initial(_rng(seed, kernels, INITIAL))

    def baseline(self, seeds: Sequence[int], kernels: int) -> list[Network]:
        """Return networks of this size, trained from the start."""
        return self.evaluate_all(self.train_baseline(seeds, kernels))

    def train_baseline(self, seeds: Sequence[int], kernels: int) -> Trained:
        recipe = Recipe(self.plan.at(kernels), "baseline", NO_CRITERION, BASELINE_ORDER, self.plan.options)
        return self.train(recipe, {seed: self.initial(seed, kernels) for seed in seeds})

    def circular(self, seeds: Sequence[int]) -> list[Network]:
        """Return networks of one circular filter."""
        network = self.circular_network
        options = self.plan.options._replace(learning_rate=LEARNING_RATE, optimizer="gradient_descent")
        recipe = Recipe(network, "circular", NO_CRITERION, CIRCULAR_ORDER, options)
        starts = {seed: network.initial(_rng(seed, 1, CIRCULAR_INITIAL)) for seed in seeds}
        return self.evaluate_all(self.train(recipe, starts))

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
        labels = self.distilled(widest) if criterion == "loss" and self.plan.distill and not ticket else None
        networks: list[Network] = []
        first = self.plan.ladder[0]
        rung = Trained(self.plan.at(first), method, criterion, widest, {seed: np.arange(first) for seed in widest})
        for step, kernels in enumerate(self.plan.ladder[1:], start=1):
            if not rung.fits:
                break
            pruned = {seed: self.prune(rung, seed, kernels) for seed in rung.fits}
            seconds = (time.perf_counter() - began) / len(rung.fits)
            if not (ticket and step == 1):  # the widest networks are not tickets
                networks += self.evaluate_all(rung, pruned)
            origins = {seed: rung.origins[seed][pruned[seed].kept] for seed in rung.fits}
            recipe = Recipe(self.plan.at(kernels), method, criterion, order, self.plan.options, labels)
            if ticket:
                starts = {seed: self.initial(seed, first).keep(origins[seed]) for seed in rung.fits}
            else:
                starts = {seed: pruned[seed].parameters for seed in rung.fits}
                rate = self.plan.options.learning_rate / self.plan.learning_rate_decay**step
                recipe = recipe._replace(options=self.plan.options._replace(learning_rate=rate))
            trained = self.train(recipe, starts)
            # The time for the choice of kernels belongs to the method.
            fits = {seed: fit._replace(seconds=fit.seconds + seconds) for seed, fit in trained.fits.items()}
            rung = trained._replace(fits=fits, origins=origins)
            began = time.perf_counter()
        return networks + self.evaluate_all(rung)

    def prune(self, rung: Trained, seed: int, kernels: int) -> Pruned:
        """Return the pruned network of this seed."""
        subject = Subject(rung.network, rung.fits[seed].weights, self.trainer)
        return prune(rung.criterion, subject, kernels)

    def distilled(self, widest: Mapping[int, Fit]) -> dict[int, np.ndarray]:
        """Return labels between the data set's and the probabilities of each seed's widest network (Hinton 2015)."""
        share, training, network = self.plan.distill, self.trainer.training, self.plan.at(self.plan.ladder[0])
        return {
            seed: (1 - share) * training.labels
            + share / (1 + np.exp(-self.trainer.predict(network, fit.weights, training)))
            for seed, fit in widest.items()
        }

    def train(self, recipe: Recipe, starts: Mapping[int, Parameters]) -> Trained:
        """Train a network from each seed's start, unless it is kept already.

        Report networks whose loss became infinite or NaN.
        """
        seeds = list(starts)
        network, kernels = recipe.network, recipe.network.kernels

        def train(places: Sequence[int]) -> list[Fit]:
            missing = [seeds[place] for place in places]
            labels = recipe.labels or dict.fromkeys(missing)
            begin = [Start(starts[seed], _rng(seed, kernels, recipe.order), labels[seed]) for seed in missing]
            return self.trainer.fit(network, begin, recipe.options)

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

    def evaluate_all(self, trained: Trained, pruned: Mapping[int, Pruned] | None = None) -> list[Network]:
        """Evaluate trained networks by seed, each also as pruned to the next size."""
        return [
            network
            for seed in trained.fits
            for network in self.evaluate(trained, seed, pruned[seed] if pruned else None)
        ]

    def evaluate(self, trained: Trained, seed: int, pruned: Pruned | None) -> list[Network]:
        """Evaluate a network and, as inter, what pruning leaves of it, whose activations are among its own."""
        fit, key = trained.fits[seed], trained.key(seed)
        variants = [Pruned(fit.weights, np.arange(trained.network.feature_count(fit.weights)))]
        if pruned and key.method == "deepprune" and "inter" in self.plan.methods:
            variants.append(pruned)
        _, labels = self.test
        scores = self.predict_test(trained.network, variants)[..., 0]
        losses = [fit.validation_loss]
        if len(variants) > 1:
            validation = self.trainer.validation
            losses = list(cross_entropy(validation.labels, self.predict(trained.network, variants, validation)))
        networks = []
        for variant, logits, loss in zip(variants, scores, losses, strict=True):
            first = variant is variants[0]
            spent = (fit.epochs, fit.seconds) if first else (0, 0.0)
            own = key if first else key._replace(method="inter", kernels=len(variant.kept))
            quality = auroc(labels[:, 0], logits), auroc_se(labels[:, 0], logits), auprc(labels[:, 0], logits)
            origin = trained.origins[seed] if first else trained.origins[seed][variant.kept]
            measures = Measures(*quality, float(loss), *spent)
            networks.append(Network(own, measures, variant.parameters, origin, logits.astype(np.float32)))
            self.report(networks[-1], fit if first else None)
        return networks

    def predict_test(self, network: Any, variants: Sequence[Pruned]) -> np.ndarray:
        """Return the logits of the test sequences, averaged over both strands if the plan's network says so."""
        codes, _ = self.test
        logits = self.predict(network, variants, codes)
        if not self.plan.network.average_strands:
            return logits
        return (logits + self.predict(network, variants, reverse_complement(codes))) / 2

    def predict(self, network: Any, variants: Sequence[Pruned], codes: Any) -> np.ndarray:
        """Return the logits of parts of a network from its own activations: float64 (variants, sequences, tasks)."""

        def logits(activations: np.ndarray) -> np.ndarray:
            return np.stack([network.head(activations[:, part.kept], part.parameters) for part in variants])

        return self.trainer.map_features(network, variants[0].parameters, codes, logits)

    def report(self, network: Network, fit: Fit | None) -> None:
        """Log a network; the first rung, common to all ladders, is logged once, as baseline."""
        if network.key.method == "deepprune" and network.key.kernels == self.plan.ladder[0]:
            if network.key.criterion != self.plan.criteria[0]:
                return
            network = network._replace(key=network.key._replace(method="baseline", criterion=NO_CRITERION))
        self.say(_progress(network, fit))


def _rng(seed: int, kernels: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, kernels, purpose])


def _progress(network: Network, fit: Fit | None) -> str:
    """Return a line of the training log."""
    key, auroc = network.key, network.measures.auroc
    criterion = "" if key.criterion == NO_CRITERION else f" ({key.criterion})"
    head = f"{key.method + criterion:<18} {key.kernels:>4} kernels  seed {key.seed}: "
    if fit is None:
        return f"{head}AUROC {auroc:.4f}"
    return (
        f"{head}{fit.epochs} epochs, loss {fit.loss:.4f}, validation loss {fit.validation_loss:.4f}, "
        f"AUROC {auroc:.4f}, {fit.seconds:.1f} s"
    )
