"""Training of gkm-SVMs on a data set."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from deepprune.data.dataset import TRAIN, Dataset
from deepprune.data.seeds import sequence_ranks
from deepprune.keys import NO_CRITERION, NetworkKey
from deepprune.models.conv_settings import GkmSettings
from deepprune.models.gkm_svm import Machine, check_machine, machine_scores, train_machine
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit

# The structure of weights and state
EMPTY = {"weights": np.empty(0), "intercept": np.empty(0)}, {"support": np.empty(0)}


class Training:
    """The training of one machine on a data set from any seed, which chooses the sequences if there are too many.

    The training sequences alone decide. Without a choice all seeds share one machine.
    """

    def __init__(self, name: str, settings: GkmSettings, data: Dataset, log: Callable[[str], None] = print) -> None:
        check_machine(name, settings, data.codes.shape[1], len(data.tasks))
        self.name, self.settings, self.data, self.log = name, settings, data, log
        rows = data.rows(TRAIN)
        positive = data.labels[rows, 0] == 1
        self.classes = rows[positive], rows[~positive]
        self.chooses = max(map(len, self.classes)) > settings.most

    def fits(self, seeds: Sequence[int], threads: int = 1, checkpoint: Checkpoint | None = None) -> dict[int, Fit]:
        """Return the trained machines by seed. They have no losses: their scores are no probabilities."""
        store = checkpoint or Checkpoint()

        def fit(seed: int) -> Fit:
            key = NetworkKey(self.name, "baseline", NO_CRITERION, 0, seed)
            (found,) = store.train_missing([key], EMPTY, lambda _: [self._fit(seed, threads)])
            return found

        return {seed: fit(seed if self.chooses else 0) for seed in seeds}

    def scores(self, fits: Mapping[int, Fit], codes: np.ndarray, threads: int = 1) -> dict[int, np.ndarray]:
        """Return the scores of sequences by each machine, float64 (n, 1), by seed."""
        found: dict[int, np.ndarray] = {}
        for seed, fit in fits.items():
            if self.chooses or not found:
                found[seed] = machine_scores(self.settings, machine_of(fit), codes, threads)[:, None]
            else:
                found[seed] = next(iter(found.values()))
        return found

    def rows(self, seed: int) -> list[np.ndarray]:
        """Return the rows of positives and of negatives that a seed chooses, ascending."""
        chosen = []
        for purpose, rows in zip(("gkm-SVM positives", "gkm-SVM negatives"), self.classes, strict=True):
            if len(rows) > self.settings.most:
                rows = np.sort(sequence_ranks(self.data.codes, rows, seed, purpose)[: self.settings.most])
            chosen.append(rows)
        return chosen

    def _fit(self, seed: int, threads: int) -> Fit:
        began = time.perf_counter()
        positives, negatives = (self.data.codes[rows] for rows in self.rows(seed))
        machine = train_machine(self.settings, positives, negatives, threads)
        seconds = time.perf_counter() - began
        whose = f", seed {seed}" if self.chooses else ", all seeds"
        self.log(f"{self.name}{whose}: {len(machine.weights)} support vectors, {seconds:.1f} s")
        weights = {"weights": machine.weights, "intercept": machine.intercept}
        return Fit(weights, {"support": machine.support}, 1, np.nan, np.nan, seconds, False)


def machine_of(fit: Fit) -> Machine:
    """Return the machine of an outcome of training."""
    return Machine(**fit.weights, **fit.state)
