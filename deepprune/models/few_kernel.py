"""The network: convolution, ReLU, global max, mask, dense, sigmoid; as a graph for training and as a Keras model."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import keras
import numpy as np
import tensorflow as tf

from deepprune.io.files import write_atomic
from deepprune.models.parameters import CLIP, LEAK, Parameters
from deepprune.models.scan import on_gpu, scan
from deepprune.training.optimizers import State, adam

# Networks of up to so many kernels share a program, as to trace and to compile one takes seconds. Room costs a network
# some time, too: hence not one size for all.
ROOMS = 32, 256


def activations(parameters: Parameters, used: tf.Tensor, codes: tf.Tensor, padding: str, activation: str) -> tf.Tensor:
    """The pooled score u_k of each kernel: float32 (models, batch, kernels). Activation and maximum commute.

    parameters: those of several models, stacked along a first axis.  used: so many of the kernels, the first, are
    theirs.  codes: uint8 (models, batch, length).
    """
    score, _ = scan(codes, parameters.kernels, parameters.bias, padding, used)
    if activation == "relu":
        return tf.nn.relu(score)
    return tf.minimum(tf.nn.leaky_relu(score, LEAK), CLIP)


def room(kernels: int) -> int:
    """For how many kernels the program is made that trains networks of so many: on a GPU, for these alone."""
    return kernels if on_gpu() else next((room for room in ROOMS if room >= kernels), kernels)


def no_penalty(parameters: Parameters) -> tf.Tensor:
    """Nothing is added to the cross-entropy."""
    return tf.constant(0.0)


class Architecture(NamedTuple):
    """What the trainer has to know of a kind of network: its log-odds are a dense unit on what `activations` gives."""

    activations: Callable[[Parameters, tf.Tensor, tf.Tensor, str, str], tf.Tensor] = activations
    penalty: Callable[[Parameters], tf.Tensor] = no_penalty  # summed over the models
    step: Callable[[State, Parameters, tf.Tensor], State] = adam
    room: Callable[[int], int] = room


CONVOLUTION = Architecture()


def log_odds(pooled: tf.Tensor, parameters: Parameters) -> tf.Tensor:
    """The dense unit: log-odds of being bound, float32 (models, batch), from activations (models, batch, kernels)."""
    # A sum of products rather than a matrix product: its order does not depend on the number of threads.
    return tf.reduce_sum(pooled * parameters.weights[:, None], axis=2) + parameters.intercept[:, None]


@keras.saving.register_keras_serializable(package="deepprune")
class KernelMask(keras.layers.Layer):
    """The paper's mask layer: multiplies the pooled score of each kernel by 0 or 1."""

    def __init__(self, mask: Sequence[float], **options: Any) -> None:
        super().__init__(**options)
        self.mask = [float(value) for value in mask]

    def call(self, pooled: Any) -> Any:
        return pooled * keras.ops.convert_to_tensor(self.mask, pooled.dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mask": self.mask}


def keras_model(
    parameters: Parameters, padding: str = "valid", activation: str = "relu", mask: Sequence[float] | None = None
) -> keras.Model:
    """An ordinary Keras model with these weights: one-hot (batch, length, 4) to probability (batch, 1).

    mask: 0 or 1 for each kernel; all ones when not given, as in a network that was pruned by slicing.
    """
    length, _, kernels = parameters.kernels.shape
    one_hot = keras.Input((None, 4), name="one_hot")
    score = keras.layers.Conv1D(kernels, length, padding=padding, name="convolution")(one_hot)
    clipped = {} if activation == "relu" else {"negative_slope": LEAK, "max_value": CLIP}
    active = keras.layers.ReLU(**clipped, name="activation")(score)
    pooled = keras.layers.GlobalMaxPooling1D(name="pooling")(active)
    masked = KernelMask([1.0] * kernels if mask is None else mask, name="mask")(pooled)
    probability = keras.layers.Dense(1, activation="sigmoid", name="dense")(masked)
    model = keras.Model(one_hot, probability, name="deepprune")
    model.get_layer("convolution").set_weights([np.asarray(parameters.kernels), np.asarray(parameters.bias)])
    dense = np.asarray(parameters.weights)[:, None], np.asarray(parameters.intercept)[None]
    model.get_layer("dense").set_weights(list(dense))
    return model


def save_model(path: Path, parameters: Parameters, padding: str, activation: str) -> None:
    """Write a `.keras` file that keras.models.load_model opens once deepprune.model is imported."""
    model = keras_model(parameters, padding, activation)
    with write_atomic(path) as temporary:
        model.save(temporary)


def load_model(path: Path) -> Parameters:
    """The parameters of a `.keras` file that save_model wrote; ValueError if it holds code."""
    model = cast(keras.Model, keras.models.load_model(path, compile=False, safe_mode=True))
    kernels, bias = model.get_layer("convolution").get_weights()
    weights, intercept = model.get_layer("dense").get_weights()
    return Parameters(kernels, bias, weights[:, 0], intercept[0])
