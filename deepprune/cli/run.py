"""Find motifs in one peak file."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NEGATIVES = {"shuffle": ("shuffle",), "genomic": ("genomic",), "both": ("shuffle", "genomic")}
MOTIFS = 5  # named at the end


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("run", help="find motifs in one peak file")
    parser.description = (
        "Train networks on a peak file, prune them, read their kernels as motifs, and write a report, the motifs, the "
        "model, their hits in the peaks, and which windows were used and which were not. The same command continues an "
        "interrupted run."
    )
    parser.add_argument("peaks", metavar="PEAKS", help="narrowPeak, BED or FASTA, plain or gzip")
    parser.add_argument("--genome", metavar="FASTA", help="genome of the peaks, plain, gzip or bgzip")
    parser.add_argument("-o", "--out", default="deepprune", help="folder of the results (default: deepprune)")
    parser.add_argument("--name", help="name of the data set (default: the file's)")
    parser.add_argument("--window", type=int, help="bp around each summit (default: 101)")
    parser.add_argument("--kernels", type=int, help="of the model (default: the fewest that keep 95 %% of the gain)")
    parser.add_argument("--seeds", type=int, default=3, help="networks to train (default: 3)")
    parser.add_argument("--negatives", choices=NEGATIVES, default="shuffle", help="default: shuffle")
    parser.add_argument("--blacklist", metavar="BED", help="regions that genomic negatives must not overlap")
    parser.add_argument("--cores", type=int, help="processor cores (default: all)")
    parser.add_argument("--options", metavar="YAML", help="further options of the workflow (docs/configuration.md)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Run the workflow on a peak file, and tell its results on standard output."""
    from deepprune.jobs.request import Request, read_options
    from deepprune.jobs.run import run as run_request

    names = ("peaks", "genome", "out", "name", "window", "kernels", "seeds", "blacklist")
    given: dict[str, Any] = {name: getattr(options, name) for name in names}
    further = read_options(options.options) if options.options else {}
    request = Request(**given, negatives=NEGATIVES[options.negatives], options=further)
    sys.stdout.write("\n".join(told(run_request(request, options.cores))) + "\n")


def told(out: Path) -> Iterator[str]:
    """Yield what a run found, in lines."""
    from deepprune.io.table import read_table, records
    from deepprune.jobs.folder import WORK
    from deepprune.motifs.evidence import judged

    tables = out / WORK / "results/tables"
    motifs = read_table(tables / "motifs.tsv")
    for model in records(read_table(tables / "models.tsv")):
        low, high = model["auroc_low"] or float("nan"), model["auroc_high"] or float("nan")
        yield f"{model['dataset']}: {model['kernels']} kernels, AUROC {model['auroc']:.3f} ({low:.3f} to {high:.3f})"
        own = judged(motifs[motifs["dataset"] == model["dataset"]])
        enriched = [motif for motif in own if motif["enriched"]]
        rarer = [motif for motif in own if motif["rarer"]]
        for motif in enriched[:MOTIFS]:
            match = f", resembles {motif['resembles']}" if motif["resembles"] else ""
            found = f"{motif['seeds']} of {motif['of_seeds']} seeds"
            shares = f"{100 * motif['positives']:.1f} % of positives, {100 * motif['negatives']:.1f} % of negatives"
            against = ", against binding" if motif["weight"] < 0 else ""
            yield f"  {motif['motif']} {motif['consensus']}{match}: {found}, {shares}{against}"
        if more := max(0, len(enriched) - MOTIFS):
            yield f"  and {more} more"
        if rarer:
            yield f"  {len(rarer)} rarer in positives"
        if others := len(own) - len(enriched) - len(rarer):
            yield f"  {others} that positives hold as often as negatives"
    yield f"Open {out / 'report.html'}"
