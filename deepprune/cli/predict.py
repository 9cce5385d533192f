"""Predict binding with a model file."""

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from deepprune.cli.sequences import add_sequences, headed, model_of, report_lengths, report_skipped, sequences_of

if TYPE_CHECKING:
    import numpy as np

    from deepprune.data.stream import Chunk
    from deepprune.models.model_file import Model

PLACE = ("chrom", "start", "end", "strand")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("predict", help="predict binding with a model file")
    parser.description = (
        "Write a table with the probability that each sequence is bound, its logit, and what the logit is the sum of: "
        "the intercept, the background's part (0 without one), and each kernel's. Sequences of any length are "
        "predicted as a whole; models know sequences of the length that they were trained on, and a warning counts "
        "those that are more than twice as long or as short. Memory does not grow with the input."
    )
    add_sequences(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Predict the sequences of a file onto standard output."""
    from deepprune.data.stream import ahead
    from deepprune.explain.lengths import Lengths

    model = model_of(options.model, options.input)
    sequences, lengths = sequences_of(options, model), Lengths(model.window)
    header = "\t".join(("sequence", *PLACE, "probability", "logit", "intercept", "background", *model.kernels)) + "\n"
    sys.stdout.writelines(headed(header, ahead(partial(lines, model), lengths.counted(sequences))))
    report_skipped(sequences)
    report_lengths(lengths)


def lines(model: "Model", chunk: "Chunk") -> str:
    """Return the rows of a chunk; InputError if its sequences are shorter than a kernel."""
    import numpy as np

    from deepprune.explain.contributions import check_length, contributions

    check_length(model, chunk)
    found = contributions(model, chunk.codes)
    numbers = np.column_stack(
        [found.probabilities, found.logits, np.full(len(chunk.codes), found.intercept), found.background, found.kernels]
    )
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


def cells_of(numbers: "np.ndarray") -> list[str]:
    """Return the cells of each row, separated by tabs: the shortest text of single-precision numbers.

    orjson writes them in a fifth of the time that Python takes; its list of lists is a table but for brackets and
    commas.
    """
    import numpy as np
    import orjson

    text = orjson.dumps(np.ascontiguousarray(numbers, np.float32), option=orjson.OPT_SERIALIZE_NUMPY)
    return text[2:-2].decode().replace(",", "\t").split("]\t[")
