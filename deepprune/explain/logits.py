"""The logits of all tasks of models of either kind."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.explain.contributions import mean_activations, reading_of, readings
from deepprune.models.conv_settings import any_length, pooled_lengths, shortest_length
from deepprune.models.layers_file import AnyModel, LayersModel
from deepprune.models.model_file import Model
from deepprune.models.parameters import output_layer

# Of codes, uint8 (n, length), the logits, float64 (n, tasks)
Predictor = Callable[[np.ndarray], np.ndarray]
BATCH_BYTES, MOST = 64 << 20, 256  # of a layer's values, and sequences: what is computed at once


def predictor(model: AnyModel) -> Predictor:
    """Return what gives a model's logits; InputError if it needs TensorFlow, but this is not installed.

    A network of several layers takes batches of `batch_size`.
    """
    if isinstance(model, Model):
        return partial(task_logits, model)
    try:
        from deepprune.explain.layers import Layers
    except ModuleNotFoundError as error:
        raise InputError(
            f"network {model.name} has several layers and needs TensorFlow, but there is no {error.name}; install "
            "tensorflow into this environment"
        ) from None
    return Layers(model).logits


def task_logits(model: Model, codes: np.ndarray) -> np.ndarray:
    """Return the logits of a few-kernel model, float64 (n, tasks); codes: not shorter than a kernel."""
    background = reading_of(model).backgrounds(codes, model.parameters)
    activations = mean_activations(readings(model, codes))
    return output_layer(activations, model.parameters) + (0 if background is None else background)


def batch_size(model: LayersModel, length: int) -> int:
    """Return how many sequences of a length a network computes at once, so that memory does not grow with them."""
    layers, lengths = model.settings.convolutions, pooled_lengths(model.settings, length)
    most = max(reads * layer.filters for layer, (reads, _) in zip(layers, lengths, strict=True))
    return max(1, min(MOST, BATCH_BYTES // (most * np.dtype(np.float32).itemsize)))


def check_reads(model: LayersModel, length: int, what: str) -> None:
    """Raise InputError if a network does not read sequences of a length in bp; what: has it, to begin the message."""
    if not any_length(model.settings) and length != model.window:
        raise InputError(
            f"{what} {length} bp, but network {model.name} reads exactly {model.window} bp; give sequences of "
            f"{model.window} bp"
        )
    if length < (least := shortest_length(model.settings)):
        raise InputError(f"{what} {length} bp, but network {model.name} needs {least}; remove shorter sequences")


def text_logits(predict: Predictor, texts: Sequence[str], tasks: int, size: int = MOST) -> np.ndarray:
    """Return the logits of sequences of any lengths, float64 (n, tasks); size: how many are computed at once."""
    logits, lengths = np.zeros((len(texts), tasks)), np.array([len(text) for text in texts], int)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        for first in range(0, len(rows), size):
            some = rows[first : first + size]
            logits[some] = predict(to_codes([texts[row] for row in some]))
    return logits
