"""A network's way through the epochs, its early stopping, and what comes out."""

import math
import time
from typing import NamedTuple

import numpy as np

from deepprune.models.parameters import Parameters
from deepprune.training.stack import network


class Fit(NamedTuple):
    """A trained network. `diverged`: its loss left the finite numbers, and the parameters are of no use."""

    parameters: Parameters
    epochs: int
    loss: float
    validation_loss: float
    seconds: float
    diverged: bool


class Run:
    """One network's way through the epochs: its early stopping and its best weights."""

    def __init__(self, rng: np.random.Generator, patience: int) -> None:
        self.rng = rng
        self.patience = patience
        self.epochs = self.waited = 0
        self.loss = self.validation_loss = math.inf
        self.best: tuple[Parameters, int] | None = None  # parameters of its stack, and its place there
        self.diverged = False
        self.began = self.ended = time.perf_counter()

    @property
    def finished(self) -> bool:
        return self.diverged or self.waited == self.patience

    def advance(self, parameters: Parameters, place: int, loss: float, validation_loss: float) -> None:
        """Take note of an epoch: the stack's parameters after it, this network's place there, and its losses."""
        self.epochs += 1
        self.waited += 1
        self.diverged = not math.isfinite(validation_loss)
        if self.diverged or validation_loss < self.validation_loss:
            self.best, self.loss, self.validation_loss = (parameters, place), loss, validation_loss
            self.waited = 0
        self.ended = time.perf_counter()

    def fit(self, kernels: int) -> Fit:
        """What came of it; kernels: how many of the stack's are the network's own."""
        assert self.best, "no epoch was trained"
        parameters = network(*self.best, kernels)
        return Fit(parameters, self.epochs, self.loss, self.validation_loss, self.ended - self.began, self.diverged)
