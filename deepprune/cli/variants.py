"""Score variants with a model file."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from deepprune.cli.notes import note
from deepprune.cli.sequences import ANY_MODEL, any_model_of, headed
from deepprune.cli.tasks import cells_of, columns, engine_of, of_kernels
from deepprune.errors import InputError

if TYPE_CHECKING:
    from deepprune.explain.logits import Predictor
    from deepprune.explain.variants import Alleles
    from deepprune.models.layers_file import AnyModel
    from deepprune.models.model_file import Model

LONGEST = 50


class Rows(NamedTuple):
    """Rows of the table, and the status of each."""

    status: Sequence[str]
    text: str


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("variants", help="score variants: how alleles change the logit, and by which kernel")
    parser.description = (
        "Write a row for each alternative allele of a VCF file: the logit with the reference and with the alternative, "
        "the change, the kernel that changes most, and the windows of both alleles. Of models of several tasks and "
        "networks of several layers, write the change of the logit of each task. A model of one strand gives the "
        "mean over both strands. REF is compared with the genome; alleles that differ from it are not scored. Symbolic "
        "and long alleles are skipped. Standard error tells how many are not scored. Memory does not grow with the "
        "input."
    )
    parser.add_argument("model", help=ANY_MODEL)
    parser.add_argument("vcf", help="VCF 4 with its header, plain or gzip; - is standard input")
    parser.add_argument("--genome", required=True, help="genome of the variants: plain FASTA")
    parser.add_argument(
        "--longest",
        type=int,
        metavar="BP",
        help=f"skip variants with a longer allele (default: {LONGEST}, or what the model's window has room for)",
    )
    parser.add_argument(
        "--logits", action="store_true", help="write the logits of both alleles also where they are not in the table"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the effects of variants onto standard output."""
    from deepprune.explain.variants import SCORED, allele_chunks, strand_averaged
    from deepprune.io.genome import open_genome
    from deepprune.io.vcf import VcfFile
    from deepprune.models.layers_file import LayersModel

    model = strand_averaged(any_model_of(options.model, options.vcf))
    file = VcfFile(options.vcf, longest_of(options.longest, model))
    counts: Counter[str] = Counter()
    with open_genome(options.genome) as genome:
        chunks = allele_chunks(file, genome, model.window, options.vcf, isinstance(model, LayersModel))
        names, rows = of_sums(model, chunks) if of_kernels(model) else of_tasks(model, chunks, options.logits)
        sys.stdout.writelines(headed("\t".join(names) + "\n", counted(rows, counts)))
    scored = counts.pop(SCORED, 0)
    counts.update(file.skipped)
    if counts:
        reasons = ", ".join(f"{reason} {count}" for reason, count in counts.items())
        note(f"{counts.total()} of {scored + counts.total()} alleles are not scored: {reasons}")


def counted(rows: Iterable[Rows], counts: Counter[str]) -> Iterator[str]:
    """Yield rows as text and count their statuses."""
    for some in rows:
        counts.update(some.status)
        yield some.text


def of_sums(model: "Model", chunks: "Iterable[Alleles]") -> tuple[Sequence[str], Iterator[Rows]]:
    """Return the columns and the rows of variants, with the kernels that change most."""
    from deepprune.data.stream import ahead
    from deepprune.explain.variants import COLUMNS, effects
    from deepprune.io.table import table_text

    def rows(found: "Alleles") -> Rows:
        return Rows(found.status, table_text(effects(model, found), header=False))

    return COLUMNS, ahead(rows, chunks)


def of_tasks(model: "AnyModel", chunks: "Iterable[Alleles]", logits: bool) -> tuple[Sequence[str], Iterator[Rows]]:
    """Return the columns and the rows of variants, with the changes of all tasks and, if wanted, their logits."""
    from deepprune.data.stream import ahead
    from deepprune.explain.task_changes import batched
    from deepprune.io.vcf import Variant

    engine = engine_of(model)
    parts = (part for found in chunks for part in batched(model, found))
    measures = ("change", "logit_ref", "logit_alt") if logits else ("change",)
    rows = partial(task_rows, engine.predict, len(model.tasks), logits)
    return [*Variant._fields, "status", *columns(measures, model)], ahead(rows, parts, engine.threads)


def task_rows(predict: "Predictor", tasks: int, logits: bool, found: "Alleles") -> Rows:
    """Return the rows of variants, with the changes of all tasks and, if wanted, their logits."""
    import numpy as np

    from deepprune.explain.task_changes import task_changes

    changes = task_changes(predict, tasks, found)
    parts = [changes.change, changes.ref, changes.alt] if logits else [changes.change]
    cells = cells_of(np.concatenate(parts, axis=1))
    texts = (
        "\t".join(map(str, (*variant, status))) for variant, status in zip(found.variants, found.status, strict=True)
    )
    return Rows(found.status, "".join(f"{text}\t{own}\n" for text, own in zip(texts, cells, strict=True)))


def longest_of(given: int | None, model: "AnyModel") -> int:
    """Return the length in bp of the longest allele that is scored; InputError if the model has no room for it."""
    from deepprune.explain.variants import longest_allele

    most = longest_allele(model)
    if given is not None and not 1 <= given <= most:
        raise InputError(
            f"--longest is {given}; give 1 to {most}: the model's window has {model.window} bp, and its kernels of "
            f"{model.width} bp need room on both sides"
        )
    return min(LONGEST, most) if given is None else given
