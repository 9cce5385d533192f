"""Data sets that a small network learns in seconds: each positive holds a fixed word. Networks that detect words."""

from collections.abc import Sequence

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.dna.codes import to_codes
from deepprune.models.parameters import Parameters

WORDS = "TGACTCA", "GGCGCC", "AACCTT"


def planted(sequences: int = 600, length: int = 40, word: str = "TGACTCA", seed: int = 0) -> Dataset:
    """Half of the sequences hold the word; a quarter each are for validation and test."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (sequences, length)).astype(np.uint8)
    labels = (np.arange(sequences) % 2).astype(np.uint8)
    for row in np.flatnonzero(labels):
        plant(codes[row], word, rng)
    split = rng.choice([TRAIN, TRAIN, VALIDATION, TEST], sequences).astype(np.uint8)
    return Dataset(codes, labels[:, None], split)


def composed(sequences: int = 1200, length: int = 40, word: str = "", seed: int = 0) -> Dataset:
    """Half of the sequences hold more C and G, and 70 % of these the word, if one is given."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(sequences) % 2).astype(np.uint8)
    strong = rng.random((sequences, length)) < np.where(labels, 0.55, 0.45)[:, None]
    codes = np.where(strong, rng.integers(1, 3, strong.shape), rng.choice([0, 3], strong.shape)).astype(np.uint8)
    for row in np.flatnonzero(labels & (rng.random(sequences) < 0.7)) if word else []:
        plant(codes[row], word, rng)
    split = rng.choice([TRAIN, TRAIN, VALIDATION, TEST], sequences).astype(np.uint8)
    return Dataset(codes, labels[:, None], split)


def planted_tasks(sequences: int = 600, length: int = 40, words: Sequence[str] = WORDS, seed: int = 0) -> Dataset:
    """Return sequences with a task for each word, which a random half of them holds; parts as in `planted`."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (sequences, length)).astype(np.uint8)
    labels = rng.integers(0, 2, (sequences, len(words))).astype(np.uint8)
    for row, task in np.argwhere(labels):
        plant(codes[row], words[task], rng)
    split = rng.choice([TRAIN, TRAIN, VALIDATION, TEST], sequences).astype(np.uint8)
    return of_tasks(codes, labels, split)


def of_tasks(codes: np.ndarray, labels: np.ndarray, split: np.ndarray) -> Dataset:
    """Return a data set of several tasks, named by number."""
    return Dataset(codes, labels, split, tuple(f"task{number}" for number in range(labels.shape[1])))


def plant(codes: np.ndarray, word: str, rng: np.random.Generator) -> None:
    """Write the word into a sequence, anywhere."""
    start = rng.integers(0, len(codes) - len(word))
    codes[start : start + len(word)] = to_codes([word])[0]


def halved(codes: np.ndarray) -> Dataset:
    """Return sequences, the first half of them positives, for training, for validation and, once more, for test."""
    labels = (np.arange(len(codes)) < len(codes) / 2).astype(np.uint8)[:, None]
    split = np.repeat(np.array([TRAIN, VALIDATION, TEST], np.uint8), len(codes))
    return Dataset(np.tile(codes, (3, 1)), np.tile(labels, (3, 1)), split)


def detector(words: Sequence[str], weights: Sequence[float]) -> Parameters:
    """Return a network whose kernels fire by 1 at their word and at nothing else; words: of one length."""
    kernels = np.eye(4, dtype=np.float32)[to_codes(words)]
    bias = np.full(len(words), 1 - kernels.shape[1], np.float32)
    return Parameters(kernels, bias, np.array(weights, np.float32)[:, None], np.zeros(1, np.float32))
