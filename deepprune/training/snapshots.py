"""Snapshots: a training between two epochs, kept in a file so that it goes on after an interruption."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from deepprune.errors import InputError
from deepprune.io.files import remove_leftovers, write_atomic
from deepprune.models.store import UNUSABLE, flattened, restored
from deepprune.training.early_stopping import Run
from deepprune.training.epoch import Progress

# Seconds of training between two snapshots, for each second that the writing of one takes, and at least so many: short
# trainings write none, and long ones spend at most a sixtieth of their time on it.
EVERY = 60.0


class Snapshots:
    """The file of the last snapshot of a network that is trained alone; without a path, none is taken.

    A snapshot holds weights, state and moments; the best weights and state, if the last are not the best; and the
    counts of the run, with its random generators. It belongs to the training whose path has the same last two parts.
    """

    def __init__(self, path: Path | None, log: Callable[[str], None] = print) -> None:
        self.path, self.log = path, log
        self.due = time.perf_counter() + EVERY
        self.failed = False

    def resume(self, progress: Progress, run: Run) -> tuple[Progress, Run]:
        """Return progress and run of the last snapshot; without one those given, which are before their first epoch."""
        if not self.path:
            return progress, run
        remove_leftovers(self.path)
        if not self.path.exists():
            return progress, run
        try:
            found = _read(self.path, progress, run)
        except UNUSABLE:
            self.log(f"{self.path} is damaged or of another training; this one begins anew")
            return progress, run
        self.log(f"{self.path.stem} was interrupted and goes on after {found[1].epochs} epochs")
        return found

    def take(self, progress: Progress, run: Run) -> None:
        """Write a snapshot if the last is old enough. If that fails, the log says so once, and the training goes on."""
        began = time.perf_counter()
        if not self.path or began < self.due:
            return
        try:
            _write(self.path, progress, run)
            self.failed = False
        except InputError as error:
            if not self.failed:
                with suppress(OSError):  # the log may be on the same full disk
                    self.log(f"a training goes on, but an interruption would set it back: {error}")
            self.failed = True
        ended = time.perf_counter()
        self.due = ended + EVERY * max(1, ended - began)


def _write(path: Path, progress: Progress, run: Run) -> None:
    """Write a snapshot; InputError if the system refuses it."""
    assert run.best, "no epoch was trained"
    nests = {"progress": progress} | ({"best": run.best[:2]} if run.waited else {})
    counts = np.array(json.dumps({"training": _training(path), **run.counts()}))
    with write_atomic(path) as temporary, temporary.open("wb") as handle:
        # Not compressed: weights have no patterns. On a processor the arrays are the tensors' own memory.
        np.savez(handle, counts=counts, **flattened(nests))  # type: ignore[arg-type]


def _read(path: Path, progress: Progress, run: Run) -> tuple[Progress, Run]:
    """Return what a snapshot holds; UNUSABLE if it is damaged or of another training."""
    with np.load(path, allow_pickle=False) as file:
        counts = json.loads(file["counts"].item())
        if counts["training"] != _training(path):
            raise ValueError("a snapshot of another training")
        now = _tensors(progress, restored(progress, file, "progress"))
        best = now[:2]
        if counts["waited"]:
            best = _tensors(best, restored(best, file, "best"))
    return now, run.resumed(counts, best)


def _training(path: Path) -> str:
    """Return what distinguishes a training from others: folder and name of its file."""
    return "/".join(path.parts[-2:])


def _tensors(like: Any, arrays: Any) -> Any:
    """Return a nest of arrays as tensors; ValueError if shapes or types are not those of `like`."""

    def tensor(old: tf.Tensor, array: np.ndarray) -> tf.Tensor:
        if old.shape != array.shape or old.dtype != array.dtype:
            raise ValueError("a snapshot of another network")
        return tf.constant(array)

    return tf.nest.map_structure(tensor, like, arrays)
