"""The origins of a data set's sequences."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np

FIELDS = ("name", "chrom", "start", "end", "strand")


class Origins:
    """Name and place of each sequence, arrays of shape (n,).

    name: that of the peak or the record.  chrom, start, end: the part of the genome whose forward strand the codes are,
    from 0 and without the end; "", 0 and 0 for a sequence without a known place.  strand: the peak's, "+", "-" or ".";
    "" without a place.
    """

    def __init__(
        self,
        name: Iterable[str] | np.ndarray,
        chrom: Iterable[str] | np.ndarray,
        start: Iterable[int] | np.ndarray,
        end: Iterable[int] | np.ndarray,
        strand: Iterable[str] | np.ndarray,
    ) -> None:
        # Text is kept as UTF-8, which takes a quarter of numpy's own text, and decoded on access.
        self._name, self._chrom, self._strand = map(_utf8, (name, chrom, strand))
        self.start, self.end = (np.asarray(place, np.int64) for place in (start, end))
        if len({array.shape for array in self.arrays().values()}) > 1:
            raise ValueError("name, chrom, start, end and strand differ in number")

    @classmethod
    def nowhere(cls, count: int, name: Iterable[str] | np.ndarray | None = None) -> Self:
        """Return the origins of sequences without a known place, by default without names."""
        empty, zero = np.zeros(count, "S1"), np.zeros(count, np.int64)
        return cls(empty if name is None else name, empty, zero, zero, empty)

    @classmethod
    def of_table(cls, table: Any) -> Self:
        """Return the origins in the columns FIELDS of a table."""
        return cls(**{field: np.asarray(table[field]) for field in FIELDS})

    @classmethod
    def join(cls, parts: "Sequence[Origins]") -> Self:
        """Return several origins, concatenated."""
        arrays = [part.arrays() for part in parts]
        return cls(**{field: np.concatenate([one[field] for one in arrays]) for field in FIELDS})

    @property
    def name(self) -> np.ndarray:
        """The names as text."""
        return np.char.decode(self._name, "utf-8")

    @property
    def chrom(self) -> np.ndarray:
        """The chromosomes as text."""
        return np.char.decode(self._chrom, "utf-8")

    @property
    def strand(self) -> np.ndarray:
        """The strands as text."""
        return np.char.decode(self._strand, "utf-8")

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: np.ndarray) -> "Origins":
        """Return the origins of these sequences, given by indices or a mask."""
        return Origins(**{field: array[rows] for field, array in self.arrays().items()})

    def arrays(self) -> dict[str, np.ndarray]:
        """Return all fields as they are stored: text as UTF-8, numbers as int64."""
        return {
            "name": self._name,
            "chrom": self._chrom,
            "start": self.start,
            "end": self.end,
            "strand": self._strand,
        }


def _utf8(text: Iterable[str] | np.ndarray) -> np.ndarray:
    """Return text as UTF-8 bytes; bytes unchanged."""
    array = text if isinstance(text, np.ndarray) else np.array(list(text), str)
    return array if array.dtype.kind == "S" else np.char.encode(array.astype(str), "utf-8")
