"""Explain predictions: the windows of kernels, and mutagenesis."""

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deepprune.cli.sequences import add_sequences, report_skipped, sequences_of
from deepprune.errors import InputError

if TYPE_CHECKING:
    from deepprune.data.stream import Chunk, SequenceFile
    from deepprune.explain.windows import Explained
    from deepprune.models.model_file import Model

MOST = 100  # sequences of a figure
SUFFIXES = (".svg", ".png", ".pdf")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("explain", help="explain predictions: what each kernel adds, and its window")
    parser.description = (
        "Write a table with the summands of each sequence's logit: a row for each kernel with the window that "
        "activates it most, one for the background and one for the intercept. The contributions of a sequence sum to "
        "the logit of predict. Memory does not grow with the input."
    )
    add_sequences(parser)
    parser.add_argument("--figure", metavar="FILE", help="draw the strongest sequences into a file: svg, png or pdf")
    parser.add_argument(
        "--top", type=int, default=10, metavar="N", help="how many sequences the figure shows (default: %(default)s)"
    )
    parser.add_argument(
        "--mutagenesis",
        metavar="NAME",
        help="instead, write how each substitution in the first sequence of this name changes the logit; the figure "
        "is then a heat map of this",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the summands of logits, or the changes by substitutions, onto standard output."""
    from deepprune.explain.windows import strongest
    from deepprune.models.model_file import load_model_file

    check_options(options)
    model = load_model_file(options.model)
    sequences = sequences_of(options, model)
    if options.mutagenesis is not None:
        write_changes(model, named(sequences, options.mutagenesis), options.figure)
        return
    best: list[Explained] = []
    for found in write_summands(model, sequences):
        best = strongest([*best, found], options.top) if options.figure else []
    if options.figure:
        from deepprune.figures.explained import explained_figure
        from deepprune.figures.style import save_figure

        save_figure(explained_figure(best, model.kernels), options.figure)
    report_skipped(sequences)


def check_options(options: argparse.Namespace) -> None:
    """Raise InputError for options that would fail after the sequences were read."""
    from deepprune.io.files import check_target

    if not 1 <= options.top <= MOST:
        raise InputError(f"--top is {options.top}; give 1 to {MOST}")
    if options.figure is not None:
        if Path(options.figure).suffix not in SUFFIXES:
            raise InputError(f"--figure is {options.figure!r}; give a name that ends in {', '.join(SUFFIXES)}")
        check_target(options.figure)


def write_summands(model: "Model", sequences: "SequenceFile") -> "Iterator[Explained]":
    """Write the rows of each chunk and yield its summands."""
    from deepprune.data.stream import ahead
    from deepprune.explain.windows import COLUMNS

    header = "\t".join(COLUMNS) + "\n"
    # The header is written with the first rows: a mistake in the input leaves no output.
    for text, found in ahead(partial(rows, model), sequences):
        sys.stdout.write(header + text)
        header = ""
        yield found
    sys.stdout.write(header)


def rows(model: "Model", chunk: "Chunk") -> "tuple[str, Explained]":
    """Return the rows of a chunk and its summands; InputError if its sequences are shorter than a kernel."""
    from deepprune.explain.contributions import check_length
    from deepprune.explain.windows import explained, window_table
    from deepprune.io.table import table_text

    check_length(model, chunk)
    found = explained(model, chunk)
    return table_text(window_table(found, model.kernels), header=False), found


def named(sequences: "SequenceFile", name: str) -> "Chunk":
    """Return the first sequence of a name, alone; InputError if there is none."""
    from deepprune.data.stream import Chunk

    for chunk in sequences:
        (places,) = (chunk.origins.name == name).nonzero()
        if len(places):
            return Chunk.whole(chunk.origins.take(places[:1]), chunk.codes[places[:1]])
    raise InputError(f"{sequences.path} has no sequence called {name!r}; give a name as in the table of `explain`")


def write_changes(model: "Model", chunk: "Chunk", figure: str | None) -> None:
    """Write the changes of the logit by the substitutions in one sequence, and draw them."""
    from deepprune.explain.contributions import check_length
    from deepprune.explain.mutagenesis import check_mutable, mutagenesis, mutagenesis_table
    from deepprune.io.table import table_text

    check_length(model, chunk)
    check_mutable(chunk)
    found = mutagenesis(model, chunk.codes[0])
    sys.stdout.write(table_text(mutagenesis_table(chunk, found)))
    if figure is not None:
        from deepprune.explain.windows import label_of
        from deepprune.figures.explained import mutagenesis_figure
        from deepprune.figures.style import save_figure

        title, background = label_of(chunk.origins), model.use.background != "none"
        save_figure(mutagenesis_figure(found, title, background), figure)
