"""What commands share that read sequences with a model file: their arguments, and the writing of tables."""

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from deepprune.cli.notes import note, warn
from deepprune.errors import InputError

if TYPE_CHECKING:
    from deepprune.data.stream import SequenceFile
    from deepprune.explain.lengths import Lengths
    from deepprune.models.layers_file import AnyModel
    from deepprune.models.model_file import Model

Result = TypeVar("Result")
FORMATS = ("fasta", "narrowpeak", "bed")
MODEL = "model file, results/models/{dataset}/model.npz"
ANY_MODEL = f"{MODEL} or results/networks/{{dataset}}/{{network}}.model.npz"


def add_sequences(parser: argparse.ArgumentParser, model: str = MODEL) -> None:
    """Add the model file, the sequences and how they are read to a command's arguments; model: help on that file."""
    parser.add_argument("model", help=model)
    parser.add_argument("input", help="FASTA, narrowPeak or BED, plain or gzip; - is standard input")
    parser.add_argument("--genome", help="genome of the peaks: plain FASTA")
    parser.add_argument("--window", type=int, help="bp around each peak's summit (default: the model's)")
    parser.add_argument("--format", choices=FORMATS, help="default: what the input looks like")


def first_of(read: Callable[[str], Result], first: str, second: str, kind: str) -> Result:
    """Return what a function reads from the first of two files; InputError tells if the second is of that kind instead.

    kind: of files that the function reads, for the message.
    """
    try:
        return read(first)
    except InputError as error:
        # Path.exists raises for names that are too long.
        if second == "-" or not (first == "-" or os.path.exists(first)):  # noqa: PTH110
            raise
        try:
            read(second)
        except InputError:
            raise error from None
    raise InputError(f"{first} is no {kind}, but {second} is one; swap the two: {second} {first}")


def model_of(path: str, other: str) -> "Model":
    """Return the few-kernel model of one task of a file; InputError if it is none.

    The message tells if the command's other file is one.
    """
    from deepprune.models.model_file import load_model_file

    model = first_of(load_model_file, path, other, "model file")
    if len(model.tasks) > 1:
        raise InputError(
            f"{path} has {len(model.tasks)} tasks, but what kernels contribute is told of one alone; give the model of "
            "one task (predict and variants take several)"
        )
    return model


def any_model_of(path: str, other: str) -> "AnyModel":
    """Return the model of a file of either kind; InputError as for model_of."""
    from deepprune.models.layers_file import load_any_model

    return first_of(load_any_model, path, other, "model file")


def sequences_of(options: argparse.Namespace, model: "AnyModel") -> "SequenceFile":
    """Return the sequences that a command is to read; InputError if the model does not read windows of their length."""
    from deepprune.data.stream import SequenceFile
    from deepprune.explain.logits import check_reads
    from deepprune.models.model_file import Model

    width = model.window if options.window is None else options.window
    if not isinstance(model, Model):
        check_reads(model, width, "--window is")
    elif width < model.use.width:
        raise InputError(f"--window is {width}, but the model's kernels have {model.use.width} bp; give at least these")
    return SequenceFile(options.input, width, options.genome, options.format)


def headed(header: str, texts: Iterable[str]) -> Iterator[str]:
    """Yield texts, a header before the first of them, or the header alone if there is none.

    Header and first text are one: a mistake that is found on the way to the first text leaves no output.
    """
    for text in texts:
        yield header + text
        header = ""
    if header:
        yield header


def report_skipped(sequences: "SequenceFile") -> None:
    """Count the peaks without a window on standard error, if there are any."""
    if sequences.about_skipped:
        note(sequences.about_skipped)


def report_lengths(lengths: "Lengths") -> None:
    """Warn on standard error if lengths are far from the model's window."""
    if lengths.about:
        warn(lengths.about)
