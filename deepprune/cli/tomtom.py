"""Compare motifs with known ones."""

import argparse
import sys

from deepprune.cli.notes import warn
from deepprune.errors import InputError

# The values of the option tomtom.engine
ENGINES = ("memelite", "meme")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("tomtom", help="compare motifs with known ones")
    parser.description = (
        "Compare each motif of QUERIES with all of TARGETS as the MEME Suite's Tomtom does, and write its table of "
        "matches, the best first. Motif files are MEME, JASPAR or TRANSFAC, plain or gzip."
    )
    parser.add_argument("queries", metavar="QUERIES", help="motif file; - is standard input")
    parser.add_argument("targets", metavar="TARGETS", help="motif file; the background of the p-values, 50 or more")
    parser.add_argument(
        "--thresh", type=float, default=0.5, metavar="X", help="largest q-value of a match (default: %(default)s)"
    )
    parser.add_argument("--evalue", action="store_true", help="--thresh is the largest E-value instead")
    parser.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="meme: the MEME Suite's program (default: %(default)s)"
    )
    parser.add_argument("-o", dest="output", metavar="OUT.tsv", help="file to write (default: standard output)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the matches of motifs up to a q-value or an E-value."""
    import math
    import warnings

    from deepprune.io.motif import read_motifs
    from deepprune.io.table import write_table
    from deepprune.motifs.tomtom import tomtom

    limit = math.inf if options.evalue else 1
    if not (math.isfinite(options.thresh) and 0 <= options.thresh <= limit):
        allowed = "an E-value of zero or more" if options.evalue else "a q-value from 0 to 1 (--evalue takes E-values)"
        raise InputError(f"--thresh is {options.thresh:g}; give {allowed}")
    if options.queries == options.targets == "-":
        raise InputError("QUERIES and TARGETS are both standard input; give a file for one of them")
    queries, targets = read_motifs(options.queries), read_motifs(options.targets)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        found = tomtom(queries, targets, options.thresh if options.evalue else None, engine=options.engine)
    for warning in caught:
        warn(str(warning.message))
    if not options.evalue:
        found = found[found["q-value"] <= options.thresh]
    write_table(found, options.output or sys.stdout)
