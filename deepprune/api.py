"""The package in Python: models that predict, and runs on peaks."""

import reprlib
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.explain.contributions import Contributions, contributions, probabilities
from deepprune.explain.logits import batch_size, check_reads, predictor, text_logits
from deepprune.io.fasta import check_letters
from deepprune.io.motif import Motif
from deepprune.jobs import run as workflow
from deepprune.jobs.request import SEEDS, Request
from deepprune.models.layers_file import AnyModel, load_any_model
from deepprune.models.model_file import Model


class LoadedModel:
    """A model that predicts sequences given as text.

    Sequences are a list, tuple, array or Series of str, and may differ in length. N and IUPAC's other ambiguity letters
    score nothing, and case does not matter. InputError, which counts sequences from 0, for any other character, for a
    sequence that is no text or shorter than a kernel, and for what is no such list.  file: what the model file holds.
    """

    def __init__(self, file: Model) -> None:
        self.file = file

    def __repr__(self) -> str:
        file, dataset = self.file, self.file.about.get("dataset")
        of = f" of {dataset}" if dataset else ""
        return f"<model{of}: {len(file.kernels)} kernels of {file.use.width} bp, window {file.window} bp>"

    def predict(self, sequences: Iterable[str]) -> np.ndarray:
        """Return the probability that each sequence is bound, float64 (n,), in the order of the sequences."""
        return self._of(sequences).probabilities

    def contributions(self, sequences: Iterable[str]) -> pd.DataFrame:
        """Return what the logit of each sequence consists of: columns intercept, background, each kernel, and logit.

        The logit is the sum of the others. Rows are in the order of the sequences, with the index 0, 1, ...
        """
        found = self._of(sequences)
        table = pd.DataFrame({"intercept": found.intercept, "background": found.background})
        kernels = pd.DataFrame(found.kernels, columns=self.file.kernels)
        return pd.concat([table, kernels], axis=1).assign(logit=found.logits)

    def motifs(self) -> list[Motif]:
        """Return the motifs of the kernels, without uninformative flanks; a kernel without a motif is left out."""
        return list(self.file.motifs)

    def _of(self, sequences: Iterable[str]) -> Contributions:
        """Return the summands of the logits, in the order of the sequences."""
        texts = texts_of(sequences)
        check_width(self.file, texts)
        lengths = np.array([len(text) for text in texts], int)
        kernels, background = np.zeros((len(lengths), len(self.file.kernels))), np.zeros(len(lengths))
        for length in np.unique(lengths):
            rows = np.flatnonzero(lengths == length).tolist()
            part = contributions(self.file, to_codes([texts[row] for row in rows]))
            kernels[rows], background[rows] = part.kernels, part.background
        return Contributions(kernels, background, float(self.file.parameters.intercept[0]))


class LoadedNetwork:
    """A network of several layers, or a few-kernel model of several tasks, that predicts sequences given as text.

    Sequences are those of LoadedModel; most networks of several layers read one length alone, the window.  file: what
    the model file holds.
    """

    def __init__(self, file: AnyModel) -> None:
        self.file, self._logits = file, predictor(file)

    def __repr__(self) -> str:
        file, dataset = self.file, self.file.about.get("dataset")
        name = file.about.get("network") if isinstance(file, Model) else file.name
        of = f" of {dataset}" if dataset else ""
        return f"<network {name}{of}: tasks {', '.join(file.tasks)}, window {file.window} bp>"

    def predict(self, sequences: Iterable[str]) -> np.ndarray:
        """Return the probability of each task, float64 (n, tasks), sequences and `file.tasks` in their order."""
        texts = texts_of(sequences)
        if isinstance(self.file, Model):
            check_width(self.file, texts)
            return probabilities(text_logits(self._logits, texts, len(self.file.tasks)))
        for number, text in enumerate(texts):
            check_reads(self.file, len(text), f"sequence {number} has")
        size = batch_size(self.file, max(map(len, texts), default=self.file.window))
        return probabilities(text_logits(self._logits, texts, len(self.file.tasks), size))


def check_width(model: Model, texts: Sequence[str]) -> None:
    """Raise InputError, which counts from 0, if a sequence is shorter than a kernel."""
    shortest = min(range(len(texts)), key=lambda number: len(texts[number]), default=None)
    if shortest is not None and len(texts[shortest]) < model.width:
        raise InputError(
            f"sequence {shortest} has {len(texts[shortest])} bp, but the model's kernels have {model.width}; "
            "leave out shorter sequences"
        )


def texts_of(sequences: Iterable[str]) -> list[str]:
    """Return sequences as a list; InputError, which counts from 0, unless all are text in DNA letters."""
    mistake = InputError(
        f"sequences must be a list, tuple, array or Series of text (str), not one {type(sequences).__name__}"
    )
    if isinstance(sequences, str | bytes | Mapping | Set | pd.DataFrame):
        raise mistake
    try:
        texts = list(sequences)
    except TypeError:
        raise mistake from None
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(f"sequence {number} must be text (str), not {reprlib.repr(text)}; leave out missing ones")
        check_letters(text, f"sequence {number}")
    return texts


def load_model(path: str | Path) -> LoadedModel | LoadedNetwork:
    """Return the model of a file; InputError if it is none, if it is damaged, or of a newer version.

    A few-kernel model of one task is a LoadedModel, others are a LoadedNetwork. InputError also if a network of several
    layers lacks TensorFlow.
    """
    model = load_any_model(path)
    return LoadedModel(model) if isinstance(model, Model) and len(model.tasks) == 1 else LoadedNetwork(model)


def run(
    peaks: str | Path,
    genome: str | Path | None = None,
    out: str | Path = "deepprune",
    *,
    name: str | None = None,
    window: int | None = None,
    kernels: int | None = None,
    seeds: int = SEEDS,
    negatives: str | Sequence[str] = "shuffle",
    blacklist: str | Path | None = None,
    cores: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> Path:
    """Find motifs in one peak file, as the command `deepprune run` does, and return the folder of the results.

    name: of the data set; by default the file's.  window: bp around each summit.  kernels: of the model.  seeds:
    number of networks to train.  negatives: shuffle, genomic, or a list of both.  blacklist: BED of regions that
    genomic negatives must not overlap.  cores: all by default.  options: further ones of the workflow. InputError for
    a mistake in the input.
    """
    check_types({"window": window, "kernels": kernels, "cores": cores}, seeds, negatives, options)
    request = Request(
        str(peaks),
        None if genome is None else str(genome),
        str(out),
        name=name,
        window=window,
        kernels=kernels,
        seeds=seeds,
        negatives=(negatives,) if isinstance(negatives, str) else tuple(negatives),
        blacklist=None if blacklist is None else str(blacklist),
        options=options or {},
    )
    return workflow.run(request, cores)


def check_types(numbers: Mapping[str, Any], seeds: Any, negatives: Any, options: Any) -> None:
    """Raise InputError if an argument of `run` is of another type. numbers: whole, or None."""
    given = {name: value for name, value in numbers.items() if value is not None} | {"seeds": seeds}
    for name, value in given.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise InputError(f"{name} is {value!r}, but must be a whole number")
    if not isinstance(negatives, str | Sequence):
        raise InputError(f"negatives is {negatives!r}, but must be shuffle, genomic, or a list of both")
    if not isinstance(options, Mapping | None):
        raise InputError(f"options is {options!r}, but must be a mapping such as {{'train': {{'patience': 5}}}}")
