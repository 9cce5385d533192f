"""DNA as arrays of codes.

Conversion from and to text, one-hot, reverse complement, k-mer counts, keys.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

import numpy as np

from deepprune.errors import InputError

BASES = "ACGT"
N_CODE = 4
NUCLEOTIDES = BASES + "N"
AMBIGUITY = "RYSWKMBDHV"  # IUPAC; each becomes N

FOREIGN = re.compile(f"[^{NUCLEOTIDES}{AMBIGUITY}]", re.IGNORECASE | re.ASCII)
UNKNOWN = 255
CODE_OF = np.full(256, UNKNOWN, np.uint8)
for letters, offset in ((BASES, 0), ("N", N_CODE)):
    for shift, letter in enumerate(letters):
        CODE_OF[[ord(letter), ord(letter.lower())]] = offset + shift
CODE_OF[[ord(letter) for letter in AMBIGUITY + AMBIGUITY.lower()]] = N_CODE


def foreign_letter(text: str) -> str | None:
    """Return the first character that is neither a base nor an IUPAC ambiguity letter; None if there is none."""
    found = FOREIGN.search(text)
    return found.group() if found else None


def to_codes(sequences: Sequence[str]) -> np.ndarray:
    """Return the codes of sequences of one length: uint8, shape (n, length), 0-3 for A C G T, 4 for N, any case.

    Ambiguity letters become N. InputError names a character that is no nucleotide (U included), and its sequence,
    counted from 0.
    """
    length = len(sequences[0]) if sequences else 0
    if any(len(sequence) != length for sequence in sequences):
        raise ValueError("sequences differ in length")
    text = "".join(sequences).encode(
        "latin-1", "replace"
    )  # a letter outside latin-1 becomes "?", which is no nucleotide either
    codes = CODE_OF[np.frombuffer(text, np.uint8)].reshape(len(sequences), length)
    if (codes == UNKNOWN).any():
        row = int((codes == UNKNOWN).any(axis=1).argmax())
        raise InputError(
            f"sequence {row} holds {foreign_letter(sequences[row])!r}, which is no DNA letter; "
            f"use {NUCLEOTIDES} or IUPAC's {AMBIGUITY}"
        )
    return codes


def to_text(codes: np.ndarray) -> list[str]:
    """Return the sequences of codes of shape (n, length) as text."""
    length = codes.shape[1]
    text = np.frombuffer(NUCLEOTIDES.encode(), np.uint8)[codes].tobytes().decode()
    return [text[i * length : (i + 1) * length] for i in range(len(codes))]


def one_hot(codes: np.ndarray) -> np.ndarray:
    """Return float32, shape (n, length, 4); N is a row of zeros."""
    return np.eye(len(NUCLEOTIDES), len(BASES), dtype=np.float32)[codes]


def reverse_complement(codes: np.ndarray) -> np.ndarray:
    """Return the codes of the reverse complements."""
    return np.array([3, 2, 1, 0, N_CODE], np.uint8)[codes[..., ::-1]]


def gc_counts(codes: np.ndarray) -> np.ndarray:
    """Count the bases G and C of each sequence: int64, shape (n,)."""
    return np.asarray(((codes == 1) | (codes == 2)).sum(axis=1))


def kmer_counts(codes: np.ndarray, k: int) -> np.ndarray:
    """Count the k-mers of each sequence, without those that hold N: int64, shape (n, 4**k), in alphabetical order."""
    count, length = codes.shape
    kinds = len(BASES) ** k
    windows = max(length - k + 1, 0)
    index = np.zeros((count, windows), np.int64)
    clean = np.ones((count, windows), bool)
    for shift in range(k):
        letter = codes[:, shift : shift + windows]
        index = index * len(BASES) + letter
        clean &= letter != N_CODE
    index += np.arange(count)[:, None] * kinds
    return np.bincount(index[clean], minlength=count * kinds).reshape(count, kinds)


def record_keys(records: Iterable[bytes]) -> np.ndarray:
    """Return a 64-bit key for each record (its name or its sequence), the same in every run and on every machine."""
    digests = b"".join(hashlib.blake2b(record, digest_size=8).digest() for record in records)
    return np.frombuffer(digests, "<u8").astype(np.uint64)
