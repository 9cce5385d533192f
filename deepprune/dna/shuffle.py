"""The dinucleotide shuffle."""

import numpy as np

from deepprune.dna.codes import N_CODE
from deepprune.jit import njit

# splitmix64 (Steele, Lea & Flood 2014), a generator whose whole state is one 64-bit integer
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FACTOR_1 = np.uint64(0xBF58476D1CE4E5B9)
FACTOR_2 = np.uint64(0x94D049BB133111EB)
SHIFT_1, SHIFT_2, SHIFT_3, HALF = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
LOW_HALF = np.uint64(0xFFFFFFFF)


def dinucleotide_shuffle(codes: np.ndarray, seed: int, keys: np.ndarray) -> np.ndarray:
    """Shuffle each sequence, keeping its dinucleotide counts and its first and last base.

    codes: uint8, shape (n, length), 0-3 for A C G T and 4 for N, which is shuffled like a base.  keys: uint64, shape
    (n,), one for each record: its shuffle depends only on the sequence, the seed and the key.
    Returns the same shape. Every Euler path is equally likely (Altschul & Erickson 1985).
    """
    codes = np.ascontiguousarray(codes, np.uint8)
    keys = np.ascontiguousarray(keys, np.uint64)
    if codes.ndim != 2 or keys.shape != codes.shape[:1]:
        raise ValueError(f"codes of shape {codes.shape} and keys of shape {keys.shape} do not fit")
    shuffled = codes.copy()
    if codes.size:
        if codes.max() > N_CODE:
            raise ValueError(f"codes go up to {codes.max()}, but must be 0 to {N_CODE}")
        _shuffle(codes, np.uint64(seed % 2**64), keys, shuffled)
    return shuffled


@njit(cache=True, nogil=True)
def _shuffle(codes: np.ndarray, seed: np.uint64, keys: np.ndarray, shuffled: np.ndarray) -> None:
    count, length = codes.shape
    edges = np.empty((5, 5), np.int64)  # edges[u, v]: how often v follows u
    left = np.empty(5, np.int64)
    last = np.empty(5, np.int64)
    state = np.empty(1, np.uint64)
    for i in range(count):
        state[0] = _mix(_mix(seed + GOLDEN) ^ keys[i])
        edges[:] = 0
        for j in range(1, length):
            edges[codes[i, j - 1], codes[i, j]] += 1
        end = codes[i, length - 1]
        _draw_last_exits(edges, end, last, state)
        # The last exits come at the end of the walk; until then each step takes any other edge, all equally likely.
        for u in range(5):
            left[u] = edges[u].sum()
            if u != end and left[u]:
                edges[u, last[u]] -= 1
                left[u] -= 1
        u = codes[i, 0]
        for j in range(1, length):
            if left[u]:
                v = _draw(edges[u], -1, left[u], state)
                edges[u, v] -= 1
                left[u] -= 1
            else:
                v = last[u]
            shuffled[i, j] = v
            u = v


@njit(cache=True, nogil=True)
def _draw_last_exits(edges: np.ndarray, end: int, last: np.ndarray, state: np.ndarray) -> None:
    """Draw a uniform spanning tree towards the end by loop-erased random walks (Wilson 1996) into last[u]."""
    reached = np.empty(5, np.bool_)
    exits = np.empty(5, np.int64)
    for u in range(5):
        exits[u] = edges[u].sum() - edges[u, u]
        reached[u] = u == end or exits[u] == 0
    for start in range(5):
        u = start
        while not reached[u]:
            last[u] = _draw(edges[u], u, exits[u], state)
            u = last[u]
        u = start
        while not reached[u]:
            reached[u] = True
            u = last[u]


@njit(cache=True, nogil=True)
def _draw(weights: np.ndarray, excluded: int, total: int, state: np.ndarray) -> int:
    """Draw a letter in proportion to weights, which sum to total without the excluded one."""
    rest = _below(total, state)
    v = 0
    while v == excluded or rest >= weights[v]:
        if v != excluded:
            rest -= weights[v]
        v += 1
    return v


@njit(cache=True, nogil=True)
def _below(bound: int, state: np.ndarray) -> np.int64:
    """Draw an integer from 0 to bound - 1, all exactly equally likely (Lemire 2019)."""
    limit = np.uint64(bound)
    while True:
        state[0] += GOLDEN
        product = (_mix(state[0]) >> HALF) * limit
        low = product & LOW_HALF
        if low >= limit or low >= (LOW_HALF - limit + np.uint64(1)) % limit:
            return np.int64(product >> HALF)


@njit(cache=True, nogil=True)
def _mix(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> SHIFT_1)) * FACTOR_1
    z = (z ^ (z >> SHIFT_2)) * FACTOR_2
    return z ^ (z >> SHIFT_3)
