"""Explain predictions: the windows of kernels, and mutagenesis."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deepprune.cli.sequences import add_sequences, headed, model_of, report_lengths, report_skipped, sequences_of
from deepprune.errors import InputError, quoted

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
    from deepprune.explain.lengths import Lengths
    from deepprune.explain.windows import COLUMNS

    check_options(options)
    model = model_of(options.model, options.input)
    sequences, lengths = sequences_of(options, model), Lengths(model.window)
    if options.mutagenesis is not None:
        (chunk,) = lengths.counted([named(sequences, options.mutagenesis)])
        write_changes(model, chunk, options.figure)
    else:
        best: list[Explained] = []
        texts = summands(model, lengths.counted(sequences), best, options.top if options.figure else 0)
        sys.stdout.writelines(headed("\t".join(COLUMNS) + "\n", texts))
        if options.figure:
            draw(model, best, options.figure)
        report_skipped(sequences)
    report_lengths(lengths)


def check_options(options: argparse.Namespace) -> None:
    """Raise InputError for options that would fail after the sequences were read."""
    from deepprune.io.files import check_target

    if not 1 <= options.top <= MOST:
        raise InputError(f"--top is {options.top}; give 1 to {MOST}")
    if options.figure is not None:
        if Path(options.figure).suffix not in SUFFIXES:
            raise InputError(f"--figure is {quoted(options.figure)}; give a name that ends in {', '.join(SUFFIXES)}")
        check_target(options.figure)


def summands(model: "Model", chunks: "Iterable[Chunk]", best: "list[Explained]", top: int) -> Iterator[str]:
    """Yield the rows of each chunk; best becomes the `top` strongest of its sequences and of those before."""
    from deepprune.data.stream import ahead
    from deepprune.explain.windows import strongest

    for text, found in ahead(partial(rows, model), chunks):
        if top:
            best[:] = strongest([*best, found], top)
        yield text


def draw(model: "Model", best: "list[Explained]", figure: str) -> None:
    """Draw the strongest sequences with the windows of their kernels."""
    from deepprune.figures.explained import explained_figure
    from deepprune.figures.style import save_figure

    save_figure(explained_figure(best, model.kernels), figure)


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
    raise InputError(
        f"{sequences.path} has no sequence called {quoted(name)}; give a name as in the table of `explain`"
    )


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
