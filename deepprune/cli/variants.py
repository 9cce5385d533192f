"""Score variants with a model file."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from deepprune.cli.notes import note
from deepprune.cli.sequences import MODEL, headed, model_of
from deepprune.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from deepprune.models.model_file import Model

LONGEST = 50


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("variants", help="score variants: how alleles change the logit, and by which kernel")
    parser.description = (
        "Write a row for each alternative allele of a VCF file: the logit with the reference and with the alternative, "
        "the change, the kernel that changes most, and the windows of both alleles. A model of one strand gives the "
        "mean over both strands. REF is compared with the genome; alleles that differ from it are not scored. Symbolic "
        "and long alleles are skipped. Standard error tells how many are not scored. Memory does not grow with the "
        "input."
    )
    parser.add_argument("model", help=MODEL)
    parser.add_argument("vcf", help="VCF 4 with its header, plain or gzip; - is standard input")
    parser.add_argument("--genome", required=True, help="genome of the variants: plain FASTA")
    parser.add_argument(
        "--longest",
        type=int,
        metavar="BP",
        help=f"skip variants with a longer allele (default: {LONGEST}, or what the model's window has room for)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the effects of variants onto standard output."""
    from deepprune.data.stream import ahead
    from deepprune.explain.variants import COLUMNS, SCORED, allele_chunks, effects, strand_averaged
    from deepprune.io.genome import open_genome
    from deepprune.io.vcf import VcfFile

    model = strand_averaged(model_of(options.model, options.vcf))
    file = VcfFile(options.vcf, longest_of(options.longest, model))
    counts: Counter[str] = Counter()
    with open_genome(options.genome) as genome:
        tables = ahead(partial(effects, model), allele_chunks(file, genome, model.window, options.vcf))
        sys.stdout.writelines(headed("\t".join(COLUMNS) + "\n", rows(tables, counts)))
    scored = counts.pop(SCORED, 0)
    counts.update(file.skipped)
    if counts:
        reasons = ", ".join(f"{reason} {count}" for reason, count in counts.items())
        note(f"{counts.total()} of {scored + counts.total()} alleles are not scored: {reasons}")


def rows(tables: "Iterable[pd.DataFrame]", counts: Counter[str]) -> Iterator[str]:
    """Yield the rows of tables as text and count their statuses."""
    from deepprune.io.table import table_text

    for table in tables:
        counts.update(table["status"].tolist())
        yield table_text(table, header=False)


def longest_of(given: int | None, model: "Model") -> int:
    """Return the length in bp of the longest allele that is scored; InputError if the model has no room for it."""
    from deepprune.explain.variants import longest_allele

    most = longest_allele(model)
    if given is not None and not 1 <= given <= most:
        raise InputError(
            f"--longest is {given}; give 1 to {most}: the model's window has {model.window} bp, and its kernels of "
            f"{model.use.width} bp need room on both sides"
        )
    return min(LONGEST, most) if given is None else given
