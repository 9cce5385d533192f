"""The frame of every script: its log, and one line for a user's mistake."""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO, TypeVar

from deepprune.errors import InputError
from deepprune.io.files import remove_leftovers

Files = TypeVar("Files", bound=NamedTuple)
PR_SET_PDEATHSIG = 1  # from Linux, see prctl(2)


@contextmanager
def job(snakemake: Any) -> Iterator[TextIO]:
    """Send all output, that of compiled libraries included, to the job's log; on failure exit with status 1.

    snakemake: the object that Snakemake gives its scripts; only output files and log are used.
    Yields the terminal (the original standard error), for messages that the user should see at once.

    An InputError is written as one line, any other exception with its traceback, to the log and to the terminal. The
    job ends with its Snakemake, since the next run would start it a second time.
    """
    _end_with_parent()
    for output in snakemake.output:
        remove_leftovers(output)
    log = Path(snakemake.log[0])
    log.unlink(missing_ok=True)  # replace a link, never follow it
    streams, descriptors = (sys.stdout, sys.stderr), (os.dup(1), os.dup(2))
    with log.open("w", encoding="utf-8", buffering=1) as handle:
        # Python's streams and the file descriptors of compiled code share one log, a line at a time.
        sys.stdout = sys.stderr = handle
        os.dup2(handle.fileno(), 1)
        os.dup2(handle.fileno(), 2)
        try:
            with open(descriptors[1], "w", encoding="utf-8", closefd=False) as terminal:
                yield terminal
        except InputError as error:
            _fail(f"Error: {error}\n", terminal=descriptors[1])
        except Exception:
            _fail(traceback.format_exc(), terminal=descriptors[1])
        finally:
            sys.stdout, sys.stderr = streams
            os.dup2(descriptors[0], 1)
            os.dup2(descriptors[1], 2)


def files_of(record: type[Files], named: Any) -> Files:
    """Return the named files of a script as the record that a function takes; None for missing ones."""
    return record(*(named.get(field) for field in record._fields))


def _end_with_parent() -> None:
    """Make the system end this process together with its parent, if the system can."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _fail(message: str, terminal: int) -> None:
    for descriptor in (1, terminal):
        os.write(descriptor, message.encode())
    raise SystemExit(1)
