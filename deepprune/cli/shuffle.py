"""Shuffle DNA sequences."""

import argparse
import sys
from collections import defaultdict


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("shuffle", help="shuffle DNA sequences, keeping their dinucleotide counts")
    parser.description = (
        "Write each sequence of a FASTA file shuffled, under its name: dinucleotide counts and both end bases stay, "
        "and every such sequence is equally likely. A record's shuffle depends on seed, name and sequence alone. "
        "Output is upper-case; IUPAC ambiguity letters become N, which is shuffled like a base."
    )
    parser.add_argument("fasta", help="FASTA file, plain or gzip; - is standard input")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other shuffles (default: %(default)s)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Shuffle the records of a FASTA file onto standard output."""
    from deepprune.dna.codes import record_keys, to_codes, to_text
    from deepprune.dna.shuffle import dinucleotide_shuffle
    from deepprune.io.fasta import read_fasta

    records = read_fasta(options.fasta)
    keys = record_keys(record.name.encode() for record in records)
    by_length: dict[int, list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        by_length[len(record.sequence)].append(i)
    shuffled = [""] * len(records)
    for members in by_length.values():
        codes = to_codes([records[i].sequence for i in members])
        for i, sequence in zip(members, to_text(dinucleotide_shuffle(codes, options.seed, keys[members])), strict=True):
            shuffled[i] = sequence
    sys.stdout.writelines(f">{record.name}\n{text}\n" for record, text in zip(records, shuffled, strict=True))
