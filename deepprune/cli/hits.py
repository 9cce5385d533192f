"""Find motif instances in sequences."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deepprune.cli.sequences import FORMATS, first_of, headed, report_skipped

if TYPE_CHECKING:
    import pandas as pd

    from deepprune.io.motif import Motif
    from deepprune.motifs.instances import Search

STRANDS = ("both", "given")
FIMO = "motif_id\tmotif_alt_id\tsequence_name\tstart\tstop\tstrand\tscore\tp-value\tq-value\tmatched_sequence\n"
FIMO_ROW = "{}\t{}\t{}\t{}\t{}\t{}\t{:.6g}\t{:.3g}\t\t{}\n"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("hits", help="find motif instances in sequences")
    parser.description = (
        "Write the instances of motifs in sequences as BED, in the genome's coordinates where a sequence's place is "
        "known, with the columns chrom, start (from 0), end, motif, score, strand, peak, log-odds score in bits and "
        "p-value. "
        "Scores and p-values are those of the MEME Suite's FIMO. Memory does not grow with the input."
    )
    parser.add_argument("motifs", metavar="MOTIFS", help="motif file, or model file (.npz); - is standard input")
    parser.add_argument("input", metavar="INPUT", help="FASTA, narrowPeak or BED, plain or gzip; - is standard input")
    parser.add_argument("--genome", help="genome of the peaks: plain FASTA")
    parser.add_argument("--window", type=int, metavar="BP", help="bp around each peak's summit (default: whole peaks)")
    parser.add_argument("--format", choices=FORMATS, help="default: what the input looks like")
    parser.add_argument(
        "--p-value", type=float, default=1e-4, metavar="P", help="largest p-value of an instance (default: %(default)s)"
    )
    parser.add_argument(
        "--background",
        default="motifs",
        metavar="B",
        help="uniform; a background file of the MEME Suite; or motifs, what the motif file states, uniform if it "
        "states none (default: %(default)s)",
    )
    parser.add_argument("--strand", choices=STRANDS, default=STRANDS[0], help="default: %(default)s")
    parser.add_argument(
        "--tsv", action="store_true", help="write FIMO's table instead, with positions in the sequences, from 1"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the motif instances in the sequences of a file to standard output."""
    from deepprune.data.stream import SequenceFile
    from deepprune.motifs.instances import bed_rows, placed

    search = search_for(options)
    sequences = SequenceFile(options.input, options.window, options.genome, options.format, search.width - 1)
    header, written = (FIMO, fimo) if options.tsv else ("", bed_rows)
    sys.stdout.writelines(headed(header, (written(found, search.motifs) for found in placed(sequences, search))))
    report_skipped(sequences)


def search_for(options: argparse.Namespace) -> "Search":
    """Return what the options say to search for; InputError for options that make no sense."""
    from deepprune.errors import InputError
    from deepprune.motifs.instances import Search

    if not 0 < options.p_value <= 1:
        raise InputError(f"--p-value is {options.p_value:g}; give a number above 0 and at most 1")
    if options.motifs == options.input == "-":
        raise InputError("MOTIFS and INPUT are both standard input; give a file for one of them")
    motifs = first_of(motifs_of, options.motifs, options.input, "file of motifs")
    narrowest = min(motif.width for motif in motifs)
    if options.window is not None and options.window < narrowest:
        raise InputError(
            f"--window is {options.window}, but the narrowest motif has {narrowest} bp; give at least these"
        )
    return Search(motifs, background_for(options, motifs), options.p_value, options.strand)


def background_for(options: argparse.Namespace, motifs: "Sequence[Motif]") -> "Sequence[float] | None":
    """Return the frequencies of A C G T that the options say, None for those of each motif."""
    from deepprune.errors import InputError
    from deepprune.io.background import read_background
    from deepprune.io.motif import UNIFORM

    if options.background != "motifs":
        return UNIFORM if options.background == "uniform" else read_background(options.background)
    for motif in motifs:
        if min(motif.background) <= 0:
            raise InputError(
                f"{options.motifs}: the background of motif {motif.name} lacks a letter; mend it or give --background"
            )
    return None


def motifs_of(path: str) -> "list[Motif]":
    """Return the motifs of a motif file, or of the kernels of a model file; InputError if there is none."""
    from deepprune.errors import InputError
    from deepprune.io.motif import read_motifs
    from deepprune.models.model_file import load_model_file

    if not path.endswith(".npz"):
        return read_motifs(path)
    motifs = list(load_model_file(path).motifs)
    if not motifs:
        raise InputError(f"{path}: no kernel of this model yields a motif; give another model")
    return motifs


def fimo(found: "pd.DataFrame", motifs: "Sequence[Motif]") -> str:
    """Return instances as rows of FIMO's table; q-values, which need the p-values of the whole input, are empty."""
    columns = (
        [motifs[motif].name for motif in found["motif"]],
        [motifs[motif].alt for motif in found["motif"]],
        found["name"],
        found["start"] + 1,
        found["end"],
        found["strand"],
        found["score"],
        found["p-value"],
        found["word"],
    )
    return "".join(FIMO_ROW.format(*row) for row in zip(*columns, strict=True))
