"""Keras models as architectures."""

import threading
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from deepprune.models.architecture import Architecture

# Keras draws the seeds of layers and initializers from one generator per process: threads build models in turn.
_SEEDING = threading.Lock()
# Seeds reserved for each stochastic layer: it may draw this often in a batch.
DRAWS = 2**16


def fill(model: keras.Model, weights: Iterable[np.ndarray], state: Iterable[np.ndarray]) -> None:
    """Give a model weights and state, both in the order of its variables."""
    for variables, arrays in ((model.trainable_weights, weights), (model.non_trainable_weights, state)):
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)


class KerasNetwork(Architecture):
    """A Keras model from one-hot sequences (batch, length, 4) to logits (batch, tasks).

    Weights are the arrays of its trainable variables, the state those of the others, both in the model's order.  build:
    returns a new model.  start: changes the weights that Keras's initializers draw; None for not at all.
    average_strands: whether predictions are the mean probability of both strands, which concerns neither logits nor
    training: see `predictions`.  Programs are TensorFlow graphs, since on a processor XLA's convolutions are several
    times slower than Keras's own.
    """

    compiled = False
    stochastic = True
    average_strands = False
    start: Callable[[list[np.ndarray], np.random.Generator], list[np.ndarray]] | None = None

    def __init__(self, name: str, build: Callable[[], keras.Model]) -> None:
        self.name, self.build = name, build

    @cached_property
    def model(self) -> keras.Model:
        """Return the model whose layers compute; its own weights are never used."""
        with _SEEDING:
            return self.build()

    def initial(self, rng: np.random.Generator) -> list[np.ndarray]:
        """Return the weights that Keras's initializers draw from a seed, changed by `start`."""
        with _SEEDING:
            keras.utils.set_random_seed(int(rng.integers(2**31)))
            weights = [np.asarray(weight) for weight in self.build().trainable_weights]
        return self.start(weights, rng) if self.start else weights

    def initial_state(self) -> list[np.ndarray]:
        """Return the non-trainable variables, such as moving averages, of a new model."""
        return [np.asarray(weight) for weight in self.model.non_trainable_weights]

    def logits(
        self, weights: list[tf.Tensor], state: list[tf.Tensor], inputs: tf.Tensor, training: bool, random: tf.Tensor
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Return the logits; see Architecture. The models of a stack are computed one after another."""
        stack, models = (weights, state, inputs, random), random.shape[0]
        # Unlike slices, unstacked tensors have gradients that are copied once, or not at all for a single model.
        parts = [tf.unstack(values, num=models) for values in tf.nest.flatten(stack)]
        results = []
        for place in range(models):
            own = tf.nest.pack_sequence_as(stack, [values[place] for values in parts])
            results.append(self.one(own[0], own[1], own[2], training, own[3]))
        states = [tf.stack(values) for values in zip(*(after for _, after in results), strict=True)]
        return tf.stack([logits for logits, _ in results]), states

    def penalty(self, weights: list[tf.Tensor], state: list[tf.Tensor]) -> tf.Tensor | float:
        """Return the sum of the regularizers of the model's weights."""
        pairs = zip(self.model.trainable_weights, weights, strict=True)
        # The regularizer of a stack is the sum over its models, as those of Keras are sums over weights.
        return sum(variable.regularizer(weight) for variable, weight in pairs if variable.regularizer)

    def feature_count(self, weights: list[Any]) -> int:
        """Return the number of tasks."""
        return int(self.model.output_shape[-1])

    def one(
        self, weights: list[tf.Tensor], state: list[tf.Tensor], codes: tf.Tensor, training: bool, random: tf.Tensor
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Return logits (batch, tasks) and state of one model."""
        model = self.model
        kept = {id(variable): place for place, variable in enumerate(model.non_trainable_weights)}
        # The other variables are seeds of stochastic layers: the batch's seed, varied for each layer. Batches differ in
        # the first number and layers in the second, which a layer itself counts up: no two draws share a seed.
        fixed = [
            state[kept[id(variable)]]
            if id(variable) in kept
            else tf.cast(random + tf.constant([0, place * DRAWS]), variable.dtype)
            for place, variable in enumerate(model.non_trainable_variables)
        ]
        logits, after = model.stateless_call(weights, fixed, tf.one_hot(codes, 4), training=training)
        after = [value for value, old in zip(after, model.non_trainable_variables, strict=True) if id(old) in kept]
        return tf.cast(logits, tf.float32), after
