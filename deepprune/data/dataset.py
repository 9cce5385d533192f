"""A data set: codes, labels, split and origins.

It is stored in one .npz file, which is mapped into memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from deepprune.data.origins import FIELDS, Origins
from deepprune.errors import InputError
from deepprune.io.npz import map_arrays, write_arrays

TRAIN, VALIDATION, TEST = 0, 1, 2
PART_NAMES = ("training", "validation", "test")
AGAIN = "remove the file and run snakemake again, which prepares it"
MORE = "give more sequences, or another data.seed for the split"
CHUNK = 1 << 24  # bytes of codes and labels that are copied at once
BOUND = ("bound",)  # the task of all formats with one task


@dataclass(frozen=True)
class Dataset:
    """Sequences of one length, each with a label for every task.

    codes: uint8 (n, length).  labels: uint8 (n, tasks), 1 positive, 0 negative.  split: uint8 (n,), TRAIN, VALIDATION
    or TEST.  tasks: their names.  origins: the origin of each sequence; unknown by default.
    """

    codes: np.ndarray
    labels: np.ndarray
    split: np.ndarray
    tasks: tuple[str, ...] = BOUND
    origins: Origins = field(default_factory=lambda: Origins.nowhere(0))

    def __post_init__(self) -> None:
        if not len(self.origins):
            object.__setattr__(self, "origins", Origins.nowhere(len(self.codes)))
        if not len(self.codes) == len(self.labels) == len(self.split) == len(self.origins):
            raise ValueError("codes, labels, split and origins differ in number")
        if self.labels.shape[1:] != (len(self.tasks),):
            raise ValueError(f"labels of shape {self.labels.shape} do not fit {len(self.tasks)} tasks")
        if self.codes.ndim != 2 or self.split.ndim != 1:
            raise ValueError(f"codes of shape {self.codes.shape} or split of shape {self.split.shape}")

    def rows(self, split: int) -> np.ndarray:
        """Return the indices of TRAIN, VALIDATION or TEST, int64 ascending."""
        return np.flatnonzero(self.split == split)

    def part(self, split: int) -> tuple[np.ndarray, np.ndarray]:
        """Return copies of the codes (m, length) and the labels (m, tasks) of TRAIN, VALIDATION or TEST."""
        rows = self.rows(split)
        return self.codes[rows], self.labels[rows]

    def positive(self) -> np.ndarray:
        """Return which sequences are positive in any task, bool (n,)."""
        return np.asarray(self.labels.any(axis=1))

    def take(self, rows: np.ndarray) -> "Dataset":
        """Return a data set of copies of these sequences, given by indices or a mask."""
        return Dataset(self.codes[rows], self.labels[rows], self.split[rows], self.tasks, self.origins.take(rows))

    @classmethod
    def join(cls, parts: "Sequence[Dataset]") -> "Dataset":
        """Return data sets of the same tasks as one, concatenated."""
        codes, labels, split = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("codes", "labels", "split")
        )
        return cls(codes, labels, split, parts[0].tasks, Origins.join([part.origins for part in parts]))

    def chunks(self, chosen: np.ndarray) -> Iterator["np.ndarray"]:
        """Yield the rows of chosen sequences (bool (n,)), int64 ascending, so many that their copies are small."""
        rows = np.flatnonzero(chosen)
        size = max(1, CHUNK // max(1, self.codes.shape[1] + len(self.tasks)))
        return (rows[first : first + size] for first in range(0, len(rows), size))

    def class_counts(self, split: int, dataset: str = "the data set") -> np.ndarray:
        """Return the numbers of negatives and of positives of each task in a part, int64 (tasks, 2).

        InputError, with the name of the data set, if a label is neither 0 nor 1.
        """
        positives, count = np.zeros(len(self.tasks), np.int64), int((self.split == split).sum())
        for rows in self.chunks(self.split == split):
            labels = self.labels[rows]
            if (highest := labels.max(initial=0)) > 1:
                task = self.tasks[int(labels.max(axis=0).argmax())]
                raise InputError(
                    f"{dataset}: a label of the task {task} is {highest}, but must be 0 or 1; correct it, or {AGAIN}"
                )
            positives += labels.sum(axis=0, dtype=np.int64)
        return np.column_stack([count - positives, positives])

    def check_classes(self, dataset: str, remedy: str = MORE, each: bool = True) -> None:
        """Raise InputError if, in any task, training or test lacks a class, or if validation is empty.

        each: whether every task must have both classes; otherwise one of them must.
        """
        counts = {part: self.class_counts(part, dataset) for part in (TRAIN, VALIDATION, TEST)}
        for part, classes in ((VALIDATION, 1), *(((TRAIN, 2), (TEST, 2)) if each else ())):
            for task, numbers in zip(self.tasks, counts[part].tolist(), strict=True):
                missing = [name for name, number in zip(("negative", "positive"), numbers, strict=True) if not number]
                if len(missing) > 2 - classes:
                    raise InputError(
                        f"{dataset}: there is no {' or '.join(missing[::-1])} sequence (task {task}) for "
                        f"{PART_NAMES[part]}; {remedy}"
                    )
        if not ((counts[TRAIN] > 0) & (counts[TEST] > 0)).all(axis=1).any():
            raise InputError(f"{dataset}: no task has positives and negatives both for training and for test; {remedy}")

    def save(self, path: str | Path) -> None:
        """Write an uncompressed .npz file; equal data sets give equal bytes."""
        bits = {name: getattr(self, name) for name in ("codes", "labels", "split")}
        text = {"tasks": np.char.encode(np.array(self.tasks), "utf-8")} | self.origins.arrays()
        arrays = {name: np.ascontiguousarray(array, np.uint8) for name, array in bits.items()}
        write_arrays(path, arrays | {name: _narrow(array) for name, array in text.items()})

    @classmethod
    def load(cls, path: str | Path) -> "Dataset":
        """Map a file that save wrote, without reading it into memory; InputError if it is missing or damaged."""
        names = ("codes", "labels", "split", "tasks", *FIELDS)
        try:
            arrays: dict[str, Any] = map_arrays(path, names)
            if {arrays[name].dtype for name in ("codes", "labels", "split")} != {np.dtype(np.uint8)}:
                raise ValueError("numbers of another kind")
            origins = Origins(**{name: arrays.pop(name) for name in FIELDS})
            tasks = tuple(np.char.decode(arrays.pop("tasks"), "utf-8").tolist())
            return cls(**arrays, tasks=tasks, origins=origins)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}; {AGAIN}") from None
        except (ValueError, TypeError):
            raise InputError(f"{path} is no data set of deepprune, or it is damaged; {AGAIN}") from None


def _narrow(array: np.ndarray) -> np.ndarray:
    """Return byte strings at the width of the longest; numbers unchanged."""
    if array.dtype.kind != "S":
        return array
    return array.astype(f"S{max(1, np.char.str_len(array).max(initial=0))}", copy=False)
