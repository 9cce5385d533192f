"""Time and memory of a gkm-SVM on one core, as TSV on standard output.

Columns: positives (as many negatives), length, l/k/d, number of support vectors, processor seconds of training and of
scoring 1,000 sequences, AUROC of these, peak MB of the process with all its libraries. Positives of random letters hold
CACGTGACC, half of them with one letter changed.
"""

import argparse
import resource
import time

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.dna.codes import to_codes
from deepprune.evaluation.metrics import auroc
from deepprune.models.conv_settings import GkmSettings
from deepprune.training.machines import Training, machine_of

WORD, SCORED = "CACGTGACC", 1000
COLUMNS = ("positives", "length", "words", "support", "training_seconds", "scoring_seconds", "auroc", "mb")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--positives", type=int, nargs="+", default=[1000, 5000], help="ascending: memory is a peak")
    parser.add_argument("--length", type=int, default=101)
    parser.add_argument("--words", type=int, nargs=3, default=[10, 6, 3], metavar=("L", "K", "D"))
    options = parser.parse_args()
    settings = GkmSettings(*options.words)
    print(*COLUMNS, sep="\t", flush=True)
    for positives in [10, *options.positives]:  # the first compiles
        row = measured(settings, made_up(positives, options.length))
        if positives > 10:
            words = "/".join(map(str, settings[:3]))
            print(positives, options.length, words, *row, sep="\t", flush=True)


def made_up(positives: int, length: int) -> Dataset:
    """Return the sequences; those that are scored are for test."""
    rng = np.random.default_rng(0)
    count = 2 * positives + SCORED
    codes = rng.integers(0, 4, (count, length), dtype=np.uint8)
    for row in range(0, count, 2):
        word = to_codes([WORD])[0]
        if rng.random() < 0.5:
            word[rng.integers(len(WORD))] = rng.integers(4)
        start = rng.integers(length - len(WORD))
        codes[row, start : start + len(WORD)] = word
    labels = (np.arange(count) % 2 == 0).astype(np.uint8)[:, None]
    return Dataset(codes, labels, np.where(np.arange(count) < 2 * positives, TRAIN, TEST).astype(np.uint8))


def measured(settings: GkmSettings, data: Dataset) -> tuple[object, ...]:
    """Return the last columns."""
    training, (codes, labels) = Training("gkm", settings, data, lambda _: None), data.part(TEST)
    began = time.process_time()
    fits = training.fits([0])
    trained = time.process_time()
    scores = training.scores(fits, codes)[0]
    scored = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    quality = auroc(labels[:, 0], scores[:, 0])
    seconds = round(trained - began, 1), round(scored - trained, 1)
    return len(machine_of(fits[0]).weights), *seconds, round(quality, 4), round(peak)


if __name__ == "__main__":
    main()
