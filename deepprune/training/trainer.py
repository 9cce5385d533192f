"""Training of several networks with early stopping.

Networks of one data set, of any architecture, train in one process.
"""

import copy
import threading
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.evaluation.metrics import cross_entropy
from deepprune.models.architecture import Architecture, State, Weights
from deepprune.models.look_ups import on_gpu
from deepprune.training.device import release_memory, without_garbage_collection
from deepprune.training.early_stopping import Losses, Run
from deepprune.training.epoch import FEATURE_BATCHES, Programs, Progress
from deepprune.training.fits import Fit
from deepprune.training.optimizers import Moments, Rates, no_moments
from deepprune.training.sequences import InOrder, Part, Resident, Source, Streamed, feed
from deepprune.training.snapshots import Snapshots
from deepprune.training.stack import one_of, only, stacked


class Options(NamedTuple):
    """Training options: the keys of `train` in the config."""

    batch_size: int = 256
    learning_rate: float = 0.01
    max_epochs: int = 1000
    patience: int = 15
    optimizer: str = "adam"
    beta_1: float = 0.9
    rho: float = 0.95
    epsilon: float = 1e-7
    bias_rate: float = 1.0

    @property
    def rates(self) -> Rates:
        """Return the numbers of the optimizer."""
        decay = self.beta_1 if self.optimizer == "adam" else self.rho
        return Rates(self.learning_rate, decay, 1 - decay, self.epsilon)


class Start(NamedTuple):
    """The start of a network's training.

    rng: determines the order of the sequences.  labels: the labels to learn, from 0 to 1, shape (sequences, tasks);
    None for the data set's own.  snapshot: the file that keeps the training during it, of a network trained alone.
    """

    weights: Weights
    rng: np.random.Generator
    labels: np.ndarray | None = None
    snapshot: Path | None = None


class Read(NamedTuple):
    """What networks of an architecture read of the training and the validation sequences."""

    training: Resident | Streamed
    validation: InOrder


def prepare_devices(threads: int, compiled: bool = True) -> int:
    """Limit TensorFlow to this many threads and to the GPU memory that it needs; return the number of GPUs.

    Call this before any other function of TensorFlow. Threads run whole networks side by side. XLA may divide whole
    outputs among threads, but never the terms of a sum, so that results do not depend on the number of threads.
    TensorFlow's own operations divide sums too: networks that are not `compiled` run each operation on one thread.
    """
    tf.config.threading.set_intra_op_parallelism_threads(threads if compiled else 1)
    tf.config.threading.set_inter_op_parallelism_threads(1 if compiled else threads)
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    return len(gpus)


def stack_size() -> int | None:
    """Return the number of networks in one program: one on a processor, where more save no time; None for all."""
    return None if on_gpu() else 1


class Trainer:
    """The training of networks on one data set, from any number of threads.

    Networks with equal shapes share a compiled program.
    """

    def __init__(self, data: Dataset, options: Options, log: Callable[[str], None] = print) -> None:
        self.options, self.log = options, log
        self.training, self.validation = Part(data, TRAIN), Part(data, VALIDATION)
        self._programs: dict[Hashable, Programs] = {}
        self._read: dict[Hashable, Read] = {}
        self._lock = threading.Lock()

    def with_options(self, options: Options) -> "Trainer":
        """Return a trainer on the same data with other options; programs and what was read are shared.

        The batch size and the rate of biases must be the same.
        """
        if (options.batch_size, options.bias_rate) != (self.options.batch_size, self.options.bias_rate):
            raise ValueError("another batch size or rate of biases needs another trainer")
        other = copy.copy(self)
        other.options = options
        return other

    def programs(self, network: Architecture) -> Programs:
        """Return the programs of an architecture; networks that differ only in their shapes share them."""
        if network.program not in self._programs:
            self._programs[network.program] = Programs(network, self.options.batch_size, self.options.bias_rate)
        return self._programs[network.program]

    def read(self, network: Architecture) -> Read:
        """Return what an architecture reads of training and validation sequences, made once."""
        with self._lock:
            if network.reads not in self._read:
                training = feed(self.training, network, self.options.batch_size)
                validation = InOrder(Source(self.validation, network), self._part_rows, keep=True)
                self._read[network.reads] = Read(training, validation)
            return self._read[network.reads]

    def trace(self, networks: Sequence[Architecture], optimizer: str = "") -> None:
        """Trace the programs of single networks before they are used, from one thread.

        TensorFlow numbers what it traces and looks compiled programs up on disk by that number too. If threads traced
        in random order, later jobs could not reuse the programs.
        """
        scalar = tf.TensorSpec((), tf.float32)
        with without_garbage_collection():
            for network in networks:
                read = self.read(network)
                batches = read.training.specs(self.training.labels.shape[1])
                weights, state = tf.nest.map_structure(
                    lambda value: tf.TensorSpec(value.shape, value.dtype),
                    self._stacked(network, [network.initial(np.random.default_rng(0))]),
                )
                programs = self.programs(network)
                progress = Progress(weights, state, Moments(weights, weights, scalar))
                epoch = programs.epochs[optimizer or self.options.optimizer]
                epoch.get_concrete_function(batches, progress, Rates(*[scalar] * len(Rates._fields)))
                inputs = read.validation.source.shapes(read.validation.rows)
                programs.features.get_concrete_function(weights, state, inputs, tf.TensorSpec((), tf.int32))

    def fit(self, network: Architecture, starts: Sequence[Start], options: Options | None = None) -> list[Fit]:
        """Train one network from each start, stacked along a model axis.

        Each network has its own early stopping and gives the same result as if trained alone, but for rounding where
        XLA does not compile the network. If the device lacks the memory for all, one half is trained after the other;
        InputError if it lacks the memory for one.
        options: by default the trainer's own; batch size and bias_rate are always the trainer's.
        """
        options = options or self.options
        if isinstance(self.read(network).training, Streamed) and len(starts) > 1:
            return [fit for start in starts for fit in self.fit(network, [start], options)]
        try:
            fits = self._fit_stack(network, starts, options)
            release_memory()  # that the compiler used
            return fits
        except tf.errors.ResourceExhaustedError:
            if len(starts) == 1:
                raise InputError(
                    "the device lacks the memory to train a single network of this size; "
                    "lower train.batch_size, or train on the processor"
                ) from None
        half = -(-len(starts) // 2)
        self.log(f"the device lacks the memory for {len(starts)} networks at once; continuing with {half}")
        return [fit for some in (starts[:half], starts[half:]) for fit in self.fit(network, some, options)]

    def predict(
        self, network: Architecture, weights: Weights, codes: np.ndarray | Part, state: State | None = None
    ) -> np.ndarray:
        """Return logits, float64 (sequences, tasks); state: by default the initial one."""
        return self.map_features(network, weights, codes, lambda features: network.head(features, weights), state)

    def features(self, network: Architecture, weights: Weights, codes: np.ndarray | Part) -> np.ndarray:
        """Return the features of sequences, float32 (sequences, features): for kernels their activations u_k."""
        return self.map_features(network, weights, codes, lambda features: features)

    def map_features(
        self,
        network: Architecture,
        weights: Weights,
        codes: np.ndarray | Part,
        function: Callable[[np.ndarray], np.ndarray],
        state: State | None = None,
    ) -> np.ndarray:
        """Return a function's results on the features of sequences, computed part by part.

        function: takes features (some sequences, features) and returns an array whose last axis but one is these
        sequences.
        """
        count = network.feature_count(weights)
        stack, parts = self._stacked(network, [weights], state), InOrder(Source(codes, network), self._part_rows)
        return self._in_parts(network, stack, parts, lambda found: function(found[0, :, :count]))

    def _stacked(
        self, network: Architecture, weights: Sequence[Weights], state: State | None = None
    ) -> tuple[Weights, State]:
        """Return weights and state of networks as a stack."""
        state = network.initial_state() if state is None else state
        return stacked([network.packed(one) for one in weights]), stacked([state] * len(weights))

    @property
    def _part_rows(self) -> int:
        """Return the number of sequences whose features one call computes."""
        return FEATURE_BATCHES * self.options.batch_size

    def _in_parts(
        self,
        network: Architecture,
        stack: tuple[Weights, State],
        parts: InOrder,
        function: Callable[[np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """Return a function's results on features (models, some sequences, features), computed part by part."""
        program, size, results = self.programs(network).features, self.options.batch_size, []
        for inputs, count in parts:
            found = program(*stack, inputs, tf.constant(-(-count // size))).numpy()
            results.append(function(found[:, :count]))
        return np.concatenate(results, axis=-2)

    def _fit_stack(self, network: Architecture, starts: Sequence[Start], options: Options) -> list[Fit]:
        epoch, read = self.programs(network).epochs[options.optimizer], self.read(network)
        weights, state = self._stacked(network, [start.weights for start in starts])
        progress = Progress(weights, state, no_moments(weights))
        own = self.training.labels
        targets = read.training.targets([own if start.labels is None else start.labels for start in starts])
        rates = options.rates.tensors()
        runs = [Run(copy.deepcopy(start.rng), options.patience) for start in starts]
        # Networks of a stack have no snapshots: they would have to go on as the same stack, and only the few-kernel
        # networks, which train in minutes, are stacked.
        snapshots = Snapshots(starts[0].snapshot if len(starts) == 1 else None, self.log)
        progress, runs[0] = snapshots.resume(progress, runs[0])
        stack = runs
        for _ in range(runs[0].epochs, options.max_epochs):
            losses = np.zeros(len(stack))
            for batches in read.training.epoch(stack, targets, network.stochastic):
                progress, means = epoch(batches, progress, rates)
                losses += means.numpy() * (int(batches.count) / len(self.training))
            validation_losses = self._validation_losses(network, progress, read.validation)
            for place, run in enumerate(stack):
                if not run.finished:
                    both = Losses(float(losses[place]), float(validation_losses[place]))
                    run.advance(progress.weights, progress.state, place, both)
            left = [place for place, run in enumerate(stack) if not run.finished]
            if not left:
                break
            # A smaller stack needs a new compilation: finished networks leave only when they are half of it.
            if len(left) <= len(stack) // 2:
                stack = [stack[place] for place in left]
                progress, targets = _only(progress, left), tf.gather(targets, left)
            snapshots.take(progress, runs[0])
        fits = [run.fit() for run in runs]
        return [fit._replace(weights=network.unpacked(fit.weights)) for fit in fits]

    def _validation_losses(self, network: Architecture, progress: Progress, parts: InOrder) -> np.ndarray:
        """Return the mean cross-entropy of each network of a stack, float64 (models,)."""
        models = tf.nest.flatten(progress.weights)[0].shape[0]
        networks = [network.unpacked(one_of(progress.weights, place)) for place in range(models)]

        def logits(features: np.ndarray) -> np.ndarray:
            own = features[:, :, : network.feature_count(networks[0])]
            return np.stack([network.head(*pair) for pair in zip(own, networks, strict=True)])

        found = self._in_parts(network, (progress.weights, progress.state), parts, logits)
        return cross_entropy(self.validation.labels, found)


def _only(progress: Progress, places: Sequence[int]) -> Progress:
    """Return the progress of the networks at these places."""
    weights, state, (mean, variance, step) = progress
    return Progress(
        only(weights, places), only(state, places), Moments(only(mean, places), only(variance, places), step)
    )
