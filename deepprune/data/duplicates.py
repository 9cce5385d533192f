"""Sequences that a data set holds more than once."""

import hashlib

import numpy as np
import pandas as pd

from deepprune.data.dataset import Dataset
from deepprune.data.skipped import DUPLICATE, IN_TRAINING, skipped_origins


def drop_duplicates(dataset: Dataset) -> tuple[Dataset, pd.DataFrame]:
    """Return the first sequence of each group with equal bases and labels, and the others as skipped rows."""
    first: dict[bytes, int] = {}
    for row, (codes, labels) in enumerate(zip(dataset.codes, dataset.labels, strict=True)):
        first.setdefault(hashlib.blake2b(labels.tobytes() + codes.tobytes(), digest_size=16).digest(), row)
    kept = np.zeros(len(dataset.codes), bool)
    kept[list(first.values())] = True
    skipped = skipped_origins(dataset.origins.take(~kept), DUPLICATE)
    return dataset if kept.all() else dataset.take(kept), skipped


def drop_known(test: Dataset, training: Dataset) -> tuple[Dataset, pd.DataFrame]:
    """Return the test sequences that training does not hold in either class, each once, and the others as skipped rows.

    Windows of equal bases are equal; the reverse complement is another sequence.
    """
    known = set(map(np.ndarray.tobytes, training.codes))
    seen = np.array([codes.tobytes() in known for codes in test.codes], bool)
    fresh, doubles = drop_duplicates(test.take(~seen))
    return fresh, pd.concat([skipped_origins(test.origins.take(seen), IN_TRAINING), doubles], ignore_index=True)
