"""Predict binding with a model file."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from deepprune.cli.sequences import (
    ANY_MODEL,
    add_sequences,
    any_model_of,
    headed,
    report_lengths,
    report_skipped,
    sequences_of,
)
from deepprune.cli.tasks import cells_of, columns, engine_of, of_kernels
from deepprune.errors import quoted

if TYPE_CHECKING:
    import numpy as np

    from deepprune.data.stream import Chunk
    from deepprune.explain.logits import Predictor
    from deepprune.models.layers_file import AnyModel
    from deepprune.models.model_file import Model

PLACE = ("chrom", "start", "end", "strand")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("predict", help="predict binding with a model file")
    parser.description = (
        "Write a table with the probability that each sequence is bound, its logit, and what the logit is the sum of: "
        "the intercept, the background's part (0 without one), and each kernel's. Of models of several tasks and "
        "networks of several layers, write the probability of each task. Sequences of any length are "
        "predicted as a whole; models know sequences of the length that they were trained on, and a warning counts "
        "those that are more than twice as long or as short. Most networks of several layers read this length alone. "
        "Memory does not grow with the input."
    )
    add_sequences(parser, ANY_MODEL)
    parser.add_argument("--logits", action="store_true", help="write logits also where they are not in the table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Predict the sequences of a file onto standard output."""
    from deepprune.explain.lengths import Lengths

    model = any_model_of(options.model, options.input)
    sequences, lengths = sequences_of(options, model), Lengths(model.window)
    chunks = lengths.counted(sequences)
    if of_kernels(model):
        names, texts = ("probability", "logit", "intercept", "background", *model.kernels), of_sums(model, chunks)
    else:
        measures = ("probability", "logit") if options.logits else ("probability",)
        names, texts = tuple(columns(measures, model)), of_tasks(model, chunks, options.logits)
    sys.stdout.writelines(headed("\t".join(("sequence", *PLACE, *names)) + "\n", texts))
    report_skipped(sequences)
    report_lengths(lengths)


def of_sums(model: "Model", chunks: "Iterable[Chunk]") -> Iterator[str]:
    """Yield the rows of each chunk, with the summands of the logits."""
    from deepprune.data.stream import ahead

    return ahead(partial(lines, model), chunks)


def of_tasks(model: "AnyModel", chunks: "Iterable[Chunk]", logits: bool) -> Iterator[str]:
    """Yield the rows of each chunk, with the probabilities of all tasks and, if wanted, their logits."""
    from deepprune.data.stream import ahead

    engine = engine_of(model)
    return ahead(partial(task_lines, engine.predict, logits), batched(model, chunks), engine.threads)


def batched(model: "AnyModel", chunks: "Iterable[Chunk]") -> "Iterator[Chunk]":
    """Yield the sequences of chunks in chunks that a model takes; InputError for sequences that it does not read."""
    from deepprune.explain.contributions import check_length
    from deepprune.explain.logits import batch_size, check_reads
    from deepprune.models.model_file import Model

    for chunk in chunks:
        if isinstance(model, Model):
            check_length(model, chunk)
            yield chunk
        else:
            length = chunk.codes.shape[1]
            check_reads(model, length, f"the sequence {quoted(str(chunk.origins.name[0]))} has")
            yield from chunk.parts(batch_size(model, length))


def task_lines(predict: "Predictor", logits: bool, chunk: "Chunk") -> str:
    """Return the rows of a chunk, with the probabilities of all tasks and, if wanted, their logits."""
    import numpy as np

    from deepprune.explain.contributions import probabilities

    found = predict(chunk.codes)
    numbers = np.concatenate([probabilities(found), found], axis=1) if logits else probabilities(found)
    return rows_of(chunk, numbers)


def lines(model: "Model", chunk: "Chunk") -> str:
    """Return the rows of a chunk; InputError if its sequences are shorter than a kernel."""
    import numpy as np

    from deepprune.explain.contributions import check_length, contributions

    check_length(model, chunk)
    found = contributions(model, chunk.codes)
    numbers = np.column_stack(
        [found.probabilities, found.logits, np.full(len(chunk.codes), found.intercept), found.background, found.kernels]
    )
    return rows_of(chunk, numbers)


def rows_of(chunk: "Chunk", numbers: "np.ndarray") -> str:
    """Return the rows of a chunk with these numbers, of shape (n, columns)."""
    return "".join(f"{place}\t{cells}\n" for place, cells in zip(places(chunk), cells_of(numbers), strict=True))


def places(chunk: "Chunk") -> Iterator[str]:
    """Yield name and place of each sequence; the place of a sequence without one is `.`, 0, 0, `.`."""
    origins = chunk.origins
    names = [name or "." for name in origins.name.tolist()]
    if not (origins.chrom != "").any():
        return (f"{name}\t.\t0\t0\t." for name in names)
    chroms, strands = ([cell or "." for cell in column.tolist()] for column in (origins.chrom, origins.strand))
    columns = zip(names, chroms, origins.start.tolist(), origins.end.tolist(), strands, strict=True)
    return (f"{name}\t{chrom}\t{start}\t{end}\t{strand}" for name, chrom, start, end, strand in columns)
