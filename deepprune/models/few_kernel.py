"""The few-kernel network as a TensorFlow graph and as a Keras model.

Convolution, activation, global maximum, output layer.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, cast

import keras
import numpy as np
import tensorflow as tf

from deepprune.io.files import write_atomic
from deepprune.models.architecture import Architecture
from deepprune.models.look_ups import on_gpu
from deepprune.models.parameters import CLIP, LEAK, Parameters, initial_parameters, output_layer, padding_sizes
from deepprune.models.scan import scan

# Padded widths: networks of at most this many kernels share a program, because tracing and compiling one takes seconds.
# Padding costs time too, hence several widths.
PADDED_WIDTHS = 32, 256


class Used(NamedTuple):
    """The state of a few-kernel network: int32 (), the number of its own kernels, without padding."""

    used: Any


@dataclass(frozen=True)
class FewKernel(Architecture):
    """The few-kernel network with this number of kernels of `width` bp.

    padding, activation, strands, average_strands: as in config's `model`. average_strands concerns neither features nor
    training: whoever predicts takes the mean over both strands, and so does the Keras model.
    """

    kernels: int
    width: int
    padding: str = "valid"
    activation: str = "relu"
    strands: str = "one"
    average_strands: bool = False
    tasks: int = 1
    name = "few_kernel"

    @property
    def program(self) -> Hashable:
        """Return what the program depends on; networks of several sizes share one."""
        return replace(self, kernels=0, average_strands=False)

    def initial(self, rng: np.random.Generator) -> Parameters:
        """Return the initial weights; see initial_parameters."""
        return initial_parameters(self.width, self.kernels, rng, self.tasks)

    def initial_state(self) -> Used:
        """Return the number of the network's own kernels."""
        return Used(np.int32(self.kernels))

    def features(self, weights: Parameters, state: Used, codes: tf.Tensor) -> tf.Tensor:
        """Return the activation u_k of each kernel, float32 (models, batch, kernels), including padding.

        The activation function is monotonic and is applied after the maximum.
        """
        # All models of a stack have the same size.
        score = scan(codes, weights.kernels, weights.bias, self.padding, state.used[0], self.strands).score
        if self.activation == "relu":
            return tf.nn.relu(score)
        return tf.minimum(tf.nn.leaky_relu(score, LEAK), CLIP)

    def logits(
        self, weights: Parameters, state: Used, codes: tf.Tensor, training: bool, random: tf.Tensor
    ) -> tuple[tf.Tensor, Used]:
        """Return the logits; see Architecture."""
        return output_logits(self.features(weights, state, codes), weights), state

    def feature_count(self, weights: Parameters) -> int:
        """Return the number of kernels."""
        return int(weights.bias.shape[-1])

    def head(self, features: np.ndarray, weights: Parameters) -> np.ndarray:
        """Return the logits from activations; see output_layer."""
        return output_layer(features, weights)

    def packed(self, weights: Parameters) -> Parameters:
        """Return the weights in the layout of the scan: kernels last, padded with zeros to the padded width."""
        spare = padded_width(self.kernels) - self.kernels

        def fill(values: np.ndarray) -> np.ndarray:
            return np.pad(values, [(0, spare)] + [(0, 0)] * (np.ndim(values) - 1))

        kernels = fill(weights.kernels).transpose(1, 2, 0)
        return Parameters(kernels, fill(weights.bias), fill(weights.weights), weights.intercept)

    def unpacked(self, weights: Parameters) -> Parameters:
        """Return the weights as they are stored, without padding."""
        kernels = np.ascontiguousarray(weights.kernels.transpose(2, 0, 1))
        return weights._replace(kernels=kernels).keep(np.arange(self.kernels))


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


@keras.saving.register_keras_serializable(package="deepprune")
class KernelMask(keras.layers.Layer):
    """The mask layer: multiplies the activation of each kernel by 0 or 1."""

    def __init__(self, mask: Sequence[float], **options: Any) -> None:
        super().__init__(**options)
        self.mask = [float(value) for value in mask]

    def call(self, pooled: Any) -> Any:
        return pooled * keras.ops.convert_to_tensor(self.mask, pooled.dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mask": self.mask}


@keras.saving.register_keras_serializable(package="deepprune")
class ReverseComplement(keras.layers.Layer):
    """The other strand of one-hot DNA (batch, length, 4) with the bases A C G T."""

    def call(self, one_hot: Any) -> Any:
        return keras.ops.flip(one_hot, axis=(1, 2))


def keras_model(
    parameters: Parameters, network: FewKernel | None = None, mask: Sequence[float] | None = None
) -> keras.Model:
    """Return an ordinary Keras model with these weights: one-hot (batch, length, 4) to probability (batch, tasks).

    network: its padding, activation and strands; by default those of a FewKernel.  mask: 0 or 1 for each kernel; by
    default all ones, as in a network that was pruned by slicing.
    """
    kernels, width, _ = parameters.kernels.shape
    network = network or FewKernel(kernels, width)
    one_hot = keras.Input((None, 4), name="one_hot")
    strands = [one_hot]
    if network.average_strands:
        strands.append(ReverseComplement(name="reverse_complement")(one_hot))
    elif network.strands == "both":
        padded = keras.layers.ZeroPadding1D(padding_sizes(network.padding, width), name="padding")(one_hot)
        strands = [padded, ReverseComplement(name="reverse_complement")(padded)]
    padding = network.padding if network.strands == "one" else "valid"
    convolution = keras.layers.Conv1D(kernels, width, padding=padding, name="convolution")
    clipped = {} if network.activation == "relu" else {"negative_slope": LEAK, "max_value": CLIP}
    activation = keras.layers.ReLU(**clipped, name="activation")
    pooling = keras.layers.GlobalMaxPooling1D(name="pooling")
    best = [pooling(activation(convolution(strand))) for strand in strands]
    # The mean of the activations gives the mean of the logits, which are linear in them.
    joined = keras.layers.Average if network.average_strands else keras.layers.Maximum
    pooled = joined(name="of_strands")(best) if len(best) > 1 else best[0]
    masked = KernelMask([1.0] * kernels if mask is None else mask, name="mask")(pooled)
    tasks = parameters.weights.shape[1]
    probability = keras.layers.Dense(tasks, activation="sigmoid", name="dense")(masked)
    model = keras.Model(one_hot, probability, name="deepprune")
    kernels_last = np.asarray(parameters.kernels).transpose(1, 2, 0)
    convolution.set_weights([kernels_last, np.asarray(parameters.bias)])
    model.get_layer("dense").set_weights([np.asarray(parameters.weights), np.asarray(parameters.intercept)])
    return model


def save_model(path: Path, parameters: Parameters, network: FewKernel) -> None:
    """Write a `.keras` file, which keras.models.load_model opens once this module is imported."""
    model = keras_model(parameters, network)
    with write_atomic(path) as temporary:
        model.save(temporary)


def load_model(path: Path) -> Parameters:
    """Return the weights of a `.keras` file that `save_model` wrote; ValueError if it holds code."""
    return weights_of(cast(keras.Model, keras.models.load_model(path, compile=False, safe_mode=True)))


def weights_of(model: keras.Model) -> Parameters:
    """Return the weights of a model that `keras_model` made."""
    kernels, bias = model.get_layer("convolution").get_weights()
    weights, intercept = model.get_layer("dense").get_weights()
    return Parameters(np.ascontiguousarray(kernels.transpose(2, 0, 1)), bias, weights, intercept)
