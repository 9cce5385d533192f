"""The package in Python: models that predict, and runs on peaks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.explain.contributions import Contributions, contributions
from deepprune.io.motif import Motif
from deepprune.jobs import run as workflow
from deepprune.jobs.request import SEEDS, Request
from deepprune.models.model_file import Model, load_model_file


class LoadedModel:
    """A model that predicts sequences given as text.

    Letters beside A C G T, in any case, count as N, which scores nothing.  file: what the model file holds.
    """

    def __init__(self, file: Model) -> None:
        self.file = file

    def __repr__(self) -> str:
        file, dataset = self.file, self.file.about.get("dataset")
        of = f" of {dataset}" if dataset else ""
        return f"<model{of}: {len(file.kernels)} kernels of {file.use.width} bp, window {file.window} bp>"

    def predict(self, sequences: Sequence[str]) -> np.ndarray:
        """Return the probability that each sequence is bound, float64 (n,).

        InputError if a sequence is shorter than a kernel.
        """
        return self._of(sequences).probabilities

    def contributions(self, sequences: Sequence[str]) -> pd.DataFrame:
        """Return what the logit of each sequence consists of: columns intercept, background, each kernel, and logit.

        The logit is the sum of the others. InputError as for `predict`.
        """
        found = self._of(sequences)
        table = pd.DataFrame({"intercept": found.intercept, "background": found.background})
        kernels = pd.DataFrame(found.kernels, columns=self.file.kernels)
        return pd.concat([table, kernels], axis=1).assign(logit=found.logits)

    def motifs(self) -> list[Motif]:
        """Return the motifs of the kernels, without uninformative flanks; a kernel without a motif is left out."""
        return list(self.file.motifs)

    def _of(self, sequences: Sequence[str]) -> Contributions:
        """Return the summands of the logits, in the order of the sequences, which may differ in length."""
        lengths = np.array([len(sequence) for sequence in sequences], int)
        if isinstance(sequences, str):
            raise TypeError("give a list of sequences, not one string")
        if len(lengths) and lengths.min() < self.file.use.width:
            shortest = int(lengths.argmin())
            raise InputError(
                f"sequence {shortest} has {lengths[shortest]} bp, but the model's kernels have {self.file.use.width}; "
                "leave out shorter sequences"
            )
        kernels, background = np.zeros((len(lengths), len(self.file.kernels))), np.zeros(len(lengths))
        for length in np.unique(lengths):
            rows = np.flatnonzero(lengths == length).tolist()
            part = contributions(self.file, to_codes([sequences[row] for row in rows]))
            kernels[rows], background[rows] = part.kernels, part.background
        return Contributions(kernels, background, float(self.file.parameters.intercept[0]))


def load_model(path: str | Path) -> LoadedModel:
    """Return the model of a file `model.npz`; InputError if it is none, if it is damaged, or of a newer version."""
    return LoadedModel(load_model_file(path))


def run(
    peaks: str | Path,
    genome: str | Path | None = None,
    out: str | Path = "deepprune",
    *,
    window: int | None = None,
    kernels: int | None = None,
    seeds: int = SEEDS,
    negatives: str | Sequence[str] = "shuffle",
    blacklist: str | Path | None = None,
    cores: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> Path:
    """Find motifs in one peak file, as the command `deepprune run` does, and return the folder of the results.

    window: bp around each summit.  kernels: of the model.  seeds: networks to train.  negatives: shuffle, genomic, or
    a list of both.  blacklist: BED of regions that genomic negatives must not overlap.  cores: all by default.
    options: further ones of the workflow. InputError for a mistake in the input.
    """
    request = Request(
        str(peaks),
        None if genome is None else str(genome),
        str(out),
        window=window,
        kernels=kernels,
        seeds=seeds,
        negatives=(negatives,) if isinstance(negatives, str) else tuple(negatives),
        blacklist=None if blacklist is None else str(blacklist),
        options=options or {},
    )
    return workflow.run(request, cores)
