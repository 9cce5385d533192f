"""Which kernels stay when a network is pruned."""

import numpy as np

from deepprune.models.parameters import Parameters, Pruned
from deepprune.training.trainer import Trainer

# Sequences that `loss` looks at, and how often it looks again on the way to half the kernels.
SEQUENCES = 10_000
STEPS = 8
# Curvature added to that of each standardized activation: what few sequences say of many kernels is no certainty.
DAMPING = 0.1
CHUNK = 4096


def prune(criterion: str, parameters: Parameters, trainer: Trainer, count: int) -> Pruned:
    """Keep this many kernels of a network: the most important, or those without which the loss would be worst."""
    if criterion == "loss":
        return prune_by_loss(parameters, trainer, count)
    kept = best_kernels(importance(criterion, parameters, trainer), count)
    return Pruned(parameters.keep(kept), kept)


def importance(criterion: str, parameters: Parameters, trainer: Trainer) -> np.ndarray:
    """How much each kernel matters, float (kernels,); paper's Methods, three criteria.

    weight: |w_k|. score: |mean of u_k over the positives - mean over the negatives| of the training set.
    score_weight: their product.
    """
    weight = np.abs(np.asarray(parameters.weights, np.float64))
    if criterion == "weight":
        return weight
    sums = np.zeros((2, len(weight)))
    for first in range(0, len(trainer.codes), CHUNK):
        rows = slice(first, first + CHUNK)
        pooled = trainer.activations(parameters, trainer.codes[rows])
        for label in (0, 1):
            sums[label] += pooled[trainer.labels[rows] == label].sum(axis=0, dtype=np.float64)
    negative, positive = sums / np.bincount(trainer.labels, minlength=2)[:, None]
    score = np.abs(positive - negative)
    return {"score": score, "score_weight": score * weight}[criterion]


def best_kernels(importance: np.ndarray, count: int) -> np.ndarray:
    """Indices of the most important kernels, ascending; of equals the first stay, so that the count is exact."""
    return np.sort(np.argsort(-importance, kind="stable")[:count])


def prune_by_loss(parameters: Parameters, trainer: Trainer, count: int) -> Pruned:
    """Drop the kernels without which the training loss rises least, given that the dense weights make up for them.

    Optimal brain surgeon (Hassibi and Stork 1993) on the dense unit, whose inputs, the activations, stay as they are:
    with the curvature H of the loss, leaving out weight k costs w_k^2 / 2(H^-1)_kk when all others move to where the
    loss is then lowest. Kernels that do the same work are thus told from kernels that work together.
    """
    rows = _some(len(trainer.codes))
    pooled = trainer.activations(parameters, trainer.codes[rows]).astype(np.float64)
    mean, spread = pooled.mean(axis=0), pooled.std(axis=0)
    spread[spread == 0] = 1.0  # dead: its weight moves nothing
    inputs = np.column_stack([(pooled - mean) / spread, np.ones(len(rows))])
    weights = np.asarray(parameters.weights, np.float64)
    unit = np.append(weights * spread, float(parameters.intercept) + mean @ weights)
    left = np.arange(len(weights))
    while len(left) > count:
        columns = np.append(left, len(weights))
        few = min(len(left) - count, max(1, len(left) // STEPS))
        unit[columns], alive = _leave_out(inputs[:, columns], unit[columns], few)
        left = left[alive]
    weights = unit[left] / spread[left]
    intercept = unit[-1] - mean[left] @ weights
    kept = parameters.keep(left)
    return Pruned(kept._replace(weights=weights.astype(np.float32), intercept=np.float32(intercept)), left)


def _some(count: int) -> np.ndarray:
    """SEQUENCES of the training set's rows at most, ascending: the same for each seed."""
    return np.sort(np.random.default_rng(0).permutation(count)[:SEQUENCES])


def _leave_out(inputs: np.ndarray, unit: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Leave this many weights of a dense unit out, one after the other, and move the others: the unit, who is left.

    inputs: (sequences, weights), standardized; the last weight is the intercept. The curvature is that at the start:
    call again after a few.
    """
    unit = unit.copy()
    probability = 1 / (1 + np.exp(-(inputs @ unit)))
    curvature = (inputs * (probability * (1 - probability))[:, None]).T @ inputs / len(inputs)
    places = np.arange(len(unit) - 1)
    curvature[places, places] += DAMPING
    inverse = np.linalg.inv(curvature)
    alive = np.ones(len(places), bool)
    for _ in range(count):
        costs = np.where(alive, unit[:-1] ** 2 / np.where(alive, 2 * np.diag(inverse)[:-1], 1), np.inf)
        drop = int(np.argmin(costs))
        column = inverse[:, drop].copy()
        unit -= unit[drop] / column[drop] * column
        inverse -= np.outer(column, column) / column[drop]
        alive[drop] = False
        unit[:-1][~alive] = 0
    return unit, alive
