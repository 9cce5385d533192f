"""An epoch of the networks of a table beside Keras's `fit` of the same model, as TSV on standard output.

Thousands of sequences per processor second, the fastest of several epochs in turn, on one thread, and the ratio of
these: columns network, keras, engine, ratio. Batches of 100.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from epochs import taken

TABLE = Path(__file__).parents[1] / "resources" / "koo_eddy" / "networks.code.tsv"
BATCH = 100
OPTIMIZERS = ("adam", "adadelta", "rmsprop")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", default=str(TABLE), help="table of networks (docs/networks.md)")
    parser.add_argument("--select", nargs="+", default=["*"], help="names or globs of networks")
    parser.add_argument("--length", type=int, default=200, help="bp")
    parser.add_argument("--tasks", type=int, default=12)
    parser.add_argument("--sequences", type=int, default=6000, help="of an epoch")
    parser.add_argument("--optimizer", choices=OPTIMIZERS, default="adam")
    parser.add_argument("--repeats", type=int, default=4, help="epochs of each network")
    arguments = parser.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from deepprune.models.conv_table import read_networks, select_networks
    from deepprune.training.trainer import prepare_devices

    prepare_devices(1)
    print("network", "keras", "engine", "ratio", sep="\t")
    for name, settings in select_networks(read_networks(arguments.networks), arguments.select).items():
        shape = arguments.sequences, arguments.length, arguments.tasks
        plain, engine = epochs(settings, shape, arguments.optimizer)
        seconds: list[tuple[float, float]] = [(taken(plain), taken(engine)) for _ in range(arguments.repeats + 1)][1:]
        rates = [arguments.sequences / 1000 / min(column) for column in zip(*seconds, strict=True)]
        print(name, *(f"{rate:.3g}" for rate in rates), f"{rates[1] / rates[0]:.2f}", sep="\t", flush=True)


def epochs(
    settings: Any, shape: tuple[int, int, int], optimizer: str
) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return an epoch of Keras's `fit` and one of the engine, both with the validation of a batch.

    shape: sequences, their length, tasks.
    """
    import keras
    import numpy as np

    from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
    from deepprune.dna.codes import one_hot
    from deepprune.models.conv_stack import conv_stack
    from deepprune.training.trainer import Options, Start, Trainer

    rng, (sequences, length, tasks) = np.random.default_rng(0), shape
    codes = rng.integers(0, 4, (sequences + BATCH, length)).astype(np.uint8)
    labels = rng.integers(0, 2, (len(codes), tasks)).astype(np.uint8)
    split = np.repeat(np.array([TRAIN, VALIDATION], np.uint8), [sequences, BATCH])
    network = conv_stack("cnn", settings, length, tasks)

    model = network.build()
    known = keras.optimizers.Adam(0.001), keras.optimizers.Adadelta(1.0, 0.9, 1e-6), keras.optimizers.RMSprop(0.001)
    model.compile(dict(zip(OPTIMIZERS, known, strict=True))[optimizer], keras.losses.BinaryCrossentropy(True))
    parts = [(one_hot(codes[rows]), labels[rows]) for rows in (split == TRAIN, split == VALIDATION)]
    options = Options(BATCH, 0.001, 1, 1, optimizer, rho=0.9)
    if optimizer == "adadelta":
        options = options._replace(learning_rate=1.0, epsilon=1e-6)
    trainer = Trainer(Dataset(codes, labels, split, tuple(map(str, range(tasks)))), options, lambda _: None)
    start = Start(network.initial(rng), rng)
    fitting = {"batch_size": BATCH, "epochs": 1, "verbose": 0}
    return (
        lambda: model.fit(*parts[0], validation_data=parts[1], **fitting),
        lambda: trainer.fit(network, [start]),
    )


if __name__ == "__main__":
    main()
