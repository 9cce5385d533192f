"""Checkpoints: trained networks kept during a job.

An interrupted job continues after the last of them. Later jobs on the same data set use them too: for a further seed,
method or criterion, only the new networks are trained.
"""

import hashlib
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

import numpy as np

from deepprune.io.files import remove_leftovers, write_atomic
from deepprune.keys import NetworkKey
from deepprune.models.architecture import State, Weights
from deepprune.models.store import flattened, restored
from deepprune.training.fits import Fit

# The version of all code that determines a trained network, from its initial weights to its last epoch. Raise it when
# results change; tests/training/test_checkpoint.py fails if this was forgotten.
ENGINE = 3
DIGEST = "[0-9a-f]{16}"
# The fields of a Fit beside its weights and state
MEASURED = Fit._fields[2:]


def digest(data: str, *settings: Hashable) -> str:
    """Return a digest (16 characters) of what all trainings of a data set depend on: its bytes, settings, engine.

    data: the SHA-256 of its file.
    """
    return hashlib.sha256(bytes.fromhex(data) + repr((settings, ENGINE)).encode()).hexdigest()[:16]


class Checkpoint:
    """The trained networks of a data set in folder/digest, one file for each seed; safe for any number of threads.

    Other digests in the folder belong to other data or settings and are removed. Without a folder, nothing is kept.
    """

    def __init__(self, folder: Path | None = None, digest: str = "", log: Callable[[str], None] = print) -> None:
        self.folder, self.log = folder / digest if folder else None, log
        self.lock = threading.Lock()
        self.seeds: dict[int, dict[str, np.ndarray]] = {}
        if folder and self.folder:
            for other in folder.glob("*"):
                ours = other != self.folder and re.fullmatch(DIGEST, other.name)
                if ours and other.is_dir() and not other.is_symlink():
                    shutil.rmtree(other)
            self.folder.mkdir(parents=True, exist_ok=True)

    def train_missing(
        self,
        keys: Sequence[NetworkKey],
        like: tuple[Weights, State],
        train: Callable[[Sequence[int]], Sequence[Fit]],
    ) -> list[Fit]:
        """Return the outcomes of trainings; train and keep those that are not kept yet.

        like: weights and state with the structure of theirs.  train: a function of the places of the missing keys.
        """
        found = {place: self._find(key, like) for place, key in enumerate(keys)}
        missing = [place for place, fit in found.items() if not fit]
        fits = {place: fit for place, fit in found.items() if fit}
        if missing:
            for place, fit in zip(missing, train(missing), strict=True):
                fits[place] = fit
                self._keep(keys[place], fit)
        for path in filter(None, map(self.snapshot, keys)):
            path.unlink(missing_ok=True)
        return [fits[place] for place in range(len(keys))]

    def snapshot(self, key: NetworkKey) -> Path | None:
        """Return the file for the snapshots of a training until it is finished; see training/snapshots."""
        return self.folder / f"{_name(key)}.seed{key.seed}.npz" if self.folder else None

    def _find(self, key: NetworkKey, like: tuple[Weights, State]) -> Fit | None:
        with self.lock:
            arrays = self._arrays(key.seed)
        name = _name(key)
        if f"{name}.epochs" not in arrays:
            return None
        weights, state = (
            restored(nest, arrays, f"{name}.{part}") for part, nest in zip(Fit._fields[:2], like, strict=True)
        )
        return Fit(weights, state, *(arrays[f"{name}.{field}"].item() for field in MEASURED))

    def _keep(self, key: NetworkKey, fit: Fit) -> None:
        """Write a seed's file as a whole; it has a few hundred kilobytes."""
        with self.lock:
            arrays = self._arrays(key.seed)
            arrays.update(flattened(fit._asdict(), _name(key)))
            if self.folder:
                path = self.folder / f"seed{key.seed}.npz"
                with write_atomic(path) as temporary, temporary.open("wb") as handle:
                    np.savez(handle, **arrays)  # type: ignore[arg-type]

    def _arrays(self, seed: int) -> dict[str, np.ndarray]:
        """Return name and content of all arrays of a seed's networks."""
        if seed not in self.seeds:
            self.seeds[seed] = _load(self.folder / f"seed{seed}.npz", seed, self.log) if self.folder else {}
        return self.seeds[seed]


def _load(path: Path, seed: int, log: Callable[[str], None]) -> dict[str, np.ndarray]:
    remove_leftovers(path)
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        log(f"{path} is damaged; seed {seed} is trained anew")
        return {}
    count = sum(name.endswith(".epochs") for name in arrays)
    log(f"seed {seed}: {count} networks were trained before and are not trained again")
    return arrays


def _name(key: NetworkKey) -> str:
    """Return the name of a network among those of its seed."""
    return ".".join(map(str, key.kind))
