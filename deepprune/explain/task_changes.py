"""The effect of variants on the logits of all tasks of a model."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from deepprune.explain.logits import Predictor, batch_size, text_logits
from deepprune.explain.variants import SCORED, Alleles
from deepprune.models.layers_file import AnyModel, LayersModel


class TaskChanges(NamedTuple):
    """The logits of both alleles, float64 (variants, tasks); NaN for a variant that is not scored."""

    ref: np.ndarray
    alt: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """The changes of the logits by the alternative allele."""
        return self.alt - self.ref


def batched(model: AnyModel, found: Alleles) -> Iterator[Alleles]:
    """Yield variants in their order, so many at once as a model takes with both alleles."""
    if not isinstance(model, LayersModel):
        yield found
    else:
        yield from found.parts(max(1, batch_size(model, model.window) // 2))


def task_changes(predict: Predictor, tasks: int, found: Alleles) -> TaskChanges:
    """Return the logits of both alleles of variants; predict: of the model that strand_averaged gives."""
    logits = np.full((2, len(found.status), tasks), np.nan)
    scored = [row for row, status in enumerate(found.status) if status == SCORED]
    if scored:
        texts = [windows[row] for windows in (found.ref, found.alt) for row in scored]
        logits[:, scored] = text_logits(predict, texts, tasks, len(texts)).reshape(2, len(scored), tasks)
    return TaskChanges(*logits)
