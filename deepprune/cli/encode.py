"""Write a data-set sheet of ENCODE ids."""

import argparse
import sys


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("encode", help="write a data-set sheet of ENCODE ids")
    parser.description = (
        "Write a data-set sheet with a row for each id of ENCODE's uniform TF peaks (wgEncodeAwgTfbs...UniPk). Target, "
        "cell type, treatment, antibody, protocol and lab are read from the id."
    )
    parser.add_argument("ids", help="text file of ids, one a line; - is standard input")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the sheet of a file of ids onto standard output."""
    from deepprune.errors import InputError
    from deepprune.io.files import open_text
    from deepprune.sources.encode_tfbs import FORM, encode_sheet

    with open_text(options.ids) as file:
        ids = file.read().split()
    if not ids:
        raise InputError(f"{options.ids} is empty; it must hold ids of ENCODE's uniform peaks, which read {FORM}")
    try:
        sheet = encode_sheet(ids)
    except InputError as error:
        raise InputError(f"{options.ids}: {error}") from None
    sys.stdout.write(sheet)
