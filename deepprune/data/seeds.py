"""The random choices of data preparation.

They depend on the seed, the purpose and the content, never on a name.
"""

from collections.abc import Iterable

import numpy as np

from deepprune.dna.codes import record_keys


def stable_seed(seed: int, purpose: str, *content: bytes) -> int:
    """Return a 64-bit seed for one purpose and content, the same in every run and on every machine."""
    return int(record_keys([f"{seed}:{purpose}:".encode() + b"".join(content)])[0])


def sequence_keys(sequences: Iterable[np.ndarray], seed: int, purpose: str) -> np.ndarray:
    """Return a random number for each sequence, equal for equal ones: uint64 (n,); sequences: codes."""
    prefix = f"{seed}:{purpose}:".encode()
    return record_keys(prefix + codes.tobytes() for codes in sequences)


def sequence_ranks(codes: np.ndarray, rows: np.ndarray, seed: int, purpose: str) -> np.ndarray:
    """Return the rows in a random order in which the rank of a sequence does not depend on the others.

    codes: uint8 (n, length).  rows: indices.
    """
    keys = sequence_keys((codes[row] for row in rows), seed, purpose)
    return rows[np.argsort(keys, kind="stable")]
