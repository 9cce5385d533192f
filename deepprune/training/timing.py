"""The time that networks take to train."""

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from deepprune.models.architecture import Architecture
from deepprune.training.trainer import Start, Trainer

# So many epochs are timed, or as many as have so many sequences; of a small set, all sequences are thousands of epochs.
EPOCHS, SEQUENCES = 10, 5000
COLUMNS = ["network", "repeat", "sequences", "epochs", "seconds"]


def training_times(
    networks: Mapping[str, Architecture], trainer: Trainer, sequences: int, repeats: int
) -> pd.DataFrame:
    """Return the seconds in which each network is trained on so many sequences: the columns COLUMNS.

    The networks take turns, so that other work on the machine meets all alike. After a first training, with the
    compilation, two are timed: of one epoch, and of some more (column epochs), each with its validation. Their
    difference is scaled to the sequences, so that what a training takes beside its epochs counts once.
    """
    size = len(trainer.training)
    epochs = min(-(-sequences // size), max(EPOCHS, -(-SEQUENCES // size)))
    trainer.trace(list(networks.values()))

    def timed(network: Architecture, number: int) -> float:
        start = Start(network.initial(np.random.default_rng(0)), np.random.default_rng(1))
        began = time.perf_counter()
        trainer.fit(network, [start], trainer.options._replace(max_epochs=number, patience=number))
        return time.perf_counter() - began

    for network in networks.values():
        timed(network, 1)
    rows = []
    for repeat in range(repeats):
        for name, network in networks.items():
            once, more = (timed(network, number) for number in (1, 1 + epochs))
            seconds = once + (more - once) * (sequences - size) / (epochs * size)
            trainer.log(f"{name}: {sequences} sequences in {seconds:.2f} s")
            rows.append((name, repeat, sequences, epochs, round(seconds, 3)))
    return pd.DataFrame(rows, columns=COLUMNS)
