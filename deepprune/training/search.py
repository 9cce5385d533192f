"""Search of options: networks are trained with several values, of which validation data choose one."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.errors import InputError
from deepprune.evaluation.metrics import accuracy
from deepprune.io.motif import Motif
from deepprune.keys import NO_CRITERION, NetworkKey
from deepprune.models.architecture import Architecture
from deepprune.models.conv_settings import LayerSettings
from deepprune.models.networks import network_of
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.predictions import predictions
from deepprune.training.replicates import train_once
from deepprune.training.trainer import Options, Trainer

GRID = "grid"
INITIAL, ORDER, DRAWS = range(2, 5)  # random streams beside those of replicates
RESULTS = ["accuracy", "validation_loss", "epochs", "seconds", "diverged", "chosen"]


class Search(NamedTuple):
    """The options of `search`.

    space: the values of each option, a field of Options or of the network's settings.  trials: GRID, or the number of
    random draws.  by: accuracy or loss, of the validation sequences.  max_epochs: of a trial.
    """

    space: Mapping[str, Sequence[Any]]
    trials: int | str = GRID
    by: str = "accuracy"
    max_epochs: int = 10


class Subject(NamedTuple):
    """A network whose options are searched, by its settings, and the options of its training.

    motifs: those from which its first filters start, if its settings say so.
    """

    name: str
    settings: LayerSettings
    options: Options
    motifs: tuple[Motif, ...] = ()

    def changed(self, changes: Mapping[str, Any]) -> "Subject":
        """Return the network with other values of some options; InputError if it has none of a name."""
        known = {*Options._fields, *self.settings._fields}
        for name in changes:
            if name not in known:
                raise InputError(
                    f"network {self.name} has no {name}; leave it out of search.space, or the network out of the run"
                )
        own = {name: value for name, value in changes.items() if name in self.settings._fields}
        rest = {name: value for name, value in changes.items() if name not in own}
        return self._replace(settings=self.settings._replace(**own), options=self.options._replace(**rest))

    def network(self, trainer: Trainer) -> Architecture:
        """Return the architecture for the trainer's sequences."""
        tasks = trainer.training.labels.shape[1]
        return network_of(self.name, self.settings, trainer.training.length, tasks, self.motifs)


class Trial(NamedTuple):
    """A training with some values. accuracy: of the validation sequences; NaN if it diverged."""

    changes: Mapping[str, Any]
    fit: Fit
    accuracy: float


def combinations(search: Search, seed: int) -> list[dict[str, Any]]:
    """Return the values of each trial: the grid in the order of the options, or random draws with replacement."""
    names, values = list(search.space), list(search.space.values())
    if search.trials == GRID:
        return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values)]
    rng = np.random.default_rng([seed, DRAWS])
    drawn = ([some[int(rng.integers(len(some)))] for some in values] for _ in range(int(search.trials)))
    return [dict(zip(names, chosen, strict=True)) for chosen in drawn]


def run_trials(
    subject: Subject,
    trainer: Trainer,
    search: Search,
    seed: int,
    threads: int = 1,
    checkpoint: Checkpoint | None = None,
) -> list[Trial]:
    """Train a network once with the values of each trial, on threads side by side, and return the trials in order.

    Results do not depend on the threads. All begin alike, from this seed, and read the sequences in one order; equal
    values are trained once. Without values to try there are no trials. Test sequences are not read.
    """
    changes = combinations(search, seed) if search.space else []
    tried = [subject.changed(values) for values in changes]
    different = list(dict.fromkeys(tried))
    # Trials that differ in options of training alone share a network, and with it the compiled programs.
    networks: dict[LayerSettings, Architecture] = {}
    for one in different:
        networks[one.settings] = networks.get(one.settings) or one.network(trainer)
    trainer.trace(list(networks.values()))
    store = checkpoint or Checkpoint()

    def train(place: int) -> Fit:
        one = different[place]
        key = NetworkKey(subject.name, f"trial{place}", NO_CRITERION, 0, seed)
        options = one.options._replace(max_epochs=search.max_epochs)
        return train_once(networks[one.settings], trainer, store, key, (INITIAL, ORDER), options)

    with ThreadPoolExecutor(threads) as pool:
        fits = dict(zip(different, pool.map(train, range(len(different))), strict=True))
    found = {one: _accuracy(networks[one.settings], trainer, fit) for one, fit in fits.items()}
    return [Trial(values, fits[one], found[one]) for values, one in zip(changes, tried, strict=True)]


def _accuracy(network: Architecture, trainer: Trainer, fit: Fit) -> float:
    if fit.diverged:
        return math.nan
    return accuracy(trainer.validation.labels, predictions(trainer, network, fit, trainer.validation))


def choose_options(
    subject: Subject, trials: Sequence[Trial], by: str, log: Callable[[str], None]
) -> tuple[Subject, pd.DataFrame]:
    """Return the network with the values that did best, and the table of trials; unchanged without trials."""
    if not trials:
        return subject, trials_table([], None)
    chosen = best_trial(trials, by)
    changes = trials[chosen].changes
    log(f"{subject.name}: of {len(trials)} trials, {', '.join(f'{k} {v}' for k, v in changes.items())} is best")
    return subject.changed(changes), trials_table(trials, chosen)


def best_trial(trials: Sequence[Trial], by: str) -> int:
    """Return the place of the first best trial; by accuracy, the loss decides between equals.

    InputError if all trials diverged.
    """
    sound = [place for place, trial in enumerate(trials) if not trial.fit.diverged]
    if not sound:
        raise InputError("all trials of search.space diverged; give lower learning rates")

    def rank(place: int) -> tuple[float, ...]:
        loss = trials[place].fit.validation_loss
        return (loss,) if by == "loss" else (-trials[place].accuracy, loss)

    return min(sound, key=rank)


def trials_table(trials: Sequence[Trial], chosen: int | None) -> pd.DataFrame:
    """Return a row for each trial: its number, the values of the options, and the columns RESULTS.

    chosen: the place of the best; None without trials. The results of a trial that diverged are missing.
    """
    rows = []
    for place, (changes, fit, right) in enumerate(trials):
        loss = math.nan if fit.diverged else fit.validation_loss
        results = right, loss, fit.epochs, fit.seconds, int(fit.diverged), int(place == chosen)
        rows.append({"trial": place} | dict(changes) | dict(zip(RESULTS, results, strict=True)))
    table = pd.DataFrame(rows, columns=["trial", *(trials[0].changes if trials else ()), *RESULTS])
    return table.round({"accuracy": 6, "validation_loss": 6, "seconds": 2})
