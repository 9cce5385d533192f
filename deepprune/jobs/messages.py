"""Messages of the workflow, beside Snakemake's own: a refusal, an unknown data set, jobs that failed."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from deepprune.config.messages import nearest
from deepprune.errors import InputError, quoted

ERROR = "Error: "  # how the line of a mistake begins, in logs and on the terminal
FAILED = "Failed: "  # and that of a job that failed, at the end of a run
_FAILED = re.compile(r"^Error in (?:rule|group job|group) (?P<rule>[\w-]+):\n(?P<about>(?:[ \t]+.*\n)*)", re.MULTILINE)
_LOGS = re.compile(r"^\s*log: (.+) \(check log file", re.MULTILINE)


def refuse(error: InputError) -> NoReturn:
    """End the run with one line. A WorkflowError would show a file's name before it and a call stack after it."""
    from snakemake.logging import logger

    logger.error(f"{ERROR}{error}")
    raise SystemExit(1) from None


def unknown_dataset(name: str, known: Iterable[str]) -> InputError:
    """Return the error for a target of a data set that the sheet does not have, with the nearest name that it has."""
    guess = nearest(name, known)
    remedy = f"did you mean {guess}?" if guess else "correct the target, or add a row to the sheet"
    return InputError(f"there is no data set {quoted(name)} among those chosen from the sheet; {remedy}")


def failed_jobs(log: str | Path) -> list[str]:
    """Return a line for each job that failed, from Snakemake's log: its rule, its log file, and what went wrong.

    What went wrong is the message of a mistake in the log of the job, or else the last line there. A job that failed
    again and again gives one line.
    """
    text = Path(log).read_text(encoding="utf-8", errors="replace")
    found = [(job["rule"], logged[1]) for job in _FAILED.finditer(text) if (logged := _LOGS.search(job["about"]))]
    return [f"{rule} ({path}): {reason(path.split(', ')[0])}" for rule, path in dict.fromkeys(found)]


def reason(log: str | Path) -> str:
    """Return why a job failed, from its log: the message of a mistake, or else the last line."""
    try:
        lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "it left no log; was it killed, for memory or for time?"
    written = [line.strip() for line in lines if line.strip()]
    mistakes = [line.removeprefix(ERROR) for line in written if line.startswith(ERROR)]
    return (mistakes or written or ["it wrote nothing; was it killed, for memory or for time?"])[-1]
