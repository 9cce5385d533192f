"""The logit of a sequence as a sum: what each kernel and the background contribute."""

from typing import NamedTuple

import numpy as np

from deepprune.data.stream import Chunk
from deepprune.dna.codes import reverse_complement
from deepprune.errors import InputError, quoted
from deepprune.models.model_file import Model
from deepprune.motifs.kernels import Reading
from deepprune.motifs.windows import Windows, side_by_side


class Contributions(NamedTuple):
    """The summands of the logits of sequences.

    kernels: float64 (n, kernels), activation times output weight, of averaged strands their mean.  background: float64
    (n,), of the words' counts; zeros for a model without.  intercept: the same for all sequences.
    """

    kernels: np.ndarray
    background: np.ndarray
    intercept: float

    @property
    def logits(self) -> np.ndarray:
        """The sums, float64 (n,)."""
        return self.kernels.sum(axis=1) + self.background + self.intercept

    @property
    def probabilities(self) -> np.ndarray:
        """The logits as probabilities, float64 (n,)."""
        return probabilities(self.logits)


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Return logits as probabilities, float64 of the same shape."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))  # a sigmoid that does not overflow


def reading_of(model: Model) -> Reading:
    """Return how the kernels of a model read sequences."""
    use = model.use
    return Reading(
        padding=use.padding,
        activation=use.activation,
        strands=use.strands,
        average_strands=use.average_strands,
        background=use.background,
    )


def check_length(model: Model, chunk: Chunk) -> None:
    """Raise InputError if the sequences of a chunk are shorter than a kernel."""
    if chunk.codes.shape[1] < model.use.width:
        raise InputError(
            f"the sequence {quoted(str(chunk.origins.name[0]))} has {chunk.codes.shape[1]} bp, but the model's kernels "
            f"have {model.use.width}; remove shorter sequences"
        )


def contributions(model: Model, codes: np.ndarray, task: int = 0) -> Contributions:
    """Return the summands of a task's logits; codes: uint8 (n, length), not shorter than a kernel."""
    return summed(model, codes, readings(model, codes), task)


def readings(model: Model, codes: np.ndarray) -> list[Windows]:
    """Return the best windows of sequences, as windows of the sequences themselves.

    With averaged strands there are two: the best windows of the sequences and those of their reverse complements.
    """
    reading, bank = reading_of(model), side_by_side([model.parameters])
    strands = [reading.windows(codes, bank)]
    if model.use.average_strands:
        strands.append(reading.windows(reverse_complement(codes), bank).turned(codes.shape[1] - bank.width))
    return strands


def summed(model: Model, codes: np.ndarray, strands: list[Windows], task: int = 0) -> Contributions:
    """Return the summands of a task's logits from the best windows; see `readings`."""
    activations = mean_activations(strands)
    weights = np.asarray(model.parameters.weights, np.float64)[:, task]
    background = reading_of(model).backgrounds(codes, model.parameters)
    own = np.zeros(len(codes)) if background is None else background[:, task]
    return Contributions(activations * weights, own, float(model.parameters.intercept[task]))


def mean_activations(strands: list[Windows]) -> np.ndarray:
    """Return the activations of kernels, float64 (n, kernels), of averaged strands their mean."""
    return np.asarray(np.mean([windows.activations for windows in strands], axis=0, dtype=np.float64))
