"""The time that networks take to train."""

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from deepprune.models.architecture import Architecture
from deepprune.training.trainer import Start, Trainer

MOST_EPOCHS = 10  # timed; small sets would need thousands, and more epochs tell no more
COLUMNS = ["network", "repeat", "sequences", "epochs", "seconds"]


def training_times(
    networks: Mapping[str, Architecture], trainer: Trainer, sequences: int, repeats: int
) -> pd.DataFrame:
    """Return the seconds in which each network is trained on so many sequences: the columns COLUMNS.

    The networks take turns, so that other work on the machine meets all alike. Up to MOST_EPOCHS whole epochs are
    timed, each with its validation, and their time is scaled to the sequences; an epoch before them, with the
    compilation, does not count.
    """
    epochs = min(-(-sequences // len(trainer.training)), MOST_EPOCHS)
    options = trainer.options._replace(max_epochs=epochs, patience=epochs)
    share = sequences / (epochs * len(trainer.training))
    trainer.trace(list(networks.values()))
    for network in networks.values():
        trainer.fit(network, [_start(network)], options._replace(max_epochs=1))
    rows = []
    for repeat in range(repeats):
        for name, network in networks.items():
            began = time.perf_counter()
            trainer.fit(network, [_start(network)], options)
            seconds = (time.perf_counter() - began) * share
            trainer.log(f"{name}: {sequences} sequences in {seconds:.2f} s")
            rows.append((name, repeat, sequences, epochs, round(seconds, 3)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _start(network: Architecture) -> Start:
    return Start(network.initial(np.random.default_rng(0)), np.random.default_rng(1))
