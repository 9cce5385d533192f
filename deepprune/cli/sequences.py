"""The arguments of commands that read sequences with a model file."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deepprune.data.stream import SequenceFile
    from deepprune.models.model_file import Model

FORMATS = ("fasta", "narrowpeak", "bed")
MODEL = "model file, results/models/{dataset}/model.npz"


def add_sequences(parser: argparse.ArgumentParser) -> None:
    """Add the model file, the sequences and how they are read to a command's arguments."""
    parser.add_argument("model", help=MODEL)
    parser.add_argument("input", help="FASTA, narrowPeak or BED, plain or gzip; - is standard input")
    parser.add_argument("--genome", help="genome of the peaks: plain FASTA")
    parser.add_argument("--window", type=int, help="bp around each peak's summit (default: the model's)")
    parser.add_argument("--format", choices=FORMATS, help="default: what the input looks like")


def sequences_of(options: argparse.Namespace, model: "Model") -> "SequenceFile":
    """Return the sequences that a command is to read; InputError if the window is shorter than a kernel."""
    from deepprune.data.stream import SequenceFile
    from deepprune.errors import InputError

    width = model.window if options.window is None else options.window
    if width < model.use.width:
        raise InputError(f"--window is {width}, but the model's kernels have {model.use.width} bp; give at least these")
    return SequenceFile(options.input, width, options.genome, options.format)


def report_skipped(sequences: "SequenceFile") -> None:
    """Count the peaks without a window on standard error, if there are any."""
    if sequences.about_skipped:
        print(f"deepprune: {sequences.about_skipped}", file=sys.stderr)
