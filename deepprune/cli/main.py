"""The console command `deepprune` with its subcommands."""

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import shtab

from deepprune import __version__
from deepprune.cli import compile, encode, explain, hits, logo, predict, run, sheet, shuffle, tomtom, variants
from deepprune.errors import InputError

# The order of --help. Subcommands import the rest of the package in `run`, so that --help answers at once.
COMMANDS = (run, predict, hits, explain, variants, shuffle, encode, sheet, tomtom, logo, compile)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0: success.  2: a mistake in the input.  130: Ctrl-C.  141: the reader of the output left.
    """
    options = build_parser().parse_args(arguments)
    with _buffered_output():
        return _exit_code(options)


def _exit_code(options: argparse.Namespace) -> int:
    """Run a command; see main."""
    try:
        options.run(options)
        sys.stdout.flush()
    except InputError as error:
        print(f"deepprune: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        _discard_output()
        return 130
    except BrokenPipeError:
        _discard_output()
        return 141
    except OSError as error:
        # A full disk, or a disk that fails: of a file that was not opened by name, most often standard output.
        _discard_output()
        place = error.filename or "the output"
        with suppress(OSError):  # of standard error itself
            print(
                f"deepprune: error: {place}: {error.strerror or error}; make room, or give another path",
                file=sys.stderr,
            )
        return 2
    return 0


@contextmanager
def _buffered_output() -> Iterator[None]:
    """Give standard output a buffer if it has none, as with PYTHONUNBUFFERED.

    Python would lose what a full disk does not take of a single write.
    """
    stream = sys.stdout
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        yield
        return
    sys.stdout = buffered = io.TextIOWrapper(io.BufferedWriter(raw), stream.encoding, stream.errors)
    try:
        yield
    finally:
        sys.stdout = stream
        with suppress(OSError):  # a command that succeeded has written all
            buffered.detach().detach()  # so that the stream stays open


def _discard_output() -> None:
    """Send the rest of standard output nowhere; otherwise Python raises when it flushes for a reader that left."""
    with suppress(io.UnsupportedOperation):  # of a stream in memory, in place of the process's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; each subcommand sets `run`."""
    text = "Few-kernel networks of DNA-protein binding: motifs of your peaks, predictions, and small tools."
    parser = argparse.ArgumentParser(prog="deepprune", description=text)
    parser.add_argument("--version", action="version", version=f"deepprune {__version__}")
    shtab.add_argument_to(parser, "--print-completion", help="print a completion script for this shell")
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        command.add_parser(commands)
    return parser
