"""Kernels become motifs: the windows that activate a kernel, aligned and counted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deepprune.io.motif import Motif
from deepprune.jit import njit
from deepprune.sequence import N_CODE

PIECE = 3
LETTERS = N_CODE + 1  # A C G T N
# Share of a kernel's largest activation that makes a window a site: DeepBind's program takes half, Koo & Eddy 0.7.
THRESHOLDS = {"deepbind": 0.5, "koo_eddy": 0.7}


@dataclass(frozen=True, eq=False)
class KernelMotif:
    """What a kernel reads.

    kernel: its index.  weight: its dense weight; a kernel of negative weight speaks against binding.
    counts: int64, shape (width, 4), bases A C G T at each position of its sites.  nsites: number of sites.
    probabilities: float64, (width, 4), (counts + pseudocount / 4) / (total + pseudocount).
    information: float64, (width,), bits.  dead: fewer sites than asked for.
    motif: without the flanks that are below the trimming threshold; None for a dead kernel and where nothing is left.
    """

    kernel: int
    weight: float
    counts: np.ndarray
    nsites: int
    probabilities: np.ndarray
    information: np.ndarray
    dead: bool
    motif: Motif | None

    @property
    def information_content(self) -> float:
        """Bits over all positions, flanks included."""
        return float(self.information.sum())

    def untrimmed(self) -> Motif:
        """The motif of the kernel's full width; ValueError for a dead kernel."""
        if self.dead:
            raise ValueError(f"kernel {self.kernel} is dead ({self.nsites} sites); it has no motif")
        return _motif(self.kernel, self.weight, self.probabilities, self.nsites)


def kernel_motifs(
    codes: np.ndarray,
    kernels: np.ndarray,
    bias: np.ndarray,
    weights: np.ndarray,
    *,
    method: str = "deepbind",
    threshold: float | None = None,
    min_sites: int = 10,
    pseudocount: float = 0.1,
    trim: float = 0.5,
    small_sample: bool = False,
    indices: Sequence[int] | None = None,
) -> list[KernelMotif]:
    """Count matrices of kernels from the windows that activate them, by custom those of the positive test sequences.

    codes: uint8, shape (n, length), 0-3 for A C G T and 4 for N.  kernels: (kernels, width, 4).  bias, weights (of the
    dense unit): (kernels,).  indices: the kernels' own numbers if they are not 0, 1, ...

    Activation is relu(score + bias). A window is a site if its activation exceeds `threshold` times the kernel's
    largest over all sequences. `deepbind` looks at the best window of each sequence only, the first where several tie
    (Alipanahi et al. 2015, supplement 10.2; 0 gives every sequence with any activation); `koo_eddy` at every window
    (Koo & Eddy 2019). Only windows that lie wholly in a sequence count. N is counted for no base.

    pseudocount: added to each position, shared out equally over the bases.  trim: bits; a flank ends at the first
    position with as much.  small_sample: correct information content for the number of sites.
    """
    if method not in THRESHOLDS:
        raise ValueError(f"method {method!r} is not one of {', '.join(THRESHOLDS)}")
    share = THRESHOLDS[method] if threshold is None else threshold
    activation, position = best_windows(codes, kernels, bias)
    cut = (share * activation.max(axis=0, initial=0)).astype(np.float32)
    counts = np.zeros((len(kernels), kernels.shape[1], LETTERS), np.int64)
    sites = np.zeros(len(kernels), np.int64)
    if method == "deepbind":
        _count_best(codes, activation, position, cut, counts, sites)
    else:
        _count_every(_words(codes, kernels.shape[1]), codes, _tables(kernels), _single(bias), cut, counts, sites)

    found = []
    for row, kernel in enumerate(range(len(kernels)) if indices is None else indices):
        bases, nsites, weight = counts[row, :, :4], int(sites[row]), float(weights[row])
        totals = bases.sum(axis=1, keepdims=True)
        smoothed = bases + max(pseudocount, np.finfo(float).tiny) / 4  # never 0 / 0
        probabilities = smoothed / smoothed.sum(axis=1, keepdims=True)
        information = information_content(probabilities, totals[:, 0] if small_sample else None)
        dead = nsites < max(min_sites, 1)
        kept = _informative(information, trim)
        found.append(
            KernelMotif(
                kernel=int(kernel),
                weight=weight,
                counts=bases,
                nsites=nsites,
                probabilities=probabilities,
                information=information,
                dead=dead,
                motif=None if dead or kept is None else _motif(kernel, weight, probabilities[kept], nsites),
            )
        )
    return found


def best_windows(codes: np.ndarray, kernels: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest activation of each kernel in each sequence and where its window begins (the first where several tie).

    codes: uint8, shape (n, length).  kernels: (kernels, width, 4).  bias: (kernels,).
    Returns relu(score + bias), float32 (n, kernels), and int32 of the same shape. N scores zero.
    """
    width = kernels.shape[1]
    if codes.shape[1] < width:
        raise ValueError(f"a kernel of length {width} does not fit into sequences of length {codes.shape[1]}")
    score, position = _scan(_words(codes, width), _tables(kernels), codes.shape[1] - width + 1)
    return np.maximum(score + _single(bias), np.float32(0)), position


def information_content(probabilities: np.ndarray, nsites: np.ndarray | float | None = None) -> np.ndarray:
    """Bits of each position against a uniform background: 2 - entropy, shape (width,).

    nsites: subtract the small-sample correction 3 / (2 ln 2 n), not below zero (Schneider et al. 1986).
    """
    logs = np.log2(probabilities, where=probabilities > 0, out=np.zeros_like(probabilities))
    bits = 2 + (probabilities * logs).sum(axis=1)
    if nsites is not None:
        bits = bits - 3 / (2 * np.log(2) * np.maximum(nsites, 1))
    return np.clip(bits, 0.0, 2.0)


def _informative(information: np.ndarray, trim: float) -> slice | None:
    """The positions between the first and the last with at least `trim` bits."""
    (kept,) = np.nonzero(information >= trim)
    return slice(kept[0], kept[-1] + 1) if len(kept) else None


def _motif(kernel: int, weight: float, probabilities: np.ndarray, nsites: int) -> Motif:
    return Motif(f"kernel_{kernel}", f"weight={weight:+.3g}", probabilities, nsites)


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
def _add_scores(words: np.ndarray, tables: np.ndarray, window: int, scores: np.ndarray) -> None:
    """Scores of one window with all kernels."""
    scores[:] = tables[0, words[window]]
    for piece in range(1, len(tables)):
        table = tables[piece, words[window + piece * PIECE]]
        for kernel in range(len(scores)):
            scores[kernel] += table[kernel]


@njit(cache=True)
def _scan(words: np.ndarray, tables: np.ndarray, windows: int) -> tuple[np.ndarray, np.ndarray]:
    """Best score and its first window, float32 and int32 (n, kernels)."""
    shape = (len(words), tables.shape[2])
    best = np.full(shape, -np.inf, np.float32)
    position = np.zeros(shape, np.int32)
    scores = np.empty(shape[1], np.float32)
    for row in range(shape[0]):
        for window in range(windows):
            _add_scores(words[row], tables, window, scores)
            for kernel in range(shape[1]):
                larger = scores[kernel] > best[row, kernel]
                position[row, kernel] = window if larger else position[row, kernel]
                best[row, kernel] = scores[kernel] if larger else best[row, kernel]
    return best, position


@njit(cache=True)
def _count_best(
    codes: np.ndarray,
    activation: np.ndarray,
    position: np.ndarray,
    cut: np.ndarray,
    counts: np.ndarray,
    sites: np.ndarray,
) -> None:
    """Add up the bases of each sequence's best window, where its activation exceeds the kernel's cut."""
    for row in range(len(codes)):
        for kernel in range(len(cut)):
            if activation[row, kernel] > cut[kernel]:
                sites[kernel] += 1
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
            _add_scores(words[row], tables, window, scores)
            for kernel in range(len(cut)):
                if scores[kernel] + bias[kernel] > cut[kernel]:
                    sites[kernel] += 1
                    for base in range(width):
                        counts[kernel, base, codes[row, window + base]] += 1
