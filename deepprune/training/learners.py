"""Training of forests and linear models on features of a data set's sequences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.seeds import sequence_ranks
from deepprune.errors import InputError
from deepprune.evaluation.tasks import Evaluation, Labels, Logits, evaluate_tasks, task_means
from deepprune.models.conv_settings import FOREST, LearnerSettings
from deepprune.models.features import Reader, Source, source_reader, word_reader
from deepprune.models.learners import Examples, Forest, Linear, check_package, train_learner
from deepprune.training.clock import LEARN, PREDICT, READ, STEPS, Clock, Step
from deepprune.training.fits import Fit, replicates_table

BLOCK = 2000  # sequences whose features are in memory at once, beside those of the examples


class Outcome(NamedTuple):
    """A trained learner, without what it predicts with. parameters: weights, or nodes of trees."""

    fit: Fit
    parameters: int
    steps: list[Step]


class Training:
    """The training of one learner on a data set from any seed.

    The seed chooses the sequences if they are too many, and grows the forest; features of a trained row are those of
    its network of the same seed. Validation sequences choose the penalties of linear models and do nothing else.
    """

    def __init__(
        self,
        name: str,
        settings: LearnerSettings,
        data: Dataset,
        source: Source | None = None,
        log: Callable[[str], None] = print,
    ) -> None:
        check_package(name)
        self.name, self.settings, self.data, self.source, self.log = name, settings, data, source, log

    def known(self, seeds: Sequence[int]) -> list[int]:
        """Return the seeds for which there are features, and tell which are left out; InputError if all are."""
        known = [seed for seed in seeds if not self.source or seed in self.source.seeds()]
        if self.source and not known:
            raise InputError(f"network {self.name}: {self.source.name}, whose features it reads, has none of any seed")
        for seed in seeds:
            if seed not in known:
                self.log(f"{self.name}, seed {seed}: left out, since there are no features of this seed")
        return known

    def outcome(self, seed: int, threads: int = 1) -> tuple[Outcome, Logits]:
        """Return the learner of a seed, and its scores: above 0 for positives."""
        read, clock = self._reader(seed), Clock()
        rows, held_out = self.rows(TRAIN, seed), self.rows(VALIDATION, seed)
        chooses = self.settings.learner != FOREST
        with clock.step(READ, len(rows) + len(held_out) * chooses):
            training = self._examples(read, rows)
            validation = self._examples(read, held_out) if chooses else None
        with clock.step(LEARN, len(rows)):
            learner = train_learner(self.settings, training, validation, seed, threads)
        with clock.step(PREDICT, len(self.data.rows(TEST))):
            test = self._scores(learner, read, TEST)
        seconds = clock.seconds(READ, LEARN)
        self.log(f"{self.name}, seed {seed}: {training.features.shape[1]} features, {seconds:.1f} s")
        fit = Fit(learner.arrays(), (), 1, np.nan, np.nan, seconds, False)
        logits = Logits(test, self._scores(learner, read, VALIDATION))
        return Outcome(fit, learner.parameters, clock.steps), logits

    def rows(self, part: int, seed: int) -> np.ndarray:
        """Return the rows of a part that a seed chooses, ascending."""
        rows = self.data.rows(part)
        if len(rows) <= self.settings.most:
            return rows
        ranks = sequence_ranks(self.data.codes, rows, seed, f"learner's part {part}")
        return np.sort(ranks[: self.settings.most])

    def _scores(self, learner: Forest | Linear, read: Reader, part: int) -> np.ndarray:
        """Return the scores of a part of the data set, made in blocks."""
        rows = self.data.rows(part)
        blocks = (rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK))
        return np.concatenate([learner.scores(self._features(read, block)) for block in blocks])

    def _reader(self, seed: int) -> Reader:
        if self.source is None:
            return word_reader(self.settings.letters)
        return source_reader(self.source, seed, self.data.codes.shape[1], len(self.data.tasks))

    def _examples(self, read: Reader, rows: np.ndarray) -> Examples:
        first = self._features(read, rows[:BLOCK])
        features = np.empty((len(rows), first.shape[1]), np.float32)
        features[:BLOCK] = first
        for place in range(BLOCK, len(rows), BLOCK):
            features[place : place + BLOCK] = self._features(read, rows[place : place + BLOCK])
        return Examples(features, self.data.labels[rows])

    def _features(self, read: Reader, rows: np.ndarray) -> np.ndarray:
        """Return the features of sequences, float32 (n, features), 0 for infinite ones and NaN, which are told."""
        features = read(self.data.codes[rows])
        infinite = int((~np.isfinite(features)).sum())
        if infinite:
            self.log(f"{self.name}: {infinite} features of {len(rows)} sequences are infinite or NaN and count as 0")
        return np.nan_to_num(features, nan=0, posinf=0, neginf=0)


def evaluate_learners(
    training: Training, seeds: Sequence[int], threads: int = 1
) -> tuple[dict[int, Outcome], Evaluation]:
    """Train a learner from every seed that has features, and return the learners by seed with their performance."""
    outcomes: dict[int, Outcome] = {}

    def one_by_one() -> Iterator[tuple[int, Logits]]:
        for seed in training.known(seeds):
            outcomes[seed], logits = training.outcome(seed, threads)
            yield seed, logits

    evaluation = evaluate_tasks(training.data.tasks, Labels.of(training.data), one_by_one())
    return outcomes, evaluation


def learners_table(outcomes: Mapping[int, Outcome], evaluation: Evaluation) -> pd.DataFrame:
    """Return the table that `replicates_table` gives of networks."""
    fits = {seed: outcome.fit for seed, outcome in outcomes.items()}
    table = replicates_table(fits, task_means(evaluation))
    return table.assign(parameters=[outcome.parameters for outcome in outcomes.values()])


def steps_table(outcomes: Mapping[int, Outcome], source: str) -> pd.DataFrame:
    """Return the columns STEPS, a row for each seed and step; source: the row whose features are read, or empty.

    Its own training is in none of them.
    """
    rows = [(seed, source, *step) for seed, outcome in outcomes.items() for step in outcome.steps]
    return pd.DataFrame(rows, columns=STEPS).round(3)
