"""The words of DNA sequences, one at each position."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from deepprune.dna.codes import BASES, N_CODE
from deepprune.jit import njit

# Letters between the halves of gapped words, at most: most half sites of dimers are this near.
LARGEST_GAP = 4


@dataclass(frozen=True)
class Words:
    """All words of so many letters.

    gap: a word is two halves with 0 to `gap` letters of any kind between; 0 for plain words.  merged: whether a word
    and its reverse complement are one.
    """

    letters: int
    gap: int = 0
    merged: bool = False

    def __post_init__(self) -> None:
        if self.gap and self.letters % 2:
            raise ValueError(f"a word of {self.letters} letters has no two halves")

    @property
    def number(self) -> int:
        """How many words there are."""
        return len(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The words by number, dots for a gap: `ACG..T`; of merged words the first in alphabetical order."""
        return _index(self)[0]

    @property
    def offsets(self) -> np.ndarray:
        """The positions of the letters of a word, relative to its first: int64 (gaps, letters)."""
        plain = np.arange(self.letters)
        return np.stack([plain + gap * (plain >= self.letters // 2) for gap in range(self.gap + 1)])

    @property
    def table(self) -> np.ndarray:
        """The number of each word, uint16 (gaps, 4 ** letters): gaps ascending, words in alphabetical order."""
        return _index(self)[1]

    def find(self, codes: np.ndarray) -> np.ndarray:
        """Return the number of the word at each position of sequences, uint16 (n, gaps * positions).

        codes: uint8 (n, length), 0-3 for A C G T and 4 for N. Where a word holds N or ends beyond the sequence, the
        result is `number`. Positions are as many as plain words have: length - letters + 1, or 0.
        """
        positions = max(0, codes.shape[1] - self.letters + 1)
        found = np.full((len(codes), (self.gap + 1) * positions), self.number, np.uint16)
        if found.size:
            _find(np.ascontiguousarray(codes, np.uint8), self.offsets, self.table, found)
        return found

    def summed(self, codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the sum of the weights of each sequence's words, float64 (n, tasks).

        codes: as in `find`.  weights: (number, tasks), of each occurrence of a word.
        """
        table = np.vstack([weights, np.zeros_like(weights[:1])]).astype(np.float64)  # the last row: no word
        found = self.find(codes)
        return np.stack([column[found].sum(axis=1) for column in table.T], axis=1)


def background_words(option: int | str, merged: bool) -> Words | None:
    """Return the words that `model.background` of the options names; None for `none`.

    merged: whether a word and its reverse complement are one, as for networks that scan both strands.
    """
    if option == "none":
        return None
    return Words(6, LARGEST_GAP, merged) if option == "gapped" else Words(int(option), merged=merged)


@lru_cache(maxsize=16)
def _index(words: Words) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names of words, and the number of each; see Words."""
    letters = np.array(np.unravel_index(np.arange(4**words.letters), (4,) * words.letters)).T
    own = np.arange(4**words.letters)
    # The reverse complement of halves with a gap has the same gap.
    reverse = (3 - letters[:, ::-1]) @ 4 ** np.arange(words.letters)[::-1]
    kept, number = np.unique(np.minimum(own, reverse) if words.merged else own, return_inverse=True)
    half = words.letters // 2
    texts = ["".join(row) for row in np.array(list(BASES))[letters[kept]]]
    names = [text[:half] + "." * gap + text[half:] for gap in range(words.gap + 1) for text in texts]
    table = np.stack([number + gap * len(kept) for gap in range(words.gap + 1)]).astype(np.uint16)
    table.flags.writeable = False
    return tuple(names), table


@njit(cache=True, nogil=True)
def _find(codes: np.ndarray, offsets: np.ndarray, table: np.ndarray, found: np.ndarray) -> None:
    gaps, letters = offsets.shape
    positions = found.shape[1] // gaps
    for row in range(codes.shape[0]):
        for gap in range(gaps):
            for start in range(min(positions, codes.shape[1] - offsets[gap, letters - 1])):
                word = 0
                for offset in offsets[gap]:
                    letter = codes[row, start + offset]
                    word = -1 if word < 0 or letter >= N_CODE else 4 * word + letter
                if word >= 0:
                    found[row, gap * positions + start] = table[gap, word]
