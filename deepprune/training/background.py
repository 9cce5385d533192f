"""The background alone: penalized logistic regression on the counts of words."""

import time
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from deepprune.dna.words import Words
from deepprune.evaluation.metrics import cross_entropy
from deepprune.models.background import Standard, counted, standard_of
from deepprune.training.sequences import Part

# Tried from strong to weak, each from the solution of the one before; the search ends when the validation loss rises.
PENALTIES = tuple(float(10 ** (-exponent / 2)) for exponent in range(2, 13))
# Words that are counted to choose the penalty and to start the networks; more take more memory than they are worth.
# 250,000 sequences of 101 bp have as many words of 5 letters.
POSITIONS = 25_000_000
ITERATIONS = 200


class Background(NamedTuple):
    """A fitted background.

    weights: float32 (words, tasks), of counts.  intercept: float32 (tasks,).
    """

    standard: Standard
    weights: np.ndarray
    intercept: np.ndarray
    validation_loss: float
    seconds: float


def fit_background(words: Words, training: Part, validation: Part) -> Background:
    """Fit a background by the cross-entropy and a penalty of the standardized weights, chosen on validation sequences.

    The solution at each penalty is unique: the problem is convex. Words that never vary keep a weight of zero. Of large
    sets, sequences drawn at random are fitted, with at most POSITIONS words.
    """
    began = time.perf_counter()
    rows, others = _some(training, words), _some(validation, words)
    counts, held_out = counted(words, training[rows]), counted(words, validation[others])
    mean = np.asarray(counts.mean(axis=0)).ravel()
    spread = np.sqrt(np.maximum(0, np.asarray(counts.multiply(counts).mean(axis=0)).ravel() - mean**2))
    spread *= counts.max(axis=0).toarray()[0] > counts.min(axis=0).toarray()[0]  # rounding is no variation
    best: Background | None = None
    unit = np.zeros((words.number + 1, training.labels.shape[1]))
    for penalty in PENALTIES:
        standard = standard_of(mean, spread, penalty)
        tasks = zip(training.labels[rows].T, unit.T, strict=True)
        unit = np.column_stack([_solved(counts, labels, standard, start) for labels, start in tasks])
        weights, intercept = standard.unpack(unit[:-1], unit[-1])
        loss = float(cross_entropy(validation.labels[others], held_out @ weights + intercept))
        if best and loss > best.validation_loss:
            break
        best = Background(standard, weights.astype(np.float32), intercept.astype(np.float32), loss, 0.0)
    assert best
    return best._replace(seconds=time.perf_counter() - began)


def _some(part: Part, words: Words) -> np.ndarray:
    """Return the places of the sequences whose words are counted, ascending."""
    most = POSITIONS // max(1, (words.gap + 1) * part.length)
    return np.sort(np.random.default_rng(0).permutation(len(part))[:most])


def _solved(counts: csr_matrix, labels: np.ndarray, standard: Standard, start: np.ndarray) -> np.ndarray:
    """Return the weights of standardized counts and, last, their intercept: float64 (words + 1,)."""
    scale, mean = standard.scale.astype(float), standard.mean.astype(float)

    def loss(unit: np.ndarray) -> tuple[float, np.ndarray]:
        of_counts = unit[:-1] * scale
        logits = counts @ of_counts + (unit[-1] - mean @ of_counts)
        residual = (1 / (1 + np.exp(-logits)) - labels) / len(labels)
        value = float(cross_entropy(labels[:, None], logits[:, None])) + standard.penalty / 2 * unit[:-1] @ unit[:-1]
        total = residual.sum()
        gradient = scale * (residual @ counts - total * mean) + standard.penalty * unit[:-1]
        return value, np.append(gradient, total)

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS}).x)
