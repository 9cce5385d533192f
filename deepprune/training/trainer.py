"""Training: whole epochs compiled by XLA, early stopping, several seeds of one data set in one process."""

import copy
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.evaluation.metrics import cross_entropy
from deepprune.models.few_kernel import CONVOLUTION, Architecture, log_odds
from deepprune.models.parameters import Parameters, Pruned, dense_unit
from deepprune.models.scan import on_gpu
from deepprune.training.device import release_memory, without_garbage_collection
from deepprune.training.early_stopping import Fit, Run
from deepprune.training.optimizers import State, start
from deepprune.training.stack import network, only, stacked

# Batches whose activations one call computes: each call takes a millisecond beside.
BATCHES = 8


class Options(NamedTuple):
    """How a network is built and trained; the keys of `model` and `train` in the config."""

    padding: str = "valid"
    activation: str = "relu"
    batch_size: int = 256
    learning_rate: float = 0.01
    max_epochs: int = 1000
    patience: int = 15


def prepare_devices(threads: int) -> int:
    """Let TensorFlow use this many threads, and of a GPU only the memory it needs. Call before anything else of it.

    Returns the number of GPUs that it sees.
    Threads run whole networks side by side; what XLA may still share out among them are whole outputs, never the terms
    of a sum, so that results do not depend on their number.
    """
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    return len(gpus)


def stack_size() -> int | None:
    """How many networks to train in one program: one on a processor, where more save nothing, on a GPU any number."""
    return None if on_gpu() else 1


class Trainer:
    """Trains networks on one data set, from any number of threads. Networks of like size share a compilation."""

    def __init__(
        self,
        data: Dataset,
        options: Options,
        log: Callable[[str], None] = print,
        architecture: Architecture = CONVOLUTION,
    ) -> None:
        self.options, self.log, self.architecture = options, log, architecture
        codes, labels = data.part(TRAIN)
        count = len(codes)
        # Filled up to a round number of rows, so that data sets of like size share a compilation kept on disk.
        spare = _round_up(count) - count
        self.inputs = tf.constant(np.pad(codes, ((0, spare), (0, 0)))), tf.constant(count)
        self.codes, self.labels = self.inputs[0].numpy()[:count], labels[:, 0]  # on a processor the tensor's own memory
        validation, labels = data.part(VALIDATION)
        self.validation = validation, labels[:, 0]
        self.epoch = tf.function(self._epoch_graph, jit_compile=True, autograph=False)
        self._activations = tf.function(self._activations_graph, jit_compile=True, autograph=False)

    def trace(self, networks: Sequence[Parameters]) -> None:
        """Trace the programs of single networks shaped like these ahead of their use, from one thread.

        TensorFlow numbers what it traces, and finds compiled programs on disk by that number too: traced in whatever
        order threads come to it, the programs of one job would be of no use to the next.
        """
        spec = tf.TensorSpec
        rows, length = self.inputs[0].shape
        size = self.options.batch_size
        with without_garbage_collection():
            for one in networks:
                stack, used = self._stacked([one])
                parameters = Parameters(*(spec(value.shape, tf.float32) for value in stack))
                state = State(parameters, parameters, parameters, spec((), tf.float32))
                orders = spec((1, -(-rows // size) * size), tf.int32)
                labels = spec((1, rows), tf.float32)
                self.epoch.get_concrete_function(*self.inputs, labels, orders, state, used, spec((), tf.float32))
                codes = spec((BATCHES * size, length), tf.uint8)
                self._activations.get_concrete_function(parameters, used, codes, spec((), tf.int32))

    def fit(
        self,
        starts: Sequence[Parameters],
        rngs: Sequence[np.random.Generator],
        learning_rate: float | None = None,
        labels: Sequence[np.ndarray] | None = None,
    ) -> list[Fit]:
        """Train one network from each start, stacked along a model axis; rngs: each one's order of the sequences.

        Each has its own early stopping and comes out as if trained alone. A device that has not the memory for all of
        them trains one half after the other; InputError if not even one fits.
        labels: what each network is to learn, from 0 to 1, shape (sequences,); by default the data set's.
        """
        rate = self.options.learning_rate if learning_rate is None else learning_rate
        labels = labels or [self.labels] * len(starts)
        try:
            fits = self._fit_stack(starts, [copy.deepcopy(rng) for rng in rngs], rate, labels)
            release_memory()  # of the compiler
            return fits
        except tf.errors.ResourceExhaustedError:
            if len(starts) == 1:
                raise InputError(
                    "the device has not the memory to train a single network of this size; "
                    "lower train.batch_size, or train on the processor"
                ) from None
        half = -(-len(starts) // 2)
        self.log(f"the device has not the memory for {len(starts)} networks at once; going on with {half}")
        halves = slice(half), slice(half, None)
        return [fit for some in halves for fit in self.fit(starts[some], rngs[some], rate, labels[some])]

    def predict(self, parameters: Parameters, codes: np.ndarray, *pruned: Pruned) -> np.ndarray:
        """Log-odds of being bound, float64 (networks, sequences): ranked as the probability, without its rounding to 1.

        Of a network, and of what pruning may leave of it, for which its own activations serve.
        """
        networks = [Pruned(parameters, np.arange(len(np.asarray(parameters.weights)))), *pruned]

        def dense(pooled: np.ndarray) -> np.ndarray:
            return np.stack([dense_unit(pooled[0][:, network.kept], network.parameters) for network in networks])

        return self._in_batches(*self._stacked([parameters]), codes, dense)

    def validation_losses(self, parameters: Parameters, *pruned: Pruned) -> np.ndarray:
        """Mean cross-entropy on the validation set, float64 (networks,); arguments as of predict."""
        codes, labels = self.validation
        return cross_entropy(labels, self.predict(parameters, codes, *pruned))

    def activations(self, parameters: Parameters, codes: np.ndarray) -> np.ndarray:
        """Pooled scores u_k, float32 (sequences, kernels)."""
        return self._in_batches(*self._stacked([parameters]), codes, lambda pooled: pooled)[0]

    def _stacked(self, networks: Sequence[Parameters]) -> tuple[Parameters, tf.Tensor]:
        """A stack of networks, and how many of its kernels are theirs."""
        kernels = len(networks[0].weights)
        return stacked(networks, self.architecture.room(kernels)), tf.constant(kernels)

    def _activations_graph(
        self, parameters: Parameters, used: tf.Tensor, codes: tf.Tensor, batches: tf.Tensor
    ) -> tf.Tensor:
        """The activations of sequences (rows, length) that all models read: (models, rows, kernels).

        batches: how many, of the first rows, are computed; the other rows hold zeros.
        """
        models, size = parameters.bias.shape[0], self.options.batch_size

        def batch(index: tf.Tensor, pooled: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
            rows = tf.slice(codes, [index * size, 0], [size, codes.shape[1]])
            rows = tf.repeat(rows[None], models, axis=0)
            options = self.options.padding, self.options.activation
            return index + 1, pooled.write(index, self.architecture.activations(parameters, used, rows, *options))

        pooled = tf.TensorArray(tf.float32, BATCHES, element_shape=(models, size, parameters.weights.shape[1]))
        _, pooled = tf.while_loop(lambda index, _: index < batches, batch, (0, pooled))
        return tf.reshape(tf.transpose(pooled.stack(), (1, 0, 2, 3)), (models, codes.shape[0], -1))

    def _in_batches(
        self,
        parameters: Parameters,
        used: tf.Tensor,
        codes: np.ndarray,
        function: Callable[[np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """A function of activations, in parts of one shape; the last is filled up and cut off again.

        The function keeps the second axis, the sequences; its results are put together along that.
        """
        size = self.options.batch_size
        results = []
        for first in range(0, len(codes), BATCHES * size):
            part = codes[first : first + BATCHES * size]
            filled = tf.constant(np.pad(part, ((0, BATCHES * size - len(part)), (0, 0))))
            batches = tf.constant(-(-len(part) // size))
            pooled = self._activations(parameters, used, filled, batches).numpy()
            results.append(function(pooled[:, : len(part), : int(used)]))
        return np.concatenate(results, axis=1)

    def _fit_stack(
        self,
        starts: Sequence[Parameters],
        rngs: Sequence[np.random.Generator],
        learning_rate: float,
        labels: Sequence[np.ndarray],
    ) -> list[Fit]:
        parameters, used = self._stacked(starts)
        state = start(parameters)
        spare = int(self.inputs[0].shape[0]) - len(self.codes)
        targets = tf.constant(np.pad(np.stack(labels), ((0, 0), (0, spare))), tf.float32)
        rate = tf.constant(learning_rate, tf.float32)
        runs = [Run(rng, self.options.patience) for rng in rngs]
        stack = runs
        for _ in range(self.options.max_epochs):
            orders = tf.constant(np.stack([self._order(run.rng) for run in stack]))
            state, losses = self.epoch(*self.inputs, targets, orders, state, used, rate)
            validation_losses = self._losses(state.parameters, used, *self.validation)
            for place, run in enumerate(stack):
                if not run.finished:
                    run.advance(state.parameters, place, float(losses[place]), float(validation_losses[place]))
            left = [place for place, run in enumerate(stack) if not run.finished]
            if not left:
                break
            # A smaller stack is a new compilation: finished networks leave when they are half of it.
            if len(left) <= len(stack) // 2:
                stack = [stack[place] for place in left]
                state, targets = only(state, left), tf.gather(targets, left)
        return [run.fit(int(used)) for run in runs]

    def _order(self, rng: np.random.Generator) -> np.ndarray:
        """The sequences in a random order: int32 (rows in batches,); beyond their number the first, again and again."""
        size = self.options.batch_size
        rows = -(-int(self.inputs[0].shape[0]) // size) * size
        order = rng.permutation(len(self.codes))
        return np.pad(order, (0, rows - len(order))).astype(np.int32)

    def _losses(self, parameters: Parameters, used: tf.Tensor, codes: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Mean cross-entropy of each network of a stack, float64 (models,)."""
        networks = [network(parameters, place, int(used)) for place in range(len(parameters.weights))]

        def dense(pooled: np.ndarray) -> np.ndarray:
            return np.stack([dense_unit(*pair) for pair in zip(pooled, networks, strict=True)])

        return cross_entropy(labels, self._in_batches(parameters, used, codes, dense))

    def _epoch_graph(
        self,
        codes: tf.Tensor,
        count: tf.Tensor,
        labels: tf.Tensor,
        orders: tf.Tensor,
        state: State,
        used: tf.Tensor,
        learning_rate: tf.Tensor,
    ) -> tuple[State, tf.Tensor]:
        """One pass over the first `count` sequences: the new state, and the mean losses on the way, (models,)."""
        models, size = orders.shape[0], self.options.batch_size
        batches = (count + size - 1) // size

        def batch(index: tf.Tensor, state: State, total: tf.Tensor) -> tuple[tf.Tensor, State, tf.Tensor]:
            rows = tf.slice(orders, [0, index * size], [models, size])
            # The last batch is smaller: it is filled up, at weight zero.
            weight = tf.cast(index * size + tf.range(size) < count, tf.float32)
            with tf.GradientTape() as tape:
                tape.watch(state.parameters)
                options = self.options.padding, self.options.activation
                pooled = self.architecture.activations(state.parameters, used, tf.gather(codes, rows), *options)
                losses = tf.nn.sigmoid_cross_entropy_with_logits(
                    tf.gather(labels, rows, batch_dims=1), log_odds(pooled, state.parameters)
                )
                summed = tf.reduce_sum(weight * losses, axis=1)
                # The sum over models: each one's gradient is that of its own mean.
                loss = tf.reduce_sum(summed) / tf.reduce_sum(weight) + self.architecture.penalty(state.parameters)
            gradients = tape.gradient(loss, tuple(state.parameters), unconnected_gradients=tf.UnconnectedGradients.ZERO)
            return index + 1, self.architecture.step(state, Parameters(*gradients), learning_rate), total + summed

        first = (0, state, tf.zeros(models))
        _, state, total = tf.while_loop(lambda index, *_: index < batches, batch, first)
        return state, total / tf.cast(count, tf.float32)


def _round_up(count: int) -> int:
    """The next number of four significant bits: an eighth more at most, beyond 512; below, a multiple of 64."""
    step = max(64, 1 << max(0, count.bit_length() - 4))
    return -(-count // step) * step
