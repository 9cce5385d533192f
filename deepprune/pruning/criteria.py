"""Pruning criteria: which kernels stay."""

from typing import NamedTuple

import numpy as np

from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters, Pruned
from deepprune.pruning.distinct import READABLE, alike, distinct_kernels, duplicates
from deepprune.training.trainer import Trainer

# Sequences that `loss` uses, and how often it recomputes the curvature while it removes half of the kernels
SEQUENCES = 10_000
STEPS = 8
# Ridge added to the curvature of each standardized activation: few sequences determine many kernels only poorly.
DAMPING = 0.1
# Added to the curvature of the background's logit, which is zero if all sequences have the same words.
FLOOR = 1e-6
CHUNK = 4096


class Subject(NamedTuple):
    """A network of one task to be pruned, and the trainer that holds its training sequences."""

    network: FewKernel
    parameters: Parameters
    trainer: Trainer

    def activations(self, rows: np.ndarray | slice) -> np.ndarray:
        """Return the activations u_k on some training sequences, float32 (rows, kernels)."""
        return self.network.activations(self.features(rows))

    def features(self, rows: np.ndarray | slice) -> np.ndarray:
        """Return the features on some training sequences: the background's logit, if any, and activations."""
        return self.trainer.features(self.network, self.parameters, self.trainer.training[rows])

    @property
    def labels(self) -> np.ndarray:
        """The labels of the training sequences, uint8 (sequences,)."""
        return self.trainer.training.labels[:, 0]


def prune(criterion: str, subject: Subject, count: int, distinct: bool = False) -> Pruned:
    """Keep this many kernels of a network: the most important ones or, by loss, those whose removal costs most.

    distinct: of kernels that read one motif, all but one leave first, once the network has at most READABLE kernels.
    """
    kernels = len(subject.parameters.weights)
    same = np.eye(kernels, dtype=bool)
    if distinct and kernels <= READABLE:
        same = alike(subject.network, subject.parameters, subject.trainer.training)
    if criterion == "loss":
        return prune_by_loss(subject, count, same)
    kept = distinct_kernels(importance(criterion, subject), same, count)
    return Pruned(subject.parameters.keep(kept), kept)


def importance(criterion: str, subject: Subject) -> np.ndarray:
    """Return the importance of each kernel, float (kernels,).

    weight: |w_k|. score: |mean of u_k over the positives - mean over the negatives| of the training set. score_weight:
    their product.
    """
    weight = np.abs(np.asarray(subject.parameters.weights[:, 0], np.float64))
    if criterion == "weight":
        return weight
    labels, sums = subject.labels, np.zeros((2, len(weight)))
    for first in range(0, len(labels), CHUNK):
        rows = slice(first, first + CHUNK)
        pooled = subject.activations(rows)
        for label in (0, 1):
            sums[label] += pooled[labels[rows] == label].sum(axis=0, dtype=np.float64)
    negative, positive = sums / np.bincount(labels, minlength=2)[:, None]
    score = np.abs(positive - negative)
    return {"score": score, "score_weight": score * weight}[criterion]


def prune_by_loss(subject: Subject, count: int, alike: np.ndarray) -> Pruned:
    """Remove the kernels whose removal raises the training loss least, with all other output weights readjusted.

    Optimal brain surgeon (Hassibi & Stork 1993) on the output layer; its inputs, the activations, stay fixed. With the
    curvature H of the loss, removing weight k costs w_k^2 / 2(H^-1)_kk when all others move to the new minimum of the
    loss. This distinguishes redundant kernels from kernels that work together.
    alike: bool (kernels, kernels), which kernels read one motif; those like a more costly one leave first.
    """
    parameters, rows = subject.parameters, _some(len(subject.labels))
    features = subject.features(rows).astype(np.float64)
    kernels, pooled = len(parameters.weights), subject.network.activations(features)
    # The background's logit stays: it can grow or shrink as a whole, which the costs of the kernels allow for.
    columns = np.column_stack([pooled, features[:, : features.shape[1] - kernels]])
    weights = np.ones(columns.shape[1])
    weights[:kernels] = parameters.weights[:, 0]
    mean, spread = columns.mean(axis=0), columns.std(axis=0)
    spread[spread == 0] = 1.0  # a dead kernel: its weight has no effect
    inputs = np.column_stack([(columns - mean) / spread, np.ones(len(rows))])
    unit = np.append(weights * spread, float(parameters.intercept[0]) + mean @ weights)
    left, others = np.arange(kernels), np.arange(kernels, len(unit))
    while len(left) > count:
        few = min(len(left) - count, max(1, len(left) // STEPS))
        places = np.append(left, others)
        unit[places], alive = _leave_out(inputs[:, places], unit[places], alike[np.ix_(left, left)], few)
        left = left[alive]
    kept = np.append(left, others[:-1])
    moved = unit[kept] / spread[kept]
    own = parameters.keep(left)._replace(
        weights=moved[: len(left), None].astype(np.float32),
        intercept=np.array([unit[-1] - mean[kept] @ moved], np.float32),
    )
    if len(moved) == len(left):
        return Pruned(own, left)
    share = np.float32(moved[-1])
    return Pruned(own._replace(background=share * own.background), left, float(share))


def _some(count: int) -> np.ndarray:
    """Return at most SEQUENCES rows of the training set, ascending, the same for each seed."""
    return np.sort(np.random.default_rng(0).permutation(count)[:SEQUENCES])


def _leave_out(inputs: np.ndarray, unit: np.ndarray, alike: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Remove this many weights of an output layer one by one and move the others; return all weights and what is left.

    inputs: (sequences, weights), standardized; only the first weights, those of kernels, can be removed, and the last
    is the intercept.  alike: bool (kernels, kernels). The curvature is that at the start: call again after a few
    removals.
    """
    unit, kernels = unit.copy(), len(alike)
    probability = 1 / (1 + np.exp(-(inputs @ unit)))
    curvature = (inputs * (probability * (1 - probability))[:, None]).T @ inputs / len(inputs)
    places = np.arange(kernels)
    curvature[places, places] += DAMPING
    curvature[kernels:-1, kernels:-1] += FLOOR
    inverse = np.linalg.inv(curvature)
    alive = np.ones(kernels, bool)
    for _ in range(count):
        costs = np.where(alive, unit[:kernels] ** 2 / np.where(alive, 2 * np.diag(inverse)[:kernels], 1), -np.inf)
        doubled = duplicates(costs, alike)
        drop = int(np.argmin(np.where(doubled if doubled.any() else alive, costs, np.inf)))
        column = inverse[:, drop].copy()
        unit -= unit[drop] / column[drop] * column
        inverse -= np.outer(column, column) / column[drop]
        alive[drop] = False
        unit[:kernels][~alive] = 0
    return unit, alive
