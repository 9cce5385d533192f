"""Faults of a single machine, each for real: what the user sees, and that the next run ends as if nothing had been."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crash import differences, files
from faults import OPTIONS, ROWS, small_study
from study import Run, snakemake, start_snakemake

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that nothing disturbed."""
    folder = small_study(tmp_path_factory.mktemp("faults") / "whole")
    done = run(folder)
    assert done.status == 0, done.output
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_study(tmp_path / "study")


@pytest.fixture
def disk(folder: Path) -> Iterator[Callable[..., None]]:
    """Return what makes results/ a file system of its own, or mounts it with other options."""
    results = folder / "results"
    results.mkdir()

    def mount(options: str) -> None:
        kind = ["-o", f"remount,{options}"] if results.is_mount() else ["-t", "tmpfs", "-o", options]
        done = subprocess.run(["mount", *kind, "tmpfs", str(results)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"file systems cannot be mounted here: {done.stderr.strip()}")

    yield mount
    if results.is_mount():
        subprocess.run(["umount", str(results)], check=True)


def run(folder: Path, *arguments: str) -> Run:
    return snakemake(folder, "--cores", "2", *arguments, options=OPTIONS)


def ends_as(whole: Path, folder: Path) -> None:
    """Run a study to its end, which is that of the undisturbed one."""
    done = run(folder)
    assert done.status == 0, done.output
    assert differences(whole, folder) == []
    assert "Nothing to be done" in run(folder, "--dry-run").output


def training(process: subprocess.Popen[str]) -> int:
    """Wait until a training job runs; return its process."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and process.poll() is None:
        children = Path(f"/proc/{process.pid}/task").glob("*/children")
        for pid in " ".join(child.read_text() for child in children).split():
            if b"train.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        time.sleep(0.05)
    raise AssertionError("no training was seen")


def whole_or_absent(whole: Path, folder: Path) -> None:
    """Nothing half-written: what is there is as it is in the undisturbed run."""
    assert all(line.endswith("alone") for line in differences(whole, folder)), differences(whole, folder)
    assert files(folder / "results") <= files(whole / "results")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_snakemake_ended_by_a_signal_goes_on_without_further_ado(
    whole: Path, folder: Path, sent: signal.Signals
) -> None:
    with start_snakemake(folder, "--cores", "2", options=OPTIONS) as process:
        training(process)
        process.send_signal(sent)
        process.communicate(timeout=120)
    assert process.returncode != 0
    ends_as(whole, folder)


def test_a_job_that_is_killed_is_told_and_done_again(whole: Path, folder: Path) -> None:
    with start_snakemake(folder, "--cores", "2", options=OPTIONS) as process:
        os.kill(training(process), signal.SIGKILL)
        output, _ = process.communicate(timeout=300)
    assert process.returncode != 0
    assert "Error in rule train" in output
    whole_or_absent(whole, folder)
    ends_as(whole, folder)


@pytest.mark.parametrize("size", ["32k", "500k"])
def test_a_full_disk_is_told_and_nothing_half_written(
    whole: Path, folder: Path, disk: Callable[..., None], size: str
) -> None:
    disk(f"size={size}")
    done = run(folder)
    assert done.status != 0
    assert "No space left on device" in done.output and "Traceback" not in done.output
    whole_or_absent(whole, folder)
    disk("size=500m")
    ends_as(whole, folder)


def test_a_folder_that_cannot_be_written_is_told(whole: Path, folder: Path, disk: Callable[..., None]) -> None:
    disk("size=500m")
    disk("ro")
    done = run(folder)
    assert done.status != 0
    assert "Read-only file system" in done.output and "Traceback" not in done.output
    disk("rw")
    ends_as(whole, folder)


def test_files_from_the_future_do_no_harm(whole: Path, folder: Path) -> None:
    """The clock was set back: what was made before it is newer than all that follows."""
    targets = [f"results/{place}" for name in ROWS for place in (f"auc/{name}.tsv", f"motifs/{name}/kernels.meme")]
    assert run(folder, *targets).status == 0
    tomorrow = time.time() + 86400
    for path in (folder / "results").rglob("*"):
        os.utime(path, (tomorrow, tomorrow))
    ends_as(whole, folder)
