"""The few-kernel network as a TensorFlow graph.

Convolution, activation, global maximum, output layer, and beside these, if wanted, a background of word counts.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from deepprune.dna.words import Words
from deepprune.models.architecture import Architecture
from deepprune.models.background import Standard, background_logits
from deepprune.models.look_ups import on_gpu
from deepprune.models.parameters import CLIP, LEAK, Parameters, Pruned, initial_parameters, output_layer
from deepprune.models.scan import scan

# Padded widths: networks of at most this many kernels share a program, because tracing and compiling one takes seconds.
# Padding costs time too, hence several widths.
PADDED_WIDTHS = 32, 256


class Fixed(NamedTuple):
    """The state of a few-kernel network: what its program needs beside the weights.

    used: int32 (), the number of its own kernels, without padding.  mean, scale: float32 (words,), and penalty: float32
    (), as in Standard; () without a background.
    """

    used: Any
    mean: Any = ()
    scale: Any = ()
    penalty: Any = ()


class Sequences(NamedTuple):
    """What a few-kernel network with a background reads of sequences."""

    codes: Any  # uint8 (..., length)
    words: Any  # uint16 (..., positions): see Words.find


@dataclass(frozen=True)
class FewKernel(Architecture):
    """The few-kernel network with this number of kernels of `width` bp.

    padding, activation, strands, average_strands: as in config's `model`. average_strands concerns neither features nor
    training: whoever predicts takes the mean over both strands, and so does the Keras model.  words: those that the
    background counts; None for a network without.  standard: how their counts are standardized for training.
    """

    kernels: int
    width: int
    padding: str = "valid"
    activation: str = "relu"
    strands: str = "one"
    average_strands: bool = False
    tasks: int = 1
    words: Words | None = None
    standard: Standard | None = None
    name = "few_kernel"

    @property
    def program(self) -> Hashable:
        """Return what the program depends on; networks of several sizes share one."""
        return replace(self, kernels=0, average_strands=False, standard=None)

    @property
    def reads(self) -> Hashable:
        """Return the words of the background."""
        return self.words

    def inputs(self, codes: np.ndarray) -> np.ndarray | Sequences:
        """Return the codes, with the numbers of the words if there is a background."""
        return Sequences(codes, self.words.find(codes)) if self.words else codes

    def initial(self, rng: np.random.Generator) -> Parameters:
        """Return the initial weights; see initial_parameters. Those of the background are zeros."""
        weights = initial_parameters(self.width, self.kernels, rng, self.tasks)
        if not self.words:
            return weights
        return weights._replace(background=np.zeros((self.words.number, self.tasks), np.float32))

    def initial_state(self) -> Fixed:
        """Return what does not change in training."""
        used = np.int32(self.kernels)
        if not self.words:
            return Fixed(used)
        standard = self._standard
        return Fixed(used, standard.mean, standard.scale, np.float32(standard.penalty))

    def features(self, weights: Parameters, state: Fixed, inputs: tf.Tensor | Sequences) -> tf.Tensor:
        """Return float32 (models, batch, features): the background's logit of each task, if any, and activations.

        The activations u_k include those of padding.
        """
        activations = self._activations(weights, state, inputs)
        if not self.words:
            return activations
        return tf.concat([self._background(weights, state, inputs), activations], axis=2)

    def logits(
        self, weights: Parameters, state: Fixed, inputs: tf.Tensor | Sequences, training: bool, random: tf.Tensor
    ) -> tuple[tf.Tensor, Fixed]:
        """Return the logits; see Architecture."""
        logits = output_logits(self._activations(weights, state, inputs), weights)
        if self.words:
            of_mean = tf.reduce_sum((state.mean * state.scale)[:, :, None] * weights.background, axis=1)
            logits += self._background(weights, state, inputs) - of_mean[:, None]
        return logits, state

    def penalty(self, weights: Parameters, state: Fixed) -> tf.Tensor | float:
        """Return the penalty of the background, summed over the models."""
        if not self.words:
            return 0.0
        return tf.reduce_sum(state.penalty[:, None, None] * weights.background**2) / 2

    def feature_count(self, weights: Parameters) -> int:
        """Return the number of features: tasks, with a background, and kernels."""
        return self._before + int(weights.bias.shape[-1])

    def activations(self, features: np.ndarray) -> np.ndarray:
        """Return the activations (..., kernels) among features (..., features)."""
        return features[..., self._before :]

    def of_pruned(self, features: np.ndarray, pruned: Pruned) -> np.ndarray:
        """Return the features of a pruned network, (sequences, fewer features), from those of the network before."""
        background, activations = features[:, : self._before], self.activations(features)
        return np.concatenate([np.float32(pruned.share) * background, activations[:, pruned.kept]], axis=1)

    def head(self, features: np.ndarray, weights: Parameters) -> np.ndarray:
        """Return the logits, float64 (sequences, tasks), from features (sequences, features)."""
        return self.motif_logits(features, weights) + (features[:, : self._before] if self.words else 0)

    def motif_logits(self, features: np.ndarray, weights: Parameters) -> np.ndarray:
        """Return the logits without the background's, float64 (sequences, tasks)."""
        return output_layer(self.activations(features), weights)

    def packed(self, weights: Parameters) -> Parameters:
        """Return the weights in the layout of the program.

        Kernels come last, padded with zeros to the padded width; the background's weights are those of standardized
        counts.
        """
        spare = padded_width(self.kernels) - self.kernels

        def fill(values: np.ndarray) -> np.ndarray:
            return np.pad(values, [(0, spare)] + [(0, 0)] * (np.ndim(values) - 1))

        kernels = fill(weights.kernels).transpose(1, 2, 0)
        filled = weights._replace(kernels=kernels, bias=fill(weights.bias), weights=fill(weights.weights))
        if not self.words:
            return filled
        background, intercept = self._standard.pack(weights.background, weights.intercept)
        return filled._replace(background=background, intercept=intercept)

    def unpacked(self, weights: Parameters) -> Parameters:
        """Return the weights as they are stored, without padding."""
        kernels = np.ascontiguousarray(weights.kernels.transpose(2, 0, 1))
        own = weights._replace(kernels=kernels).keep(np.arange(self.kernels))
        if not self.words:
            return own
        background, intercept = self._standard.unpack(own.background, own.intercept)
        return own._replace(background=background, intercept=intercept)

    @property
    def _before(self) -> int:
        """How many features precede the activations."""
        return self.tasks if self.words else 0

    @property
    def _standard(self) -> Standard:
        """The network's own standardization; without one, counts as they are, which suffices for predictions."""
        assert self.words
        return self.standard or Standard(
            np.zeros(self.words.number, np.float32), np.ones(self.words.number, np.float32), 0.0
        )

    def _activations(self, weights: Parameters, state: Fixed, inputs: tf.Tensor | Sequences) -> tf.Tensor:
        """Return the activations, float32 (models, batch, kernels).

        The activation function is monotonic and is applied after the maximum.
        """
        codes = inputs.codes if self.words else inputs
        # All models of a stack have the same size.
        score = scan(codes, weights.kernels, weights.bias, self.padding, state.used[0], self.strands).score
        if self.activation == "relu":
            return tf.nn.relu(score)
        return tf.minimum(tf.nn.leaky_relu(score, LEAK), CLIP)

    def _background(self, weights: Parameters, state: Fixed, inputs: Sequences) -> tf.Tensor:
        """Return the background's logits, float32 (models, batch, tasks), from packed weights."""
        return background_logits(tf.cast(inputs.words, tf.int32), weights.background * state.scale[:, :, None])


def padded_width(kernels: int) -> int:
    """Return the padded width of a network: the number of kernels of its program; on a GPU there is no padding."""
    return kernels if on_gpu() else next((width for width in PADDED_WIDTHS if width >= kernels), kernels)


def output_logits(activations: tf.Tensor, weights: Parameters) -> tf.Tensor:
    """Return the logits of a stack, float32 (models, batch, tasks), from activations (models, batch, kernels)."""
    # Sums of products instead of a matrix product: their order does not depend on the number of threads.
    tasks = [
        tf.reduce_sum(activations * weights.weights[:, None, :, task], axis=2) + weights.intercept[:, None, task]
        for task in range(weights.weights.shape[2])
    ]
    return tf.stack(tasks, axis=2)
