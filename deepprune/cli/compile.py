"""Compile functions before their first use."""

import argparse


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("compile", help="compile functions before their first use")
    parser.description = (
        "Compile the shuffle, the reading of motifs and the engine of Tomtom, and keep the result in "
        "~/.cache/deepprune (or NUMBA_CACHE_DIR), so that the first run does not wait for it. This takes a minute; "
        "`make setup` does it."
    )
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Call each compiled function once; only the types of the arguments matter."""
    import warnings

    import numpy as np

    from deepprune.dna.shuffle import dinucleotide_shuffle
    from deepprune.dna.words import Words
    from deepprune.io.motif import Motif
    from deepprune.motifs.kernels import THRESHOLDS, Reading, kernel_motifs
    from deepprune.motifs.tomtom import tomtom
    from deepprune.motifs.windows import KernelBank

    codes = np.zeros((1, 9), np.uint8)
    Words(3).find(codes)
    dinucleotide_shuffle(codes, 0, np.zeros(1, np.uint64))
    bank = KernelBank(np.ones((1, 3, 4)), np.zeros(1), np.zeros(1), np.zeros(1, int))
    for method in THRESHOLDS:
        kernel_motifs(codes, bank, Reading(method))
    motifs = [Motif(str(width), "", np.eye(4)[np.arange(width) % 4], 20) for width in (5, 9)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the warning about few targets
        tomtom(motifs, motifs)
