"""Draw motifs as sequence logos."""

import argparse

from deepprune.errors import InputError


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments and help to the parser."""
    parser = commands.add_parser("logo", help="draw motifs as sequence logos")
    parser.description = (
        "Draw each motif of a file (MEME, JASPAR or TRANSFAC) as DIR/NAME.svg and DIR/NAME.png. Characters "
        "of a name that are unsafe in file names become underscores."
    )
    parser.add_argument("motifs", metavar="FILE", help="motif file, plain or gzip; - is standard input")
    parser.add_argument(
        "-o", dest="folder", metavar="DIR", required=True, help="folder of the logos; made if it does not exist"
    )
    parser.add_argument("--reverse-complement", action="store_true", help="draw the reverse complement beside each")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Draw the motifs of a file."""
    from deepprune.figures.logo import motif_logo
    from deepprune.figures.style import save_figure
    from deepprune.io.files import make_folder, safe_name
    from deepprune.io.motif import read_motifs

    motifs = read_motifs(options.motifs)
    names: dict[str, str] = {}
    for motif in motifs:
        # Some file systems ignore case.
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
