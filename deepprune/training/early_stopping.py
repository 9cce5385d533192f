"""Early stopping."""

import copy
import math
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from deepprune.models.architecture import State, Weights
from deepprune.training.fits import Fit
from deepprune.training.stack import one_of


class Losses(NamedTuple):
    """Mean losses of one network after an epoch."""

    training: float
    validation: float


class Run:
    """The training of one network: its early stopping and its best weights."""

    def __init__(self, rng: np.random.Generator, patience: int) -> None:
        self.rng = rng
        self.random: np.random.Generator | None = None
        self.patience = patience
        self.epochs = self.waited = 0
        self.losses = Losses(math.inf, math.inf)
        self.best: tuple[Weights, State, int] | None = None  # weights and state of its stack, and its place in it
        self.diverged = False
        self.began = self.ended = time.perf_counter()

    @property
    def finished(self) -> bool:
        return self.diverged or self.waited == self.patience

    def seed(self) -> np.ndarray:
        """Draw a seed for dropout and the like, int32 (2,)."""
        if self.random is None:
            # A separate stream: the draws of dropout do not change the order of the sequences.
            (self.random,) = self.rng.spawn(1)
        return self.random.integers(2**31 - 1, size=2, dtype=np.int32)

    def advance(self, weights: Weights, state: State, place: int, losses: Losses) -> None:
        """Record an epoch: the stack's weights and state after it, this network's place in the stack, its losses."""
        self.epochs += 1
        self.waited += 1
        self.diverged = not math.isfinite(losses.validation)
        if self.diverged or losses.validation < self.losses.validation:
            self.best, self.losses = (weights, state, place), losses
            self.waited = 0
        self.ended = time.perf_counter()

    def counts(self) -> dict[str, Any]:
        """Return, for JSON, all but the patience and the best weights: counts, losses, seconds, random generators."""
        return {
            "epochs": self.epochs,
            "waited": self.waited,
            "losses": self.losses,
            "seconds": self.ended - self.began,
            "order": self.rng.bit_generator.state,
            "random": self.random.bit_generator.state if self.random else None,
        }

    def resumed(self, counts: Mapping[str, Any], best: tuple[Weights, State]) -> "Run":
        """Return this run, which has not begun, with the `counts` of one that began alike.

        best: weights and state of that run's best epoch, as a stack of one.
        """
        run = copy.deepcopy(self)
        run.epochs, run.waited, run.losses = counts["epochs"], counts["waited"], Losses(*counts["losses"])
        run.best = (*best, 0)
        if counts["random"]:
            (run.random,) = run.rng.spawn(1)
            run.random.bit_generator.state = counts["random"]
        run.rng.bit_generator.state = counts["order"]
        run.ended = time.perf_counter()
        run.began = run.ended - counts["seconds"]
        return run

    def fit(self) -> Fit:
        """Return the trained network; its weights may include padding."""
        assert self.best, "no epoch was trained"
        weights, state, place = self.best
        seconds = self.ended - self.began
        own = one_of(weights, place), one_of(state, place)
        return Fit(*own, self.epochs, *self.losses, seconds, self.diverged)
