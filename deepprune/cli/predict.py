"""Predict binding with a model file."""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deepprune.data.stream import Chunk
    from deepprune.models.model_file import Model

FORMATS = ("fasta", "narrowpeak", "bed")
PLACE = ("chrom", "start", "end", "strand")
AHEAD = 4  # chunks that are read before the first of them is written


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("predict", help="predict binding with a model file")
    parser.description = (
        "Write a table with the probability that each sequence is bound, its logit, and what the logit is the sum of: "
        "the intercept, the background's part (0 without one), and each kernel's. Sequences of any length are "
        "predicted as a whole; models know sequences of the length that they were trained on. Memory does not grow "
        "with the input."
    )
    parser.add_argument("model", help="model file, results/models/{dataset}/model.npz")
    parser.add_argument("input", help="FASTA, narrowPeak or BED, plain or gzip; - is standard input")
    parser.add_argument("--genome", help="genome of the peaks: plain FASTA")
    parser.add_argument("--window", type=int, help="bp around each peak's summit (default: the model's)")
    parser.add_argument("--format", choices=FORMATS, help="default: what the input looks like")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Predict the sequences of a file onto standard output."""
    from deepprune.data.stream import SequenceFile
    from deepprune.errors import InputError
    from deepprune.models.model_file import load_model_file

    model = load_model_file(options.model)
    width = model.window if options.window is None else options.window
    if width < model.use.width:
        raise InputError(f"--window is {width}, but the model's kernels have {model.use.width} bp; give at least these")
    sequences = SequenceFile(options.input, width, options.genome, options.format)
    header = "\t".join(("sequence", *PLACE, "probability", "logit", "intercept", "background", *model.kernels)) + "\n"
    # The header is written with the first rows: a mistake in the input leaves no output.
    for text in predicted(model, iter(sequences)):
        sys.stdout.write(header + text)
        header = ""
    sys.stdout.write(header)
    if sequences.skipped:
        counts = ", ".join(f"{reason} {count}" for reason, count in sequences.skipped.items())
        print(f"deepprune: {sequences.skipped.total()} peaks have no window: {counts}", file=sys.stderr)


def predicted(model: "Model", chunks: Iterator["Chunk"]) -> Iterator[str]:
    """Yield the rows of each chunk. One thread reads and one predicts: the scan releases Python's lock."""
    with ThreadPoolExecutor(1) as pool:
        pending = [pool.submit(lines, model, chunk) for chunk in islice(chunks, AHEAD)]
        while pending:
            yield pending.pop(0).result()
            pending += [pool.submit(lines, model, chunk) for chunk in islice(chunks, 1)]


def lines(model: "Model", chunk: "Chunk") -> str:
    """Return the rows of a chunk; InputError if its sequences are shorter than a kernel."""
    import numpy as np

    from deepprune.errors import InputError
    from deepprune.explain.contributions import contributions

    if chunk.codes.shape[1] < model.use.width:
        raise InputError(
            f"the sequence {str(chunk.origins.name[0])!r} has {chunk.codes.shape[1]} bp, but the model's kernels have "
            f"{model.use.width}; remove shorter sequences"
        )
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
