"""A run of the workflow on one peak file, and its results in one folder."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, TextIO

from tqdm import tqdm

from deepprune.config.options import ladder, of_kind
from deepprune.errors import InputError
from deepprune.jobs.folder import OPTIONS, collect, replaced, work_folder
from deepprune.jobs.progress import Progress
from deepprune.jobs.request import Request, complete_options, dataset_names
from deepprune.jobs.workflow import workflow_folder

LOG = "run.log"
SECONDS = 0.5  # between two looks at the progress
PATIENCE = 20.0  # seconds for a workflow to end by itself
ENDING = (signal.SIGTERM, signal.SIGHUP)


def run(request: Request, cores: int | None = None, terminal: TextIO | None = None) -> Path:
    """Run the workflow on a peak file and return the folder of the results.

    cores: all by default.  terminal: where progress is shown, as a bar if it is one; standard error by default.
    A run that was interrupted goes on with the same request. InputError for a mistake in the input, or if the workflow
    fails; what it wrote is in work/run.log. SystemExit if the process is told to end.
    """
    if cores is not None and cores < 1:
        raise InputError(f"--cores is {cores}; give 1 or more")
    terminal = terminal or sys.stderr
    options = complete_options(request)
    datasets = dataset_names(request, options)
    with work_folder(request) as (work, lock):
        progress = _progress(work, options, len(datasets))
        command = _command(work, cores, anew=replaced(work, request))
        with (work / LOG).open("w", encoding="utf-8") as log, _running(command, log, lock) as process:
            try:
                _watch(process, work, progress, terminal)
            except (KeyboardInterrupt, SystemExit):
                with contextlib.suppress(OSError):  # of a terminal that was closed
                    print("deepprune: interrupted; the same command goes on", file=terminal)
                raise
        if process.returncode:
            raise InputError(_failure(work / LOG))
        return collect(work, request, datasets)


def _command(work: Path, cores: int | None, anew: bool) -> list[str]:
    """Return the command of Snakemake. anew: prepare genome and data set again."""
    command = [sys.executable, "-m", "snakemake", "-s", str(workflow_folder() / "Snakefile"), "--directory", str(work)]
    # Snakemake's own lock would stay after a crash.
    command += ["--configfile", str(work / OPTIONS), "--cores", str(cores or os.cpu_count() or 1), "--nolock"]
    return command + ["--forcerun", "genome", "dataset"] * anew


@contextlib.contextmanager
def _running(command: list[str], log: TextIO, lock: int) -> Iterator["subprocess.Popen[Any]"]:
    """Start a process, and end it whatever ends this one, except for SIGKILL.

    lock: kept by the process if this one is killed.
    """
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
    streams["env"] = os.environ | cache_folder(Path(log.name).parent)
    with _told_to_end():
        # In a group of its own, it and its jobs get each signal once: Ctrl-C in a terminal, and kill, alike.
        process = subprocess.Popen(command, pass_fds=[lock], process_group=0, **streams)
        try:
            yield process
        finally:
            _end(process)


def cache_folder(work: Path) -> dict[str, str]:
    """Return the variable that names the user's folder for caches: one in `work` if theirs cannot be written.

    Snakemake, which keeps a cache of sources there, would end in a traceback.
    """
    folder = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111 (never fails)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return {"XDG_CACHE_HOME": str(work.absolute() / ".cache")}
    return {} if os.access(folder, os.W_OK | os.X_OK) else {"XDG_CACHE_HOME": str(work.absolute() / ".cache")}


@contextlib.contextmanager
def _told_to_end() -> Iterator[None]:
    """Raise SystemExit at a signal that would otherwise end the process at once; only the main thread gets signals."""

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # One that is ignored, as nohup does, stays so.
    heard = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, leave) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(process: "subprocess.Popen[Any]") -> None:
    """End a process with its group, first kindly; nothing is done if it has ended."""
    # A shell's job in the background, and all that it starts, ignores SIGINT. Another signal shortens the wait.
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt, SystemExit):
                os.killpg(process.pid, number)
                process.wait(PATIENCE)


def _progress(work: Path, options: Mapping[str, Any], datasets: int) -> Progress:
    return Progress(ladder(options), datasets * len(of_kind(options["seeds"], "chipseq")), work / "logs/train")


def _watch(process: "subprocess.Popen[Any]", work: Path, progress: Progress, terminal: TextIO) -> None:
    """Show the progress until Snakemake ends: a bar in a terminal, a line for each finished job elsewhere."""
    form = "{desc:<16}{percentage:3.0f} % |{bar}| {elapsed}, {remaining} left"
    bar = tqdm(total=1.0, file=terminal, bar_format=form, disable=not terminal.isatty(), leave=False)
    with bar, (work / LOG).open(encoding="utf-8", errors="replace") as log:
        running = True
        while running:
            running = process.poll() is None  # asked before reading, so that what it wrote last is read
            for line in log:
                rule = progress.read(line.rstrip("\n"))
                if rule and bar.disable:
                    print(f"deepprune: {rule} done, {100 * progress.share:.0f} %", file=terminal, flush=True)
            bar.set_description_str(progress.rule, refresh=False)
            bar.n = max(bar.n, progress.share)
            bar.refresh()  # also where the share stays, for the time
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS)


def _failure(log: Path) -> str:
    """Return why the workflow failed: the message of a mistake in the input, or where to look."""
    text = log.read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^Error: (.+)$", text, re.MULTILINE)
    return found[0] if found else f"the workflow failed; {log} says why"
