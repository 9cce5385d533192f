"""Write a data-set sheet of a folder of DeepBind's files."""

import argparse
import sys


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("sheet", help="write a data-set sheet of a folder of DeepBind's files")
    parser.description = (
        "Write a data-set sheet with a row for each pair NAME_AC.seq.gz and NAME_B.seq.gz in a folder. Target and cell "
        "type are the first two parts of a name. The sheet's paths are absolute, so that it may lie anywhere."
    )
    parser.add_argument("folder", metavar="FOLDER", help="folder of the files")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the sheet of a folder onto standard output."""
    from deepprune.io.deepbind import seqgz_sheet

    sys.stdout.write(seqgz_sheet(options.folder))
