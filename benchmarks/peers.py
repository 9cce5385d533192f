"""Other methods on prepared data sets: test AUROC and AUPRC, processor seconds, as TSV.

Usage: peers.py DATA.npz ... [--methods keras explainn words gkmsvm]

keras: 256 kernels of 15 bp on both strands, a global maximum and a sigmoid, in plain Keras layers.  explainn: networks
of 4, 8 and 16 units as in Novakovsky et al. (2023): each is a convolution of one kernel of 19 bp, an exponential, a
maximum over 7 positions and two dense layers; the units are added up. Batch norm and dropout as published, learning
rate 0.003, one strand.  words: logistic regression on the counts of words, penalty chosen on validation data.  gkmsvm:
the program of gkmsvm-lite (pip install gkmsvm-lite, in an environment of its own with its bin/ on PATH), all training
and validation sequences, l 11, k 7, d 3 as in LS-GKM. Networks stop as ours do: after 15 epochs without a lower
validation loss.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

UNITS = (4, 8, 16)
WORDS: tuple[int | str, ...] = (4, 5, 6, "gapped")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("data", nargs="+", type=Path, help="prepared data sets: results/data/NAME.npz")
    arguments = parser.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from deepprune.data.dataset import TEST, Dataset
    from deepprune.evaluation.metrics import auprc, auroc

    print("dataset", "method", "size", "auroc", "auprc", "cpu_seconds", sep="\t")
    for path in arguments.data:
        data = Dataset.load(path)
        labels = data.part(TEST)[1][:, 0]
        for method in arguments.methods:
            for size, scores, seconds in METHODS[method](data):
                quality = f"{auroc(labels, scores):.4f}", f"{auprc(labels, scores):.4f}"
                print(path.stem, method, size, *quality, f"{seconds:.1f}", sep="\t", flush=True)


Result = tuple[int | str, np.ndarray, float]


def plain_keras(data: Any) -> Iterator[Result]:
    """Yield the network of 256 kernels on both strands."""
    import keras

    from deepprune.models.export import ReverseComplement

    one_hot = keras.Input((None, 4))
    convolution, pooling = keras.layers.Conv1D(256, 15, activation="relu"), keras.layers.GlobalMaxPooling1D()
    strands = [pooling(convolution(strand)) for strand in (one_hot, ReverseComplement()(one_hot))]
    logit = keras.layers.Dense(1)(keras.layers.Maximum()(strands))
    yield 256, *trained(keras.Model(one_hot, logit), data, batch_size=256, learning_rate=0.01)


def explainn(data: Any) -> Iterator[Result]:
    """Yield the sums of independent units."""
    import keras
    from keras import layers

    def norm() -> Any:
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)  # PyTorch's, in which they were published

    length = data.codes.shape[1]
    for units in UNITS:
        one_hot = keras.Input((length, 4))
        outputs = []
        for _ in range(units):
            found = layers.Activation("exponential")(norm()(layers.Conv1D(1, 19)(one_hot)))
            found = layers.Dense(100)(layers.Flatten()(layers.MaxPooling1D(7)(found)))
            found = layers.Dropout(0.3)(layers.ReLU()(norm()(found)))
            outputs.append(layers.ReLU()(norm()(layers.Dense(1)(found))))
        logit = layers.Dense(1)(layers.Concatenate()(outputs))
        yield units, *trained(keras.Model(one_hot, logit), data, batch_size=100, learning_rate=0.003)


def trained(model: Any, data: Any, batch_size: int, learning_rate: float) -> tuple[np.ndarray, float]:
    """Train a model and return its logits of the test sequences, and the processor seconds of training."""
    import keras

    from deepprune.data.dataset import TEST, TRAIN, VALIDATION
    from deepprune.dna.codes import one_hot

    keras.utils.set_random_seed(0)
    parts = [(one_hot(codes), labels) for codes, labels in map(data.part, (TRAIN, VALIDATION))]
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(learning_rate), loss)
    stop = keras.callbacks.EarlyStopping(patience=15, restore_best_weights=True)
    began = time.process_time()
    options = {"batch_size": batch_size, "epochs": 1000, "verbose": 0}
    model.fit(*parts[0], validation_data=parts[1], callbacks=[stop], **options)
    seconds = time.process_time() - began
    return model.predict(one_hot(data.part(TEST)[0]), verbose=0)[:, 0], seconds


def words(data: Any) -> Iterator[Result]:
    """Yield logistic regressions on counts of words, which the background starts from."""
    from deepprune.data.dataset import TEST, TRAIN, VALIDATION
    from deepprune.dna.words import background_words
    from deepprune.training.background import fit_background
    from deepprune.training.sequences import Part

    for option in WORDS:
        kind = background_words(option, merged=True)
        assert kind
        began = time.process_time()
        fit = fit_background(kind, Part(data, TRAIN), Part(data, VALIDATION))
        seconds = time.process_time() - began
        yield option, kind.summed(data.part(TEST)[0], fit.weights)[:, 0], seconds


def gkmsvm(data: Any) -> Iterator[Result]:
    """Yield the support vector machine on gapped words of 11 letters."""
    from deepprune.data.dataset import TEST, TRAIN, VALIDATION
    from deepprune.dna.codes import to_text

    def write(path: Path, codes: np.ndarray) -> None:
        path.write_text("".join(f">{number}\n{text}\n" for number, text in enumerate(to_text(codes))))

    with tempfile.TemporaryDirectory() as folder:
        files = {
            name: Path(folder) / name for name in ("positives.fa", "negatives.fa", "test.fa", "model.npz", "scores")
        }
        parts = [data.part(TRAIN), data.part(VALIDATION)]
        codes, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        write(files["positives.fa"], codes[labels[:, 0] == 1])
        write(files["negatives.fa"], codes[labels[:, 0] == 0])
        write(files["test.fa"], data.part(TEST)[0])
        seconds = 0.0
        for command in (
            ["train", "-p", files["positives.fa"], "-n", files["negatives.fa"], "-o", files["model.npz"]],
            ["predict", "-m", files["model.npz"], "-i", files["test.fa"], "-o", files["scores"]],
        ):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(["gkmsvm", *map(str, command)], check=True, stdout=sys.stderr)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if command[0] == "train":
                seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        scores = [
            float(line.split("\t")[-1]) for line in files["scores"].read_text().splitlines() if line[:1].isdigit()
        ]
    yield "l 11, k 7, d 3", np.array(scores), seconds


METHODS: dict[str, Callable[[Any], Iterator[Result]]] = {
    "keras": plain_keras,
    "explainn": explainn,
    "words": words,
    "gkmsvm": gkmsvm,
}

if __name__ == "__main__":
    main()
