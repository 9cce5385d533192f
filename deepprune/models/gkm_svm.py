"""gkm-SVMs, by the package gkmsvm-lite."""

from typing import Any, NamedTuple

import numpy as np

from deepprune.dna.codes import N_CODE, one_hot
from deepprune.errors import InputError
from deepprune.jit import set_threads
from deepprune.jit import threads as cores
from deepprune.models.conv_settings import GkmSettings

# pyproject.toml's extra `gkm`
PACKAGE = "gkmsvm-lite==0.1.0"
BATCH = 1000  # sequences that are scored at once


class Machine(NamedTuple):
    """A trained machine.

    support: codes of its support vectors, uint8 (n, length).  weights: theirs, float32 (n,), positive for positives.
    intercept: float64 ().
    """

    support: np.ndarray
    weights: np.ndarray
    intercept: np.ndarray


def check_machine(name: str, settings: GkmSettings, length: int, tasks: int) -> None:
    """Raise InputError if the data set has several tasks or short sequences, or if the package is missing."""
    if tasks > 1:
        raise InputError(
            f"network {name} is a gkm-SVM, which has one task, but the data set has {tasks}; leave it out for this "
            "data set"
        )
    if settings.word > length:
        raise InputError(
            f"network {name}: its words have {settings.word} letters, but the sequences {length}; shorten the words or "
            "lengthen the sequences"
        )
    _package(name)


def train_machine(settings: GkmSettings, positives: np.ndarray, negatives: np.ndarray, threads: int = 1) -> Machine:
    """Return the machine with LS-GKM's default kernel (estimated l-mers, truncated filter) and C = 1.

    positives, negatives: codes, uint8 (n, length); N counts as A. Outcomes do not depend on the threads.
    """
    package = _package("gkm-SVM", threads)
    trained = package.train_gkmsvm(
        _letters(positives),
        _letters(negatives),
        l=settings.word,
        k=settings.informative,
        d=settings.mismatches,
        solver="libsvm",
        device="cpu",
    )
    support = trained.support_sequences.argmax(axis=1).astype(np.uint8)
    return Machine(support, np.asarray(trained.coefficients, np.float32), np.array(trained.bias, np.float64))


def machine_scores(settings: GkmSettings, machine: Machine, codes: np.ndarray, threads: int = 1) -> np.ndarray:
    """Return the scores of sequences, float64 (n,): above 0 on the side of the positives."""
    package = _package("gkm-SVM", threads)
    kernel = {"L": settings.word, "k": settings.informative, "d": settings.mismatches, "include_rc": True}
    trained = package.GkmSVM(
        _letters(machine.support), machine.weights, float(machine.intercept), "gkm_esttrunc", kernel
    )
    scores = np.empty(len(codes))
    for first in range(0, len(codes), BATCH):
        batch = codes[first : first + BATCH]
        scores[first : first + len(batch)] = np.asarray(trained(_letters(batch))).ravel()
    return scores


def _letters(codes: np.ndarray) -> np.ndarray:
    """Return sequences as the package takes them, float32 (n, 4, length)."""
    known = np.where(codes == N_CODE, 0, codes).astype(np.uint8)
    return np.ascontiguousarray(one_hot(known).transpose(0, 2, 1))


def _package(name: str, threads: int = 1) -> Any:
    """Return the package, which works on so many threads; InputError if it is not installed."""
    try:
        import gkmsvm
    except ImportError:
        raise InputError(
            f"network {name} is a gkm-SVM, which needs a further package; install {PACKAGE} into the environment "
            "(docs/networks.md), or leave this network out"
        ) from None
    set_threads(min(threads, cores))
    return gkmsvm
