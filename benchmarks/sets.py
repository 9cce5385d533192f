"""Data sets for benchmarks: real ones of ../shared/data/chipseq if present, else simulated ones of similar size."""

from pathlib import Path

import numpy as np

from deepprune.data.dataset import Dataset
from deepprune.data.prepare import prepare
from deepprune.data.readers import DataOptions

ROOT = Path(__file__).resolve().parents[1]
CHIPSEQ = ROOT.parent / "shared/data/chipseq"
MOTIFS = sorted((ROOT / "resources/motifs").glob("*.meme"))


def real(name: str, sequences: int | None = None) -> Dataset:
    """Return a real set, positives and as many shuffles, at most `sequences`; a simulated one if it is absent."""
    if not (CHIPSEQ / f"{name}_AC.seq.gz").exists():
        return simulated(1, 101, (sequences or 12_000) // 4)
    return first(prepared(name, "seqgz", CHIPSEQ / name, DataOptions()), sequences)


def simulated(number: int, length: int, positives: int) -> Dataset:
    """Motif insertion into random sequence; `positives`, and as many negatives, each in training and in test."""
    options = {"length": length, "positives": positives, "negatives": positives, "margin": length // 10}
    motifs = MOTIFS[number % len(MOTIFS)]
    return prepared(f"simulated{number}", "simulated", motifs, DataOptions(simulation=options))


def prepared(name: str, format: str, path: Path, options: DataOptions) -> Dataset:
    """Return a data set as the workflow prepares it."""
    return prepare({"dataset": name, "format": format, "path": str(path)}, options)[0]


def first(data: Dataset, sequences: int | None) -> Dataset:
    """Return a random part of a data set."""
    chosen = np.random.default_rng(0).permutation(len(data.codes))[:sequences]
    return data.take(chosen)
