"""The windows of sequences that activate kernels.

The convolution in numba, for reading kernels without TensorFlow.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from deepprune.dna.codes import N_CODE, reverse_complement
from deepprune.jit import njit
from deepprune.models.parameters import CLIP, LEAK, Parameters, padding_sizes

PIECE = 3
SYMBOLS = N_CODE + 1  # A C G T N


class KernelBank(NamedTuple):
    """The kernels of one or more networks side by side.

    kernels: (kernels, width, 4).  bias: (kernels,).  weights: (kernels,), in the output layer; of several tasks, the
    weight of largest magnitude.  numbers: (kernels,), the number of each kernel in its own network.
    """

    kernels: np.ndarray
    bias: np.ndarray
    weights: np.ndarray
    numbers: np.ndarray

    @property
    def width(self) -> int:
        return int(self.kernels.shape[1])


class Windows(NamedTuple):
    """The window of each sequence that activates each kernel most.

    activations: float32 (sequences, kernels), the activation function of the window's score.  start: int32 of the same
    shape, where the window begins; with padding `same` it may begin before the sequence or end beyond it.  reverse:
    bool of the same shape, whether the kernel reads the window's reverse complement.
    """

    activations: np.ndarray
    start: np.ndarray
    reverse: np.ndarray

    def of(self, sequences: np.ndarray | slice = slice(None), kernels: slice = slice(None)) -> "Windows":
        """Return the windows of these sequences and kernels."""
        return Windows(*(values[sequences][:, kernels] for values in self))

    def turned(self, last: int) -> "Windows":
        """Return windows of the reverse complements as windows of the sequences; last: the start of the last one."""
        return Windows(self.activations, last - self.start, ~self.reverse)


def side_by_side(networks: Sequence[Parameters]) -> KernelBank:
    """Return the kernels of networks as one bank: a scan of few kernels takes nearly as long as one of many."""
    kernels, bias, weights = (np.concatenate(arrays) for arrays in list(zip(*networks, strict=True))[:3])
    strongest = weights[np.arange(len(weights)), abs(weights).argmax(axis=1)]
    return KernelBank(kernels, bias, strongest, np.concatenate([np.arange(len(network.bias)) for network in networks]))


def best_windows(
    codes: np.ndarray, bank: KernelBank, padding: str = "valid", activation: str = "relu", strands: str = "one"
) -> Windows:
    """Return the window of largest activation of each sequence and kernel.

    Where several tie, it is the first of the forward strand, or else the first of the other.  codes: uint8, shape
    (n, length), 0-3 for A C G T and 4 for N, which scores zero.  padding, activation, strands: as in config's `model`.
    """
    before, after = padding_sizes(padding, bank.width)
    if padding == "valid" and codes.shape[1] < bank.width:
        raise ValueError(f"a kernel of length {bank.width} does not fit into sequences of length {codes.shape[1]}")
    padded = np.pad(codes, ((0, 0), (before, after)), constant_values=N_CODE)
    words = _words(padded, bank.width)
    count = padded.shape[1] - bank.width + 1
    score, start = _scan(words, _tables(bank.kernels), count)
    reverse = np.zeros(score.shape, bool)
    if strands == "both":
        other, place = _scan(words, _tables(reverse_complements(bank.kernels)), count)
        reverse = other > score
        score, start = np.where(reverse, other, score), np.where(reverse, place, start)
    score += _single(bank.bias)
    activations = np.maximum(score, np.float32(0))
    if activation != "relu":
        activations = np.minimum(np.where(score > 0, score, np.float32(LEAK) * score), np.float32(CLIP))
    return Windows(activations, start - np.int32(before), reverse)


def letters_read(codes: np.ndarray, windows: Windows, width: int) -> np.ndarray:
    """Return the letters of windows as the kernels read them, uint8 (sequences, kernels, width).

    codes: uint8 (sequences, length). Beyond the ends of a sequence is N.
    """
    padded = np.pad(codes, ((0, 0), (width, width)), constant_values=N_CODE)
    places = windows.start[:, :, None] + width + np.arange(width)
    letters = padded[np.arange(len(codes))[:, None, None], places]
    return np.where(windows.reverse[:, :, None], reverse_complement(letters), letters)


def cuts(activations: np.ndarray, threshold: float) -> np.ndarray:
    """Return the activation that a site must exceed: `threshold` times a kernel's largest, at least 0; (kernels,)."""
    return (threshold * activations.max(axis=0, initial=0)).astype(np.float32)


def is_site(windows: Windows, cut: np.ndarray, last: int) -> np.ndarray:
    """Return which windows are sites, that is active enough and within the sequence; bool (sequences, kernels).

    last: the start of the last whole window.
    """
    return (windows.activations > cut) & (windows.start >= 0) & (windows.start <= last)


def count_best(codes: np.ndarray, windows: Windows, cut: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Count the bases of the best windows that are sites.

    Returns int64 (kernels, width, 5), A C G T N at each position of the sites as the kernel reads them, and the number
    of sites (kernels,).
    """
    site = is_site(windows, cut, codes.shape[1] - width)
    return _count_best(codes, windows.start, windows.reverse, site, width), site.sum(axis=0)


def count_every(
    codes: np.ndarray, bank: KernelBank, cut: np.ndarray, strands: str = "one"
) -> tuple[np.ndarray, np.ndarray]:
    """Count the bases of all windows within the sequences whose activation exceeds the cut; see count_best.

    On both strands a window is one site, read on its better strand.
    """
    if codes.shape[1] < bank.width:
        return np.zeros((len(cut), bank.width, SYMBOLS), np.int64), np.zeros(len(cut), np.int64)
    words = _words(codes, bank.width)
    kernels = bank.kernels
    if strands == "both":
        kernels = np.concatenate([kernels, reverse_complements(kernels)])
    return _count_every(words, codes, _tables(kernels), _single(bank.bias), cut, bank.width)


def reverse_complements(kernels: np.ndarray) -> np.ndarray:
    """Return kernels whose scores are those of the windows' reverse complements; (kernels, width, 4)."""
    return kernels[:, ::-1, ::-1]


def _single(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)


def _tables(kernels: np.ndarray) -> np.ndarray:
    """Return the scores of all words of three letters for each piece of the kernels, float32 (pieces, words, kernels).

    A window's score is then a sum of a few look-ups, for all kernels at once; models/look_ups.py does the
    same in training.
    """
    count, width, _ = kernels.shape
    pieces = -(-width // PIECE)
    padded = np.zeros((pieces * PIECE, SYMBOLS, count), np.float32)
    padded[:width, :4] = _single(kernels).transpose(1, 2, 0)
    first, second, third = padded.reshape(pieces, PIECE, SYMBOLS, count).swapaxes(0, 1)
    tables = (first[:, :, None, :] + second[:, None, :, :])[:, :, :, None, :] + third[:, None, None, :, :]
    return np.ascontiguousarray(tables.reshape(pieces, SYMBOLS**PIECE, count))


def _words(codes: np.ndarray, width: int) -> np.ndarray:
    """Return the word that begins at each position, uint8 (n, positions); beyond the end are Ns, which score zero."""
    padded = np.pad(codes, ((0, 0), (0, -width % PIECE)), constant_values=N_CODE)
    return (padded[:, :-2] * SYMBOLS + padded[:, 1:-1]) * SYMBOLS + padded[:, 2:]


@njit(cache=True, nogil=True)
def _add_scores(words: np.ndarray, row: int, window: int, tables: np.ndarray, scores: np.ndarray) -> None:
    """Compute the scores of one window with all kernels."""
    # Plain indices, since making a view takes as long as the additions.
    word = words[row, window]
    for kernel in range(len(scores)):
        scores[kernel] = tables[0, word, kernel]
    for piece in range(1, len(tables)):
        word = words[row, window + piece * PIECE]
        for kernel in range(len(scores)):
            scores[kernel] += tables[piece, word, kernel]


@njit(cache=True, nogil=True)
def _scan(words: np.ndarray, tables: np.ndarray, windows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the best score and its first window, float32 and int32 (n, kernels)."""
    shape = (len(words), tables.shape[2])
    best = np.full(shape, -np.inf, np.float32)
    start = np.zeros(shape, np.int32)
    scores = np.empty(shape[1], np.float32)
    for row in range(shape[0]):
        for window in range(windows):
            _add_scores(words, row, window, tables, scores)
            for kernel in range(shape[1]):
                larger = scores[kernel] > best[row, kernel]
                start[row, kernel] = window if larger else start[row, kernel]
                best[row, kernel] = scores[kernel] if larger else best[row, kernel]
    return best, start


@njit(cache=True, nogil=True)
def _as_read(codes: np.ndarray, row: int, start: int, width: int, base: int, reverse: bool) -> int:
    """Return the letter at a position of a window as the kernel reads it."""
    if not reverse:
        return codes[row, start + base]
    code = codes[row, start + width - 1 - base]
    return 3 - code if code < N_CODE else code


@njit(cache=True, nogil=True)
def _count_best(codes: np.ndarray, start: np.ndarray, reverse: np.ndarray, site: np.ndarray, width: int) -> np.ndarray:
    counts = np.zeros((site.shape[1], width, SYMBOLS), np.int64)
    for row in range(len(codes)):
        for kernel in range(len(counts)):
            if site[row, kernel]:
                for base in range(width):
                    letter = _as_read(codes, row, start[row, kernel], width, base, reverse[row, kernel])
                    counts[kernel, base, letter] += 1
    return counts


@njit(cache=True, nogil=True)
def _count_every(
    words: np.ndarray, codes: np.ndarray, tables: np.ndarray, bias: np.ndarray, cut: np.ndarray, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Count the letters of all sites. tables: of the kernels, on both strands followed by their reverse complements."""
    kernels = len(cut)
    counts = np.zeros((kernels, width, SYMBOLS), np.int64)
    sites = np.zeros(kernels, np.int64)
    scores = np.empty(tables.shape[2], np.float32)
    both = len(scores) > kernels
    for row in range(len(codes)):
        for window in range(codes.shape[1] - width + 1):
            _add_scores(words, row, window, tables, scores)
            for kernel in range(kernels):
                reverse = both and scores[kernels + kernel] > scores[kernel]
                score = scores[kernels + kernel] if reverse else scores[kernel]
                if score + bias[kernel] > cut[kernel]:
                    sites[kernel] += 1
                    for base in range(width):
                        counts[kernel, base, _as_read(codes, row, window, width, base, reverse)] += 1
    return counts, sites
