"""Data sets to measure on: real ones of ../shared/data/chipseq where that is, else simulated ones of like size."""

from pathlib import Path

import numpy as np

from deepprune.data.dataset import Dataset
from deepprune.data.prepare import prepare

ROOT = Path(__file__).resolve().parents[1]
CHIPSEQ = ROOT.parent / "shared/data/chipseq"
MOTIFS = sorted((ROOT / "resources/motifs").glob("*.meme"))


def real(name: str, sequences: int | None = None) -> Dataset:
    """A real set, positives and as many shuffles, `sequences` of them at most; a simulated one where it is absent."""
    if not (CHIPSEQ / f"{name}_AC.seq.gz").exists():
        return simulated(1, 101, (sequences or 12_000) // 4)
    return first(prepare(name, "seqgz", CHIPSEQ / name)[0], sequences)


def simulated(number: int, length: int, positives: int) -> Dataset:
    """Motif insertion into random sequence; `positives`, and as many negatives, each in training and in test."""
    options = {"length": length, "positives": positives, "negatives": positives, "margin": length // 10}
    return prepare(f"simulated{number}", "simulated", MOTIFS[number % len(MOTIFS)], simulation=options)[0]


def first(data: Dataset, sequences: int | None) -> Dataset:
    """A random part of a data set."""
    chosen = np.random.default_rng(0).permutation(len(data.codes))[:sequences]
    return Dataset(data.codes[chosen], data.labels[chosen], data.split[chosen])
