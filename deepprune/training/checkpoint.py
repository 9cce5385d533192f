"""Trained networks, kept aside while a job trains: one that was broken off goes on after the last of them.

They also serve later jobs on the same data set: a further seed, method or criterion trains what is new alone.
"""

import hashlib
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from deepprune import __version__
from deepprune.io.files import remove_leftovers, write_atomic
from deepprune.models.parameters import Parameters
from deepprune.training.early_stopping import Fit

# The modules that a training runs through: when one is edited, networks of before are not taken for its own.
MODULES = (
    "data.dataset",
    "data.origins",
    "evaluation.metrics",
    "evaluation.networks",
    "models.circular",
    "models.few_kernel",
    "models.parameters",
    "models.scan",
    "pruning.criteria",
    "pruning.ladder",
    "training.checkpoint",
    "training.device",
    "training.early_stopping",
    "training.optimizers",
    "training.stack",
    "training.trainer",
    "keys",
)
KEY = "[0-9a-f]{16}"
# Of a Fit, beside its parameters.
MEASURED = Fit._fields[1:]


class Training(NamedTuple):
    """What tells the trainings of a data set apart."""

    seed: int
    method: str
    criterion: str
    kernels: int


def digest(data: Path, *settings: Hashable) -> str:
    """What all trainings of a data set depend on, in 16 characters: its bytes, the settings, the program."""
    program = b"".join(
        (Path(__file__).parents[1] / f"{module.replace('.', '/')}.py").read_bytes() for module in MODULES
    )
    return hashlib.sha256(data.read_bytes() + repr((settings, __version__)).encode() + program).hexdigest()[:16]


class Checkpoint:
    """The trained networks of a data set under folder/key, a file for each seed; for any number of threads.

    Other keys in the folder belong to other data or settings and go. Without a folder, nothing is kept.
    """

    def __init__(self, folder: Path | None = None, key: str = "", log: Callable[[str], None] = print) -> None:
        self.folder, self.log = folder / key if folder else None, log
        self.lock = threading.Lock()
        self.seeds: dict[int, dict[str, np.ndarray]] = {}
        if folder and self.folder:
            for other in folder.glob("*"):
                if other != self.folder and re.fullmatch(KEY, other.name) and other.is_dir() and not other.is_symlink():
                    shutil.rmtree(other)
            self.folder.mkdir(parents=True, exist_ok=True)

    def train_missing(
        self, trainings: Sequence[Training], train: Callable[[Sequence[int]], Sequence[Fit]]
    ) -> list[Fit]:
        """The outcomes of trainings; `train` gets the places of those that were not kept yet, and they are."""
        found = {place: self._find(training) for place, training in enumerate(trainings)}
        missing = [place for place, fit in found.items() if not fit]
        fits = {place: fit for place, fit in found.items() if fit}
        if missing:
            for place, fit in zip(missing, train(missing), strict=True):
                fits[place] = fit
                self._keep(trainings[place], fit)
        return [fits[place] for place in range(len(trainings))]

    def _find(self, training: Training) -> Fit | None:
        with self.lock:
            arrays = self._arrays(training.seed)
        name = _name(training)
        if f"{name}.epochs" not in arrays:
            return None
        parameters = Parameters(*(arrays[f"{name}.{field}"] for field in Parameters._fields))
        return Fit(parameters, *(arrays[f"{name}.{field}"].item() for field in MEASURED))

    def _keep(self, training: Training, fit: Fit) -> None:
        """A seed's file is written as a whole: a few hundred kilobytes."""
        values = fit.parameters._asdict() | {field: getattr(fit, field) for field in MEASURED}
        with self.lock:
            arrays = self._arrays(training.seed)
            arrays.update({f"{_name(training)}.{field}": np.asarray(value) for field, value in values.items()})
            if self.folder:
                with (
                    write_atomic(self.folder / f"seed{training.seed}.npz") as temporary,
                    temporary.open("wb") as handle,
                ):
                    np.savez(handle, **arrays)  # type: ignore[arg-type]

    def _arrays(self, seed: int) -> dict[str, np.ndarray]:
        """Name and content of all that is known of a seed's networks."""
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


def _name(training: Training) -> str:
    return f"{training.method}.{training.criterion}.{training.kernels}"
