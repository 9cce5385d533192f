"""A data set that a small network learns in seconds: a fixed word in each positive."""

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.dna.codes import to_codes


def planted(sequences: int = 600, length: int = 40, word: str = "TGACTCA", seed: int = 0) -> Dataset:
    """Half of the sequences hold the word; a quarter each are for validation and test."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (sequences, length)).astype(np.uint8)
    labels = (np.arange(sequences) % 2).astype(np.uint8)
    for row in np.flatnonzero(labels):
        start = rng.integers(0, length - len(word))
        codes[row, start : start + len(word)] = to_codes([word])[0]
    split = rng.choice([TRAIN, TRAIN, VALIDATION, TEST], sequences).astype(np.uint8)
    return Dataset(codes, labels[:, None], split)
