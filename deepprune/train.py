"""Training: whole epochs compiled by XLA, early stopping, several seeds of one data set in one process."""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from deepprune.dataset import TRAIN, VALIDATION, Dataset
from deepprune.model import activations, logits
from deepprune.parameters import Parameters

# Adam as published and as Keras sets it (Kingma and Ba 2014).
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class Options(NamedTuple):
    """How a network is built and trained; the keys of `model` and `train` in the config."""

    padding: str = "valid"
    activation: str = "relu"
    batch_size: int = 256
    learning_rate: float = 0.01
    max_epochs: int = 1000
    patience: int = 15


class Fit(NamedTuple):
    """A trained network; parameters None if its loss left the finite numbers."""

    parameters: Parameters | None
    epochs: int
    loss: float
    validation_loss: float
    seconds: float


class State(NamedTuple):
    """Parameters and Adam's moments, carried from batch to batch."""

    parameters: Parameters
    mean: Parameters
    variance: Parameters
    step: tf.Tensor


def set_threads(threads: int) -> None:
    """Let TensorFlow use this many threads. Call before anything else of TensorFlow.

    XLA shares out whole outputs among threads, never the terms of a sum, so that results do not depend on their number.
    """
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)


class Trainer:
    """Trains networks on one data set. Networks of the same size share one compilation."""

    def __init__(self, data: Dataset, options: Options, threads: int = 1) -> None:
        self.options = options
        self.threads = threads
        self.codes, self.labels = data.part(TRAIN)
        self._train = tf.constant(self.codes), tf.constant(self.labels, tf.float32)
        self._validation = data.part(VALIDATION)
        self._epoch = tf.function(self._epoch_graph, jit_compile=True, autograph=False)
        self._logits = self._compiled(logits)
        self._activations = self._compiled(activations)

    def fit(
        self, starts: Sequence[Parameters], rngs: Sequence[np.random.Generator], learning_rate: float | None = None
    ) -> list[Fit]:
        """Train one network from each start, side by side; rngs: each one's order of the sequences."""
        rate = self.options.learning_rate if learning_rate is None else learning_rate
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(lambda start, rng: self._fit_one(start, rng, rate), starts, rngs))

    def predict(self, parameters: Parameters, codes: np.ndarray) -> np.ndarray:
        """Log-odds of being bound, float64 (sequences,): ranked as the probability, without its rounding to 1."""
        return self._in_batches(self._logits, parameters, codes).astype(np.float64)

    def activations(self, parameters: Parameters, codes: np.ndarray) -> np.ndarray:
        """Pooled scores u_k, float32 (sequences, kernels)."""
        return self._in_batches(self._activations, parameters, codes)

    def _compiled(self, function: Callable[..., tf.Tensor]) -> Callable[..., tf.Tensor]:
        padding, activation = self.options.padding, self.options.activation
        return tf.function(
            lambda parameters, codes: function(parameters, codes, padding, activation),
            jit_compile=True,
            autograph=False,
        )

    def _in_batches(self, function: Callable[..., tf.Tensor], parameters: Parameters, codes: np.ndarray) -> np.ndarray:
        """Apply a compiled function to batches of one shape; the last is filled up and cut off again."""
        size = self.options.batch_size
        parameters = _tensors(parameters)
        parts = []
        for first in range(0, len(codes), size):
            batch = codes[first : first + size]
            filled = np.pad(batch, ((0, size - len(batch)), (0, 0)))
            parts.append(function(parameters, tf.constant(filled)).numpy()[: len(batch)])
        return np.concatenate(parts)

    def _fit_one(self, start: Parameters, rng: np.random.Generator, learning_rate: float) -> Fit:
        began = time.perf_counter()
        parameters = _tensors(start)
        zeros = Parameters(*(tf.zeros_like(value) for value in parameters))
        state = State(parameters, zeros, zeros, tf.constant(0.0))
        rate = tf.constant(learning_rate, tf.float32)
        best, best_loss, best_train_loss, waited, epoch = parameters, math.inf, math.inf, 0, 0
        while epoch < self.options.max_epochs and waited < self.options.patience:
            order = tf.constant(rng.permutation(len(self.codes)).astype(np.int32))
            state, loss = self._epoch(*self._train, order, state, rate)
            epoch += 1
            validation_loss = self._loss(state.parameters, *self._validation)
            if not math.isfinite(validation_loss):
                return Fit(None, epoch, float(loss), validation_loss, time.perf_counter() - began)
            waited += 1
            if validation_loss < best_loss:
                best, best_loss, best_train_loss, waited = state.parameters, validation_loss, float(loss), 0
        trained = Parameters(*(value.numpy() for value in best))
        return Fit(trained, epoch, best_train_loss, best_loss, time.perf_counter() - began)

    def _loss(self, parameters: Parameters, codes: np.ndarray, labels: np.ndarray) -> float:
        """Mean cross-entropy."""
        log_odds = self.predict(parameters, codes)
        with np.errstate(invalid="ignore"):  # infinite log-odds: the caller looks for a loss that is not finite
            return float(np.mean(np.logaddexp(0, log_odds) - log_odds * labels))

    def _epoch_graph(
        self, codes: tf.Tensor, labels: tf.Tensor, order: tf.Tensor, state: State, learning_rate: tf.Tensor
    ) -> tuple[State, tf.Tensor]:
        """One pass over the training set: the new state and the mean loss on the way."""
        count, size = codes.shape[0], self.options.batch_size
        batches = -(-count // size)
        # The last batch is smaller: it is filled up with the first sequence, at weight zero.
        order = tf.pad(order, [[0, batches * size - count]])

        def batch(index: tf.Tensor, state: State, total: tf.Tensor) -> tuple[tf.Tensor, State, tf.Tensor]:
            rows = tf.slice(order, [index * size], [size])
            weight = tf.cast(index * size + tf.range(size) < count, tf.float32)
            with tf.GradientTape() as tape:
                tape.watch(state.parameters)
                log_odds = logits(
                    state.parameters, tf.gather(codes, rows), self.options.padding, self.options.activation
                )
                cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(tf.gather(labels, rows), log_odds)
                summed = tf.reduce_sum(weight * cross_entropy)
                loss = summed / tf.reduce_sum(weight)
            gradients = Parameters(*tape.gradient(loss, tuple(state.parameters)))
            return index + 1, _adam(state, gradients, learning_rate), total + summed

        _, state, total = tf.while_loop(lambda index, *_: index < batches, batch, (0, state, tf.constant(0.0)))
        return state, total / count


def _tensors(parameters: Parameters) -> Parameters:
    return Parameters(*(tf.convert_to_tensor(value, tf.float32) for value in parameters))


def _adam(state: State, gradients: Parameters, learning_rate: tf.Tensor) -> State:
    """One step of Adam."""
    step = state.step + 1
    rate = learning_rate * tf.sqrt(1 - tf.pow(BETA_2, step)) / (1 - tf.pow(BETA_1, step))
    mean = Parameters(*(m + (g - m) * (1 - BETA_1) for m, g in zip(state.mean, gradients, strict=True)))
    variance = Parameters(*(v + (g * g - v) * (1 - BETA_2) for v, g in zip(state.variance, gradients, strict=True)))
    moved = (p - rate * m / (tf.sqrt(v) + EPSILON) for p, m, v in zip(state.parameters, mean, variance, strict=True))
    return State(Parameters(*moved), mean, variance, step)
