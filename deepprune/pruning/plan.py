"""What is trained on a data set, and how.

Methods, named as in the tables:
baseline: trained at its size from the start.  inter: pruned to its size, not yet fine-tuned.  deepprune: pruned and
fine-tuned.  winning_ticket: pruned, then the kept kernels are reset to their initial weights and trained again (Frankle
& Carbin 2018).  circular: one circular filter (see models.circular).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from deepprune.keys import NetworkKey
from deepprune.models.few_kernel import FewKernel
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.trainer import Options

METHODS = ("baseline", "inter", "deepprune", "winning_ticket", "circular")


class Plan(NamedTuple):
    """What is trained on a data set for each seed.

    network: the widest.  ladder: numbers of kernels, falling.  criteria: winning tickets follow the first.  distill:
    for the criterion loss, the share of the teacher's probabilities in the labels of fine-tuning; see Teachers.
    distinct: see criteria.prune.
    """

    network: FewKernel
    ladder: Sequence[int]
    options: Options = Options()
    methods: Sequence[str] = METHODS[:3]
    criteria: Sequence[str] = ("weight",)
    learning_rate_decay: float = 1.2
    distill: float = 0.8
    distinct: bool = False

    def at(self, kernels: int) -> FewKernel:
        """Return the network of this size."""
        return replace(self.network, kernels=kernels)


class Execution(NamedTuple):
    """How trainings are executed; results do not depend on it.

    threads: the number of trainings side by side.  stack: seeds in one program; None for the device's default.
    checkpoint: the store of trained networks; networks found there are not trained again.
    """

    threads: int = 1
    stack: int | None = None
    checkpoint: Checkpoint | None = None
    log: Callable[[str], None] = print


ALONE = Execution()


class Trained(NamedTuple):
    """Networks of one kind by seed, with their keys and the places of their kernels in the widest network."""

    network: Any  # FewKernel | Circular
    method: str
    criterion: str
    fits: Mapping[int, Fit]
    origins: Mapping[int, np.ndarray]

    def key(self, seed: int) -> NetworkKey:
        """Return the key of the network of this seed."""
        return NetworkKey(self.network.name, self.method, self.criterion, self.network.kernels, seed)


class Recipe(NamedTuple):
    """How networks of one kind are trained.

    order: the random stream of the order of sequences.  labels: by seed, None for the data set's own.
    """

    network: Any  # FewKernel | Circular
    method: str
    criterion: str
    order: int
    options: Options
    labels: Mapping[int, np.ndarray] | None = None
