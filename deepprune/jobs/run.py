"""A run of the workflow on one peak file, and its results in one folder."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import yaml
from tqdm import tqdm

from deepprune.config.options import ladder
from deepprune.errors import InputError
from deepprune.io.files import write_atomic
from deepprune.jobs.progress import Progress
from deepprune.jobs.request import OPTIONS, Request, prepare_folder, workflow_options

LOG = "run.log"
SECONDS = 0.5  # between two looks at the progress
PACKAGE = Path(__file__).resolve().parents[1]
# Results of a data set by their names in the folder of results
RESULTS = {
    "motifs.meme": "motifs/{dataset}/motifs.meme",
    "motifs.tsv": "motifs/{dataset}/motifs.tsv",
    "model.npz": "models/{dataset}/model.npz",
    "hits.bed": "motifs/{dataset}/hits.bed",
    "windows.bed": "data/{dataset}.windows.bed",
    "skipped.tsv": "data/{dataset}.skipped.tsv",
}


def workflow_folder() -> Path:
    """Return the folder of the Snakefile: in the installed package or, of a checkout, above it."""
    installed = PACKAGE / "workflow"
    return installed if installed.is_dir() else PACKAGE.parent


def run(request: Request, cores: int | None = None, terminal: TextIO = sys.stderr) -> Path:
    """Run the workflow on a peak file and return the folder of the results.

    cores: all by default.  terminal: where progress is shown, as a bar if it is one.
    A run that was interrupted goes on with the same request. InputError for a mistake in the input, or if the workflow
    fails; what it wrote is in work/run.log.
    """
    if cores is not None and cores < 1:
        raise InputError(f"--cores is {cores}; give 1 or more")
    work = prepare_folder(request)
    with _alone(work) as lock:
        _start(work, request, cores, terminal, lock)
        return _collect(work, request)


@contextmanager
def _alone(work: Path) -> Iterator[int]:
    """Keep other runs out of the folder; yield the descriptor of the lock, which holds as long as a process has it."""
    with (work / ".running").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"another run is at work in {work.parent}; wait for it, or give another folder") from None
        yield file.fileno()


def _start(work: Path, request: Request, cores: int | None, terminal: TextIO, lock: int) -> None:
    """Run Snakemake in the folder until it ends; InputError if it fails.

    lock: kept by Snakemake if this process is killed.
    """
    command = [sys.executable, "-m", "snakemake", "-s", str(workflow_folder() / "Snakefile"), "--directory", str(work)]
    # Snakemake's own lock would stay after a crash.
    command += ["--configfile", str(work / OPTIONS), "--cores", str(cores or os.cpu_count() or 1), "--nolock"]
    with (work / LOG).open("w", encoding="utf-8") as log:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(command, pass_fds=[lock], **streams)
        try:
            _watch(process, work, _progress(work, request), terminal)
        except KeyboardInterrupt:
            process.wait()  # Ctrl-C reached it too.
            print("deepprune: interrupted; the same command goes on", file=terminal)
            raise
    if process.returncode:
        raise InputError(_failure(work / LOG))


def _progress(work: Path, request: Request) -> Progress:
    defaults = yaml.safe_load((workflow_folder() / "config.yaml").read_text(encoding="utf-8"))
    options = workflow_options(request)
    rungs = ladder({"prune": defaults["prune"] | options["prune"]})
    return Progress(rungs, len(request.negatives) * len(options["seeds"]), work / "logs/train")


def _watch(process: subprocess.Popen[Any], work: Path, progress: Progress, terminal: TextIO) -> None:
    """Show the progress until Snakemake ends: a bar in a terminal, a line for each finished job elsewhere."""
    form = "{desc:<16}{percentage:3.0f} % |{bar}| {elapsed}, {remaining} left"
    bar = tqdm(total=1.0, file=terminal, bar_format=form, disable=not terminal.isatty(), leave=False)
    ended = threading.Event()
    with bar, (work / LOG).open(encoding="utf-8", errors="replace") as log:
        while not ended.is_set():
            if process.poll() is not None:
                ended.set()  # and read what it wrote last
            for line in log:
                rule = progress.read(line.rstrip("\n"))
                if rule and bar.disable:
                    print(f"deepprune: {rule} done, {100 * progress.share:.0f} %", file=terminal, flush=True)
            bar.set_description_str(progress.rule, refresh=False)
            bar.n = max(bar.n, progress.share)
            bar.refresh()  # also where the share stays, for the time
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                continue


def _failure(log: Path) -> str:
    """Return why the workflow failed: the message of a mistake in the input, or where to look."""
    text = log.read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^Error: (.+)$", text, re.MULTILINE)
    return found[0] if found else f"the workflow failed; {log} says why"


def _collect(work: Path, request: Request) -> Path:
    """Copy the results beside the folder of the workflow."""
    out, results = work.parent, work / "results"
    datasets = [request.dataset]
    if len(request.negatives) > 1:
        datasets = [f"{request.dataset}.{kind}" for kind in request.negatives]
    for dataset in datasets:
        folder = out / dataset if len(datasets) > 1 else out
        for name, path in RESULTS.items():
            _copy(results / path.format(dataset=dataset), folder / name)
    _copy(results / "tables/auc.tsv", out / "auc.tsv")
    for page in (results / "report").glob("*.html"):
        _copy(page, out / "report" / page.name)
    _copy(results / "report.html", out / "report.html")
    return out


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with write_atomic(target) as temporary:
        shutil.copyfile(source, temporary)
