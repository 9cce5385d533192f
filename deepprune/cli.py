"""The console command `deepprune`."""

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Sequence

from deepprune import __version__
from deepprune.errors import InputError

# Of `tomtom`, as the options have them, too.
ENGINES = ("memelite", "meme")

# The rest of the package is imported by the subcommand that needs it, so that --help answers at once.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 2 after a mistake in the input, 141 if the reader of output left."""
    options = build_parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except InputError as error:
        print(f"deepprune: error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # else Python complains again when it flushes standard output at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; each subcommand sets `run`."""
    parser = argparse.ArgumentParser(prog="deepprune", description="Small tools of the deepprune pipeline.")
    parser.add_argument("--version", action="version", version=f"deepprune {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")
    shuffle = commands.add_parser("shuffle", help="shuffle DNA sequences, keeping their dinucleotide counts")
    shuffle.description = (
        "Write each sequence of a FASTA file shuffled, under its name: dinucleotide counts and both end bases stay, "
        "and every such sequence is equally likely. A record's shuffle depends on seed, name and sequence alone. "
        "Output is upper-case; IUPAC ambiguity letters become N, which is shuffled like a base."
    )
    shuffle.add_argument("fasta", help="FASTA file, plain or gzip; - is standard input")
    shuffle.add_argument("--seed", type=int, default=0, help="another seed gives other shuffles (default: %(default)s)")
    shuffle.set_defaults(run=run_shuffle)
    encode = commands.add_parser("encode", help="write a data-set sheet of ENCODE ids")
    encode.description = (
        "Write a data-set sheet with a row for each id of ENCODE's uniform TF peaks (wgEncodeAwgTfbs...UniPk). Target, "
        "cell type, treatment, antibody, protocol and lab are read from the id."
    )
    encode.add_argument("ids", help="text file of ids, one a line; - is standard input")
    encode.set_defaults(run=run_encode)
    sheet = commands.add_parser("sheet", help="write a data-set sheet of a folder of DeepBind's files")
    sheet.description = (
        "Write a data-set sheet with a row for each pair NAME_AC.seq.gz and NAME_B.seq.gz in a folder. Target and cell "
        "type are the first two parts of a name. The sheet's paths are whole, so that it may lie anywhere."
    )
    sheet.add_argument("folder", metavar="FOLDER", help="folder of the files")
    sheet.set_defaults(run=run_sheet)
    tomtom = commands.add_parser("tomtom", help="compare motifs with known ones")
    tomtom.description = (
        "Compare each motif of QUERIES with all of TARGETS as the MEME Suite's Tomtom does, and write its table of "
        "matches, the best first. Motif files are MEME, JASPAR or TRANSFAC, plain or gzip."
    )
    tomtom.add_argument("queries", metavar="QUERIES", help="motif file; - is standard input")
    tomtom.add_argument("targets", metavar="TARGETS", help="motif file; the background of the p-values, 50 or more")
    tomtom.add_argument(
        "--thresh", type=float, default=0.5, metavar="X", help="largest q-value of a match (default: %(default)s)"
    )
    tomtom.add_argument("--evalue", action="store_true", help="--thresh is the largest E-value instead")
    tomtom.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="meme: the program itself (default: %(default)s)"
    )
    tomtom.add_argument("-o", dest="output", metavar="OUT.tsv", help="file to write (default: standard output)")
    tomtom.set_defaults(run=run_tomtom)
    logo = commands.add_parser("logo", help="draw motifs as sequence logos")
    logo.description = (
        "Draw each motif of a file (MEME, JASPAR or TRANSFAC) as DIR/NAME.svg and DIR/NAME.png. Letters of a name that "
        "file names should not have become underscores."
    )
    logo.add_argument("motifs", metavar="FILE", help="motif file, plain or gzip; - is standard input")
    logo.add_argument("-o", dest="folder", metavar="DIR", required=True, help="folder of the logos; made if need be")
    logo.add_argument("--reverse-complement", action="store_true", help="draw the reverse complement beside each")
    logo.set_defaults(run=run_logo)
    compiled = commands.add_parser("compile", help="compile ahead what is compiled on its first use")
    compiled.description = (
        "Compile the shuffle, the reading of motifs and the engine of Tomtom, about a minute, and keep the result in "
        "~/.cache/deepprune (or NUMBA_CACHE_DIR), so that the first run does not wait for it. `make setup` does so."
    )
    compiled.set_defaults(run=run_compile)
    return parser


def run_shuffle(options: argparse.Namespace) -> None:
    """Shuffle the records of a FASTA file onto standard output."""
    from deepprune.io.fasta import read_fasta
    from deepprune.sequence import decode, encode, record_keys
    from deepprune.shuffle import dinucleotide_shuffle

    records = read_fasta(options.fasta)
    keys = record_keys(record.name.encode() for record in records)
    by_length: dict[int, list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        by_length[len(record.sequence)].append(i)
    shuffled = [""] * len(records)
    for members in by_length.values():
        codes = encode([records[i].sequence for i in members])
        for i, sequence in zip(members, decode(dinucleotide_shuffle(codes, options.seed, keys[members])), strict=True):
            shuffled[i] = sequence
    sys.stdout.writelines(f">{record.name}\n{text}\n" for record, text in zip(records, shuffled, strict=True))


def run_encode(options: argparse.Namespace) -> None:
    """Write the sheet of a file of ids onto standard output."""
    from deepprune.encode import encode_sheet
    from deepprune.io.files import open_text

    with open_text(options.ids) as file:
        ids = file.read().split()
    sys.stdout.write(encode_sheet(ids))


def run_sheet(options: argparse.Namespace) -> None:
    """Write the sheet of a folder onto standard output."""
    from deepprune.io.seqgz import seqgz_sheet

    sys.stdout.write(seqgz_sheet(options.folder))


def run_tomtom(options: argparse.Namespace) -> None:
    """Write the matches of motifs up to a q-value or an E-value."""
    import math
    import warnings

    from deepprune.io.motif import read_motifs
    from deepprune.io.table import write_table
    from deepprune.tomtom import tomtom

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
        print(f"deepprune: warning: {warning.message}", file=sys.stderr)
    if not options.evalue:
        found = found[found["q-value"] <= options.thresh]
    write_table(found, options.output or sys.stdout)


def run_logo(options: argparse.Namespace) -> None:
    """Draw the motifs of a file."""
    from deepprune.io.files import make_folder, safe_name
    from deepprune.io.motif import read_motifs
    from deepprune.logo import motif_logo
    from deepprune.plot import save_figure

    motifs = read_motifs(options.motifs)
    names: dict[str, str] = {}
    for motif in motifs:
        # As some file systems take capitals and small letters for the same.
        other = names.setdefault(safe_name(motif.name).lower(), motif.name)
        if other != motif.name:
            raise InputError(
                f"{options.motifs}: motifs {other} and {motif.name} would get the same file name; rename one of them"
            )
    folder = make_folder(options.folder)
    for motif in motifs:
        figure = motif_logo(motif, options.reverse_complement)
        for suffix in ("svg", "png"):
            save_figure(figure, folder / f"{safe_name(motif.name)}.{suffix}")


def run_compile(_: argparse.Namespace) -> None:
    """Call each compiled function once; nothing but the types of the arguments matters."""
    import warnings

    import numpy as np

    from deepprune.io.motif import Motif
    from deepprune.motifs import THRESHOLDS, kernel_motifs
    from deepprune.shuffle import dinucleotide_shuffle
    from deepprune.tomtom import tomtom

    codes = np.zeros((1, 9), np.uint8)
    dinucleotide_shuffle(codes, 0, np.zeros(1, np.uint64))
    for method in THRESHOLDS:
        kernel_motifs(codes, np.ones((1, 3, 4)), np.zeros(1), np.zeros(1), method=method)
    motifs = [Motif(str(width), "", np.eye(4)[np.arange(width) % 4], 20) for width in (5, 9)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that targets are few
        tomtom(motifs, motifs)
