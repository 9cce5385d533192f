"""Compiled programs: an epoch of training, the features of sequences."""

from functools import partial
from typing import Any, NamedTuple

import tensorflow as tf

from deepprune.models.architecture import Architecture, Inputs, State, Weights
from deepprune.training.optimizers import Moments, Rates, Step, optimizers
from deepprune.training.sequences import Batches

# Batches whose features one call computes: each call has an overhead of a millisecond.
FEATURE_BATCHES = 8


class Progress(NamedTuple):
    """Weights, state and moments of a stack of networks during training."""

    weights: Weights
    state: State
    moments: Moments


class Programs:
    """The compiled programs of networks of one architecture, traced once for each combination of shapes.

    features: see `_features`.  epochs: by optimizer, see `_epoch`.  bias_rate: see `with_bias_rate`.
    """

    def __init__(self, network: Architecture, batch_size: int, bias_rate: float = 1.0) -> None:
        self.network, self.batch_size = network, batch_size
        compiled: Any = partial(tf.function, jit_compile=network.compiled, autograph=False)
        self.features = compiled(self._features)
        self.epochs = {name: compiled(partial(self._epoch, step)) for name, step in optimizers(bias_rate).items()}

    def _epoch(self, step: Step, batches: Batches, progress: Progress, rates: Rates) -> tuple[Progress, tf.Tensor]:
        """Pass once over the sequences; return the progress, and the mean losses during the pass, (models,)."""
        models = batches.orders.shape[0]
        number = (batches.count + self.batch_size - 1) // self.batch_size

        def batch(index: tf.Tensor, progress: Progress, total: tf.Tensor) -> tuple[tf.Tensor, Progress, tf.Tensor]:
            progress, losses, gradients = self._batch(batches, index, progress)
            weights, moments = step(progress.weights, gradients, progress.moments, rates)
            progress = Progress(weights, progress.state, moments)
            return index + 1, progress, total + losses

        first = (0, progress, tf.zeros(models))
        _, progress, total = tf.while_loop(lambda index, *_: index < number, batch, first, parallel_iterations=1)
        return progress, total / tf.cast(batches.count, tf.float32)

    def _batch(self, batches: Batches, index: tf.Tensor, progress: Progress) -> tuple[Progress, tf.Tensor, Weights]:
        """Return the progress with its state after a batch, the summed losses of its sequences, and the gradients."""
        rows, weight = self._rows(batches, index)
        flat = tf.nest.flatten(progress.weights)
        with tf.GradientTape() as tape:
            tape.watch(flat)
            inputs = tf.nest.map_structure(lambda tensor: tf.gather(tensor, rows), batches.inputs)
            random = batches.random + tf.stack([index, 0])
            logits, state = self.network.logits(progress.weights, progress.state, inputs, True, random)
            labels = tf.gather(batches.labels, rows, batch_dims=1)
            losses = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits), axis=2)
            summed = tf.reduce_sum(weight * losses, axis=1)
            # The models are independent: the gradient of the sum holds the gradient of each model's own mean.
            loss = tf.reduce_sum(summed) / tf.reduce_sum(weight)
            loss += self.network.penalty(progress.weights, progress.state)
        gradients = tape.gradient(loss, flat, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return progress._replace(state=state), summed, tf.nest.pack_sequence_as(progress.weights, gradients)

    def _rows(self, batches: Batches, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the rows of a batch, int32 (models, size), and the weight of each, float32 (size,)."""
        models, size = batches.orders.shape[0], self.batch_size
        if self.network.compiled:
            # XLA needs batches of one size: the last is padded with rows of weight zero.
            rows = tf.slice(batches.orders, [0, index * size], [models, size])
            return rows, tf.cast(index * size + tf.range(size) < batches.count, tf.float32)
        rows = batches.orders[:, index * size : tf.minimum((index + 1) * size, batches.count)]
        return rows, tf.ones(tf.shape(rows)[1])

    def _features(self, weights: Weights, state: State, inputs: Inputs, number: tf.Tensor) -> tf.Tensor:
        """Return the features of sequences that all models read: (models, rows, features).

        inputs: of the sequences, with the axes (rows, ...).  number: compute only the first `number` batches; the other
        rows hold zeros.
        """
        models, size = tf.nest.flatten(weights)[0].shape[0], self.batch_size

        def rows(tensor: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
            some = tf.slice(tensor, [index * size] + [0] * (len(tensor.shape) - 1), [size, *tensor.shape[1:]])
            return tf.repeat(some[None], models, axis=0)

        def one(index: tf.Tensor) -> tf.Tensor:
            batch = tf.nest.map_structure(lambda tensor: rows(tensor, index), inputs)
            return self.network.features(weights, state, batch)

        def batch(index: tf.Tensor, found: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
            return index + 1, found.write(index, one(index))

        shape = (models, size, self.network.feature_count(weights))
        found = tf.TensorArray(tf.float32, FEATURE_BATCHES, element_shape=shape)
        _, found = tf.while_loop(lambda index, _: index < number, batch, (0, found))
        return tf.reshape(tf.transpose(found.stack(), (1, 0, 2, 3)), (models, FEATURE_BATCHES * size, -1))
