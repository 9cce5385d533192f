"""Which windows of sequences activate which kernels: the convolution once more, in numba, for reading kernels."""

import numpy as np

from deepprune.dna.codes import N_CODE
from deepprune.jit import njit
from deepprune.models.parameters import CLIP, LEAK

Windows = tuple[np.ndarray, np.ndarray]  # of each sequence and kernel, (n, kernels): activation float32, start int32

PIECE = 3
LETTERS = N_CODE + 1  # A C G T N


def best_windows(
    codes: np.ndarray, kernels: np.ndarray, bias: np.ndarray, padding: str = "valid", activation: str = "relu"
) -> Windows:
    """Largest activation of each kernel in each sequence and where its window begins (the first where several tie).

    codes: uint8, shape (n, length), 0-3 for A C G T and 4 for N.  kernels: (kernels, width, 4).  bias: (kernels,).
    padding, activation: the network's, as in config's `model`.
    Returns float32 (n, kernels), and int32 of the same shape: with padding `same`, windows may begin before the
    sequence or end after it. N scores zero.
    """
    width = kernels.shape[1]
    before = after = 0
    if padding == "same":
        before, after = (width - 1) // 2, width - 1 - (width - 1) // 2
    elif codes.shape[1] < width:
        raise ValueError(f"a kernel of length {width} does not fit into sequences of length {codes.shape[1]}")
    padded = np.pad(codes, ((0, 0), (before, after)), constant_values=N_CODE)
    score, position = _scan(_words(padded, width), _tables(kernels), padded.shape[1] - width + 1)
    score += _single(bias)
    active = np.maximum(score, np.float32(0))
    if activation != "relu":
        active = np.minimum(np.where(score > 0, score, np.float32(LEAK) * score), np.float32(CLIP))
    return active, position - np.int32(before)


def cuts(activation: np.ndarray, share: float) -> np.ndarray:
    """What a site's activation has to exceed: a share of each kernel's largest, float32 (kernels,), never below 0."""
    return (share * activation.max(axis=0, initial=0)).astype(np.float32)


def is_site(activation: np.ndarray, position: np.ndarray, cut: np.ndarray, last: int) -> np.ndarray:
    """Which best windows are sites: active enough and not cut off by an end of the sequence; bool (n, kernels).

    last: where the last whole window begins.
    """
    return (activation > cut) & (position >= 0) & (position <= last)


def count_best(codes: np.ndarray, position: np.ndarray, site: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Letters at each position of the best windows that are sites, int64 (kernels, width, 5), and the sites' number."""
    counts = np.zeros((site.shape[1], width, LETTERS), np.int64)
    _count_best(codes, position, site, counts)
    return counts, site.sum(axis=0)


def count_every(
    codes: np.ndarray, kernels: np.ndarray, bias: np.ndarray, cut: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same of all windows within the sequences whose activation exceeds the cut."""
    counts = np.zeros((*kernels.shape[:2], LETTERS), np.int64)
    sites = np.zeros(len(kernels), np.int64)
    if codes.shape[1] >= kernels.shape[1]:
        _count_every(_words(codes, kernels.shape[1]), codes, _tables(kernels), _single(bias), cut, counts, sites)
    return counts, sites


def _single(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)


def _tables(kernels: np.ndarray) -> np.ndarray:
    """Scores of all words of three letters for each piece of the kernels, float32 (pieces, words, kernels).

    A window's score is then a sum of a few look-ups, for all kernels at once; see scan.py, which trains this way.
    """
    count, width, _ = kernels.shape
    pieces = -(-width // PIECE)
    padded = np.zeros((pieces * PIECE, LETTERS, count), np.float32)
    padded[:width, :4] = _single(kernels).transpose(1, 2, 0)
    first, second, third = padded.reshape(pieces, PIECE, LETTERS, count).swapaxes(0, 1)
    tables = (first[:, :, None, :] + second[:, None, :, :])[:, :, :, None, :] + third[:, None, None, :, :]
    return np.ascontiguousarray(tables.reshape(pieces, LETTERS**PIECE, count))


def _words(codes: np.ndarray, width: int) -> np.ndarray:
    """The word that begins at each position, uint8 (n, positions); N beyond the end, where kernels have no weights."""
    padded = np.pad(codes, ((0, 0), (0, -width % PIECE)), constant_values=N_CODE)
    return (padded[:, :-2] * LETTERS + padded[:, 1:-1]) * LETTERS + padded[:, 2:]


@njit(cache=True)
def _add_scores(words: np.ndarray, row: int, window: int, tables: np.ndarray, scores: np.ndarray) -> None:
    """Scores of one window with all kernels. Plain indices: making a view takes as long as the additions."""
    word = words[row, window]
    for kernel in range(len(scores)):
        scores[kernel] = tables[0, word, kernel]
    for piece in range(1, len(tables)):
        word = words[row, window + piece * PIECE]
        for kernel in range(len(scores)):
            scores[kernel] += tables[piece, word, kernel]


@njit(cache=True)
def _scan(words: np.ndarray, tables: np.ndarray, windows: int) -> tuple[np.ndarray, np.ndarray]:
    """Best score and its first window, float32 and int32 (n, kernels)."""
    shape = (len(words), tables.shape[2])
    best = np.full(shape, -np.inf, np.float32)
    position = np.zeros(shape, np.int32)
    scores = np.empty(shape[1], np.float32)
    for row in range(shape[0]):
        for window in range(windows):
            _add_scores(words, row, window, tables, scores)
            for kernel in range(shape[1]):
                larger = scores[kernel] > best[row, kernel]
                position[row, kernel] = window if larger else position[row, kernel]
                best[row, kernel] = scores[kernel] if larger else best[row, kernel]
    return best, position


@njit(cache=True)
def _count_best(codes: np.ndarray, position: np.ndarray, site: np.ndarray, counts: np.ndarray) -> None:
    for row in range(len(codes)):
        for kernel in range(len(counts)):
            if site[row, kernel]:
                for base in range(counts.shape[1]):
                    counts[kernel, base, codes[row, position[row, kernel] + base]] += 1


@njit(cache=True)
def _count_every(
    words: np.ndarray,
    codes: np.ndarray,
    tables: np.ndarray,
    bias: np.ndarray,
    cut: np.ndarray,
    counts: np.ndarray,
    sites: np.ndarray,
) -> None:
    """Add up the bases of all windows whose activation exceeds the kernel's cut."""
    width = counts.shape[1]
    scores = np.empty(len(cut), np.float32)
    for row in range(len(codes)):
        for window in range(codes.shape[1] - width + 1):
            _add_scores(words, row, window, tables, scores)
            for kernel in range(len(cut)):
                if scores[kernel] + bias[kernel] > cut[kernel]:
                    sites[kernel] += 1
                    for base in range(width):
                        counts[kernel, base, codes[row, window + base]] += 1
