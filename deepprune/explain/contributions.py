"""The logit of a sequence as a sum: what each kernel and the background contribute."""

from typing import NamedTuple

import numpy as np

from deepprune.dna.codes import reverse_complement
from deepprune.models.model_file import Model
from deepprune.motifs.kernels import Reading
from deepprune.motifs.windows import side_by_side


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
        return 0.5 * (1 + np.tanh(0.5 * self.logits))  # a sigmoid that does not overflow


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


def contributions(model: Model, codes: np.ndarray, task: int = 0) -> Contributions:
    """Return the summands of a task's logits; codes: uint8 (n, length), not shorter than a kernel."""
    reading, bank = reading_of(model), side_by_side([model.parameters])
    strands = [codes, reverse_complement(codes)] if model.use.average_strands else [codes]
    activations = np.mean([reading.windows(strand, bank).activations for strand in strands], axis=0, dtype=np.float64)
    weights = np.asarray(model.parameters.weights, np.float64)[:, task]
    background = reading.backgrounds(codes, model.parameters)
    own = np.zeros(len(codes)) if background is None else background[:, task]
    return Contributions(activations * weights, own, float(model.parameters.intercept[task]))
