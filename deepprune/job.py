"""What every script of the workflow does around its one call: open the log, and put a user's mistake in one line."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from deepprune.errors import InputError


@contextmanager
def job(log: str) -> Iterator[None]:
    """Send all output, that of compiled libraries included, to the log; on failure exit with status 1.

    An InputError appears as one line, anything else with its traceback, in the log and on the terminal.
    """
    terminal = os.dup(2)
    with open(log, "w", encoding="utf-8", buffering=1) as handle:  # noqa: PTH123 (buffering per line)
        os.dup2(handle.fileno(), 1)
        os.dup2(handle.fileno(), 2)
        # Python's own streams write to the same file descriptors, a line at a time.
        sys.stdout = sys.stderr = handle
        try:
            yield
        except InputError as error:
            _fail(f"Error: {error}\n", terminal)
        except Exception:
            _fail(traceback.format_exc(), terminal)


def _fail(message: str, terminal: int) -> None:
    os.write(1, message.encode())
    os.write(terminal, message.encode())
    raise SystemExit(1)
