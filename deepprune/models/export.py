"""Few-kernel networks as ordinary Keras models, and back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import keras
import numpy as np

from deepprune.dna.words import Words
from deepprune.io.files import write_atomic
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import CLIP, LEAK, Parameters, padding_sizes


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


@keras.saving.register_keras_serializable(package="deepprune")
class WordBackground(keras.layers.Layer):
    """The background: the sum of the weights (words, tasks) of a sequence's words, (batch, tasks).

    letters, gap, merged: of its words, see dna.words.Words. The input is one-hot DNA (batch, length, 4); a position
    without a one is N, and words with N count nowhere. It has no gradient with respect to the sequence.
    """

    def __init__(self, letters: int, gap: int, merged: bool, tasks: int, **options: Any) -> None:
        super().__init__(**options)
        self.words, self.tasks = Words(letters, gap, merged), tasks
        self.table = self.add_weight(shape=(self.words.number, tasks), initializer="zeros", name="weights")

    def call(self, one_hot: Any) -> Any:
        ops, words = keras.ops, self.words
        codes = ops.cast(ops.argmax(one_hot, axis=2), "int32")
        known = ops.max(one_hot, axis=2) > 0
        # Positions beyond the end are like N, so that all gaps have as many windows.
        longest = words.letters + words.gap
        codes, known = ops.pad(codes, ((0, 0), (0, longest))), ops.pad(known, ((0, 0), (0, longest)))
        length = ops.shape(one_hot)[1]
        padded = ops.concatenate([self.table, ops.zeros((1, self.tasks), self.table.dtype)], axis=0)
        total: Any = 0.0
        for offsets, numbers in zip(words.offsets.tolist(), words.table.astype(np.int32), strict=True):
            places = [(codes[:, offset : length + offset], known[:, offset : length + offset]) for offset in offsets]
            word, complete = places[0]
            for code, is_known in places[1:]:
                word, complete = 4 * word + code, ops.logical_and(complete, is_known)
            number = ops.where(complete, ops.take(ops.convert_to_tensor(numbers), word), words.number)
            total += ops.sum(ops.take(padded, number, axis=0), axis=1)
        return total

    def get_config(self) -> dict[str, Any]:
        own = {"letters": self.words.letters, "gap": self.words.gap, "merged": self.words.merged, "tasks": self.tasks}
        return {**super().get_config(), **own}


def keras_model(
    parameters: Parameters, network: FewKernel | None = None, mask: Sequence[float] | None = None
) -> keras.Model:
    """Return an ordinary Keras model with these weights: one-hot (batch, length, 4) to probability (batch, tasks).

    network: its padding, activation, strands and words; by default those of a FewKernel.  mask: 0 or 1 for each kernel;
    by default all ones, as in a network that was pruned by slicing.
    """
    kernels, width, _ = parameters.kernels.shape
    network = network or FewKernel(kernels, width)
    tasks = parameters.weights.shape[1]
    one_hot = keras.Input((None, 4), name="one_hot")
    pooled = _pooled(one_hot, kernels, width, network)
    masked = KernelMask([1.0] * kernels if mask is None else mask, name="mask")(pooled)
    if network.words:
        motifs = keras.layers.Dense(tasks, name="dense")(masked)
        logit = keras.layers.Add(name="logit")([motifs, _background(one_hot, network, tasks)])
        probability = keras.layers.Activation("sigmoid", name="probability")(logit)
    else:
        probability = keras.layers.Dense(tasks, activation="sigmoid", name="dense")(masked)
    model = keras.Model(one_hot, probability, name="deepprune")
    kernels_last = np.asarray(parameters.kernels).transpose(1, 2, 0)
    model.get_layer("convolution").set_weights([kernels_last, np.asarray(parameters.bias)])
    model.get_layer("dense").set_weights([np.asarray(parameters.weights), np.asarray(parameters.intercept)])
    if network.words:
        model.get_layer("background").set_weights([np.asarray(parameters.background)])
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
    own = Parameters(np.ascontiguousarray(kernels.transpose(2, 0, 1)), bias, weights, intercept)
    (background,) = [layer for layer in model.layers if layer.name == "background"] or [None]
    return own._replace(background=background.get_weights()[0]) if background else own


def _pooled(one_hot: Any, kernels: int, width: int, network: FewKernel) -> Any:
    """Return the activation of each kernel, (batch, kernels)."""
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
    return joined(name="of_strands")(best) if len(best) > 1 else best[0]


def _background(one_hot: Any, network: FewKernel, tasks: int) -> Any:
    """Return the background's logit, (batch, tasks); of both strands, their mean."""
    words = network.words
    assert words
    layer = WordBackground(words.letters, words.gap, words.merged, tasks, name="background")
    if not network.average_strands:
        return layer(one_hot)
    both = [layer(one_hot), layer(ReverseComplement(name="other_strand")(one_hot))]
    return keras.layers.Average(name="background_of_strands")(both)
