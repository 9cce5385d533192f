"""An epoch of stacks of convolutions beside Keras's `fit` of the same model, as TSV on standard output.

Thousands of sequences per processor second, the fastest of several epochs in turn, on one thread: columns pool (the
first), pool2, keras, engine, ratio. Sequences of 200 bp, batches of 100, convolutions of 30 x 19 and 128 x 5, 512 dense
units, batch norm, dropout, Adam.
"""

import argparse
import os
from collections.abc import Callable

from epochs import taken

POOLS = [(100, 1), (50, 2), (25, 4), (10, 10), (4, 25), (2, 50), (1, 100)]
LENGTH, TASKS, BATCH, SEQUENCES = 200, 12, 100, 6000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=4, help="epochs of each network")
    repeats = parser.parse_args().repeats
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from deepprune.training.trainer import prepare_devices

    prepare_devices(1)
    print("pool", "pool2", "keras", "engine", "ratio", sep="\t")
    for pools in POOLS:
        plain, engine = epochs(*pools)
        seconds: list[tuple[float, float]] = [(taken(plain), taken(engine)) for _ in range(repeats + 1)][1:]
        rates = [SEQUENCES / 1000 / min(column) for column in zip(*seconds, strict=True)]
        print(*pools, *(f"{rate:.1f}" for rate in rates), f"{rates[1] / rates[0]:.2f}", sep="\t", flush=True)


def epochs(pool: int, pool2: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return an epoch of Keras's `fit` and one of the engine, both with the validation of a batch."""
    import keras
    import numpy as np

    from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
    from deepprune.dna.codes import one_hot
    from deepprune.models.conv_settings import Convolution, ConvSettings
    from deepprune.models.conv_stack import conv_stack
    from deepprune.training.trainer import Options, Start, Trainer

    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (SEQUENCES + BATCH, LENGTH)).astype(np.uint8)
    labels = rng.integers(0, 2, (len(codes), TASKS)).astype(np.uint8)
    split = np.repeat(np.array([TRAIN, VALIDATION], np.uint8), [SEQUENCES, BATCH])
    convolutions = Convolution(30, 19, pool), Convolution(128, 5, pool2)
    settings = ConvSettings(convolutions, (512,), conv_dropout=0.1, dense_dropout=0.5, l2=1e-6)
    network = conv_stack("cnn", settings, LENGTH, TASKS)

    model = network.build()
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss)
    parts = [(one_hot(codes[rows]), labels[rows]) for rows in (split == TRAIN, split == VALIDATION)]
    trainer = Trainer(
        Dataset(codes, labels, split, tuple(map(str, range(TASKS)))), Options(BATCH, 0.001, 1, 1), lambda _: None
    )
    start = Start(network.initial(rng), rng)
    options = {"batch_size": BATCH, "epochs": 1, "verbose": 0}
    return (
        lambda: model.fit(*parts[0], validation_data=parts[1], **options),
        lambda: trainer.fit(network, [start]),
    )


if __name__ == "__main__":
    main()
