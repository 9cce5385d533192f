"""Real faults of a single machine: what the user sees, and that the next run completes as if nothing had happened."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from crash import Whole, differences, files, take_away
from faults import OPTIONS, small_study
from workflow import Run, snakemake, start_snakemake

pytestmark = pytest.mark.slow

DAY = 86_400 * 10**9  # ns
JASPAR = "results/jaspar/JASPAR2024_CORE_vertebrates.meme"


@pytest.fixture
def whole(undisturbed_run: Whole) -> Path:
    """Return the folder of a run that nothing disturbed."""
    return undisturbed_run.folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a study that was not run yet."""
    return small_study(tmp_path / "study")


def begun(whole: Whole, copy: Path) -> str:
    """Make a copy of a run that lacks one training and all that is made of it; return an output of this training."""
    shutil.copytree(whole.folder, copy, symlinks=True)
    training = next(job for job in whole.jobs if job.rule == "train")
    take_away(copy, training, whole.jobs)
    return training.output[0]


@pytest.fixture
def disk(folder: Path) -> Iterator[Callable[[str], None]]:
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
        with suppress(OSError):  # a process may end while it is examined
            for pid in " ".join(child.read_text() for child in children).split():
                if b"train.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return int(pid)
        time.sleep(0.05)
    raise AssertionError("no training was seen")


def whole_or_absent(whole: Path, folder: Path) -> None:
    """Nothing half-written: what is there is as it is in the undisturbed run."""
    assert all(line.endswith("alone") for line in differences(whole, folder)), differences(whole, folder)
    assert files(folder / "results") <= files(whole / "results")


def test_whatever_ends_a_run_the_next_goes_on(undisturbed_run: Whole, whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "begun"
    trained = begun(undisturbed_run, folder)
    for sent in (signal.SIGINT, signal.SIGTERM):
        with start_snakemake(folder, "--cores", "2", options=OPTIONS) as process:
            training(process)
            process.send_signal(sent)
            process.communicate(timeout=300)
        assert process.returncode != 0
        whole_or_absent(whole, folder)
    # A job is killed, by the system when memory runs out or by hand; neither signal leaves a lock.
    shutil.rmtree(folder / "results/checkpoints" / Path(trained).stem, ignore_errors=True)
    with start_snakemake(folder, "--cores", "2", "--forcerun", trained, options=OPTIONS) as process:
        os.kill(training(process), signal.SIGKILL)
        output, _ = process.communicate(timeout=300)
    assert process.returncode != 0
    assert "Error in rule train" in output
    whole_or_absent(whole, folder)
    # The clock is set back: files from before are newer than all later ones.
    for path in (folder / "results").rglob("*"):
        os.utime(path, ns=(path.stat().st_mtime_ns + DAY,) * 2)
    ends_as(whole, folder)


def test_a_disk_that_takes_nothing_is_told_and_nothing_half_written(
    whole: Path, folder: Path, disk: Callable[[str], None]
) -> None:
    disk("size=500k")
    disk("ro")
    done = run(folder)
    assert done.status != 0
    assert "Read-only file system" in done.output and "Traceback" not in done.output
    disk("rw")
    done = run(folder)
    assert done.status != 0
    assert "No space left on device" in done.output and "Traceback" not in done.output
    whole_or_absent(whole, folder)
    disk("size=500m")
    prepared = ("results/tables/datasets.tsv", "results/figures/datasets.svg", JASPAR)
    done = run(folder, *prepared)
    assert done.status == 0, done.output
    whole_or_absent(whole, folder)
    assert {str(Path(path).relative_to("results")) for path in prepared} <= files(folder / "results")
