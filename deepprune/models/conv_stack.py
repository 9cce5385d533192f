"""Stacks of convolutions and dense layers, perhaps with an LSTM between them, as architectures.

They are Keras models. If the first pool is long, a compiled form of the same model trains faster, up to twenty times
with one convolution: the maximum of each pool is found by table look-ups, and batch norm's moments follow from the
counts of letter pairs. Where the pool is short, the compiled form is hardly faster than Keras's own convolutions. It
has padding "same" and no LSTM.
"""

from collections.abc import Hashable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from deepprune.dna.codes import N_CODE
from deepprune.io.motif import Motif
from deepprune.models.architecture import State, Weights
from deepprune.models.conv_keras import EPSILON, MOMENTUM, conv_model
from deepprune.models.conv_settings import VALID, ConvSettings, check_settings
from deepprune.models.dropout import drop
from deepprune.models.keras_network import KerasNetwork
from deepprune.models.known_motifs import fitting, start_from
from deepprune.models.scan import scan
from deepprune.models.window_moments import beyond, pair_counts, window_moments

# The shortest first pool for which look-ups are worth it: without batch norm, and with it
LOOK_UPS = {False: 3, True: 10}


def conv_stack(
    name: str, settings: ConvSettings, length: int, tasks: int, motifs: Sequence[Motif] | None = None
) -> KerasNetwork:
    """Return the architecture of these settings for sequences of this length; InputError if they do not fit it.

    motifs: see `network_of`.
    """
    check_settings(name, settings, length)
    build = partial(conv_model, settings, length, tasks)
    network = LookUpStack(name, build, settings) if looked_up(settings) else KerasNetwork(name, build)
    network.average_strands = settings.average_strands
    if settings.known_motifs and motifs is not None:
        layer = settings.convolutions[0]
        filters = layer.filters // 2 if settings.tied_strands else layer.filters
        network.start = partial(start_from, fitting(name, motifs, layer.width, filters), not settings.conv_norm)
    return network


def looked_up(settings: ConvSettings) -> bool:
    """Return whether the compiled form has all layers of a network and is worth it."""
    overlapping = any(layer.stride not in (None, layer.pool) for layer in settings.convolutions)
    short = settings.convolutions[0].pool in range(1, LOOK_UPS[settings.conv_norm])
    return not (overlapping or short or settings.lstm or settings.padding == VALID)


class Sequences(NamedTuple):
    """What the compiled form reads of sequences. pairs: see `pair_counts`."""

    codes: Any
    pairs: Any


class Layer(NamedTuple):
    """A layer's weights. kernel: (width, channels, filters) or (inputs, units).  scale: batch norm's; None without."""

    kernel: Any
    shift: Any
    scale: Any = None


class LookUpStack(KerasNetwork):
    """A stack whose first convolution, with its pool, is looked up.  Weights and state are those of its Keras model."""

    compiled = True

    def __init__(self, name: str, build: Any, settings: ConvSettings) -> None:
        super().__init__(name, build)
        self.settings = settings

    @property
    def reads(self) -> Hashable:
        """Return the width of the first filters."""
        return self.settings.convolutions[0].width

    def inputs(self, codes: np.ndarray) -> Sequences:
        """Return the codes with their counts of letter pairs."""
        return Sequences(codes, pair_counts(codes, self.settings.convolutions[0].width))

    def features(self, weights: Weights, state: State, inputs: Sequences) -> tf.Tensor:
        """Return the logits; see Architecture."""
        return self.logits(weights, state, inputs, False, np.zeros((inputs.codes.shape[0], 2), np.int32))[0]

    def one(
        self, weights: list[tf.Tensor], state: list[tf.Tensor], inputs: Sequences, training: bool, random: tf.Tensor
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Return logits (batch, tasks) and state of one model."""
        return _Pass(self.settings, weights, state, random if training else None).of(inputs)


class _Pass:
    """One pass of a batch through one network.

    seed: int32 (2,), in training; None in prediction.  after: the state after the batch.
    """

    def __init__(
        self, settings: ConvSettings, weights: list[tf.Tensor], state: list[tf.Tensor], seed: tf.Tensor | None
    ) -> None:
        self.settings, self.seed = settings, seed
        self.layers = list(_layers(settings, weights))
        if settings.tied_strands:
            self.layers[0] = _tied(self.layers[0])
        self.before, self.after = list(state), []  # type: tuple[list[tf.Tensor], list[tf.Tensor]]
        self.drawn = 0

    def of(self, inputs: Sequences) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Return logits and state."""
        values = self.first(inputs)
        for place in range(1, len(self.settings.convolutions)):
            values = self.convolution(place, values)
        values = tf.reshape(values, (values.shape[0], -1))
        for layer in self.layers[len(self.settings.convolutions) : -1]:
            scores = values @ layer.kernel
            values = self.dropped(self.active(layer, scores, lambda scores=scores: _moments(scores)), dense=True)
        output = self.layers[-1]
        return values @ output.kernel + output.shift, self.after

    def first(self, inputs: Sequences) -> tf.Tensor:
        """Return the first convolution, pooled: (batch, pools, filters)."""
        layer, codes = self.layers[0], inputs.codes
        batch, length = codes.shape
        width, _, filters = layer.kernel.shape
        left = (width - 1) // 2
        padded = tf.pad(codes, [[0, 0], [left, width - 1 - left]], constant_values=N_CODE)
        sign, best = _sign(layer), []
        kernel = (layer.kernel * sign)[None]
        for first, pools, pool in _pools(length, self.settings.convolutions[0].pool or length):
            places = first + np.arange(pools)[:, None] * pool + np.arange(pool + width - 1)
            windows = tf.reshape(tf.gather(padded, places, axis=1), (1, batch * pools, -1))
            score = scan(windows, kernel, tf.zeros((1, filters))).score
            best.append(tf.reshape(score, (batch, pools, filters)))
        scores = (best[0] if len(best) == 1 else tf.concat(best, 1)) * sign

        def moments() -> tuple[tf.Tensor, tf.Tensor]:
            pairs = tf.reduce_sum(tf.cast(inputs.pairs, tf.float32), 0)
            return window_moments(layer.kernel, pairs, beyond(codes, width), batch * length)

        return self.dropped(self.active(layer, scores, moments))

    def convolution(self, place: int, values: tf.Tensor) -> tf.Tensor:
        """Return a later convolution, pooled: (batch, pools, filters)."""
        layer, pool = self.layers[place], self.settings.convolutions[place].pool
        width, channels, filters = layer.kernel.shape
        # Of two axes: the gradient of a product with a further one would be a sum of small products.
        columns = tf.reshape(_columns(values, width), (-1, width * channels))
        scores = tf.reshape(columns @ tf.reshape(layer.kernel, (-1, filters)), (*values.shape[:2], filters))
        pooled, sign = scores, _sign(layer)
        if pool != 1:
            pooled = tf.reduce_max(_in_pools(scores * sign, pool or scores.shape[1]), axis=2) * sign
        return self.dropped(self.active(layer, pooled, lambda: _moments(scores)))

    def active(self, layer: Layer, values: tf.Tensor, moments: Any) -> tf.Tensor:
        """Return values after batch norm and ReLU.

        moments: returns mean and variance of what the values are the maxima of.
        """
        if layer.scale is None:
            return tf.nn.relu(values + layer.shift)
        mean, variance = averages = self.before[len(self.after) : len(self.after) + 2]
        if self.seed is not None:
            mean, variance = moments()
            averages = [
                MOMENTUM * average + (1 - MOMENTUM) * tf.stop_gradient(new)
                for average, new in zip(averages, (mean, variance), strict=True)
            ]
        self.after += averages
        scale = layer.scale * tf.math.rsqrt(variance + EPSILON)
        return tf.nn.relu(values * scale + (layer.shift - mean * scale))

    def dropped(self, values: tf.Tensor, dense: bool = False) -> tf.Tensor:
        """Return values after dropout."""
        self.drawn += 1
        rate = self.settings.dense_dropout if dense else self.settings.conv_dropout
        return values if self.seed is None or not rate else drop(values, rate, self.seed, self.drawn)


def _layers(settings: ConvSettings, weights: list[tf.Tensor]) -> Iterator[Layer]:
    """Yield the layers of weights in the order of the Keras model."""
    norms = [settings.conv_norm] * len(settings.convolutions) + [settings.dense_norm] * len(settings.dense) + [False]
    left = iter(weights)
    for norm in norms:
        kernel, second = next(left), next(left)
        yield Layer(kernel, next(left), second) if norm else Layer(kernel, second)


def _pools(length: int, pool: int) -> list[tuple[int, int, int]]:
    """Return runs of equal pools that cover all positions: the first position, the number of pools, their size.

    Where the pool does not divide the length, those at the ends are shorter, as Keras's padding "same" has it.
    """
    surplus = -length % pool
    if not surplus:
        return [(0, length // pool, pool)]
    first, last = pool - surplus // 2, pool - (surplus - surplus // 2)
    runs = [(0, 1, first), (first, -(-length // pool) - 2, pool), (length - last, 1, last)]
    return [run for run in runs if run[1]]


def _in_pools(scores: tf.Tensor, pool: int) -> tf.Tensor:
    """Return scores (batch, positions, filters) by pool, (batch, pools, pool, filters); no position is -infinity."""
    batch, positions, filters = scores.shape
    surplus = -positions % pool
    if surplus:
        ends = [surplus // 2, surplus - surplus // 2]
        scores = tf.pad(scores, [[0, 0], ends, [0, 0]], constant_values=-np.inf)
    return tf.reshape(scores, (batch, -1, pool, filters))


def _tied(layer: Layer) -> Layer:
    """Return the first layer with the reverse complements of its filters behind them; batch norm has both already."""
    kernel = tf.concat([layer.kernel, layer.kernel[::-1, ::-1]], axis=2)
    return layer._replace(kernel=kernel, shift=layer.shift if layer.scale is not None else tf.tile(layer.shift, [2]))


def _sign(layer: Layer) -> tf.Tensor:
    """Return -1 for filters of negative scale, whose batch norm is falling: its maximum is at the minimum."""
    return tf.constant(1.0) if layer.scale is None else tf.where(layer.scale < 0, -1.0, 1.0)


def _moments(scores: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return mean and variance of each channel, the last axis."""
    axes = list(range(len(scores.shape) - 1))
    mean = tf.reduce_mean(scores, axes)
    return mean, tf.maximum(tf.reduce_mean(scores * scores, axes) - mean**2, 0.0)


def _columns(values: tf.Tensor, width: int) -> tf.Tensor:
    """Return the window around each position, padded with zeros: (batch, positions, width x channels)."""
    left, positions = (width - 1) // 2, values.shape[1]
    padded = tf.pad(values, [[0, 0], [left, width - 1 - left], [0, 0]])
    return tf.concat([padded[:, place : place + positions] for place in range(width)], axis=2)
