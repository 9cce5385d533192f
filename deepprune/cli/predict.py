"""Predict binding with a model file."""

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from deepprune.cli.sequences import add_sequences, report_skipped, sequences_of

if TYPE_CHECKING:
    from deepprune.data.stream import Chunk
    from deepprune.models.model_file import Model

PLACE = ("chrom", "start", "end", "strand")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("predict", help="predict binding with a model file")
    parser.description = (
        "Write a table with the probability that each sequence is bound, its logit, and what the logit is the sum of: "
        "the intercept, the background's part (0 without one), and each kernel's. Sequences of any length are "
        "predicted as a whole; models know sequences of the length that they were trained on. Memory does not grow "
        "with the input."
    )
    add_sequences(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Predict the sequences of a file onto standard output."""
    from deepprune.data.stream import ahead
    from deepprune.models.model_file import load_model_file

    model = load_model_file(options.model)
    sequences = sequences_of(options, model)
    header = "\t".join(("sequence", *PLACE, "probability", "logit", "intercept", "background", *model.kernels)) + "\n"
    # The header is written with the first rows: a mistake in the input leaves no output.
    for text in ahead(partial(lines, model), sequences):
        sys.stdout.write(header + text)
        header = ""
    sys.stdout.write(header)
    report_skipped(sequences)


def lines(model: "Model", chunk: "Chunk") -> str:
    """Return the rows of a chunk; InputError if its sequences are shorter than a kernel."""
    import numpy as np

    from deepprune.explain.contributions import check_length, contributions

    check_length(model, chunk)
    found = contributions(model, chunk.codes)
    numbers = np.column_stack(
        [found.probabilities, found.logits, np.full(len(chunk.codes), found.intercept), found.background, found.kernels]
    )
    form = "%s\t%s\t%d\t%d\t%s" + "\t%.6g" * numbers.shape[1] + "\n"
    return "".join(form % row for row in rows(chunk, numbers))


def rows(chunk: "Chunk", numbers: Any) -> Iterator[tuple[Any, ...]]:
    """Yield name, place and numbers of each sequence; the place of a sequence without one is `.`, 0, 0, `.`."""
    origins = chunk.origins
    places = [[cell or "." for cell in column.tolist()] for column in (origins.name, origins.chrom, origins.strand)]
    columns = (*places[:2], origins.start.tolist(), origins.end.tolist(), places[2])
    for place, values in zip(zip(*columns, strict=True), numbers.tolist(), strict=True):
        yield (*place, *values)
