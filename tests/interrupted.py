"""Processes that SIGKILL ends at a random moment of a training, after it has written a snapshot."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 300.0  # seconds until a training must have written its first snapshot
LATER = 0.3  # seconds after it, at most


def last_snapshot(folder: Path) -> int:
    """Return the time of the newest snapshot below a folder, 0 without any."""
    times = [0]
    for path in folder.rglob("[!.]*.seed*.npz"):
        with suppress(FileNotFoundError):  # the network is finished meanwhile
            times.append(path.stat().st_mtime_ns)
    return max(times)


def kill_in_training(process: subprocess.Popen[str], folder: Path, before: int, rng: random.Random) -> str:
    """Kill a process, with all of its group, when a snapshot is newer than `before`; return what it printed."""
    deadline = time.monotonic() + PATIENCE
    while last_snapshot(folder) <= before and process.poll() is None:
        assert time.monotonic() < deadline, "no snapshot was seen"
        time.sleep(0.001)
    time.sleep(rng.uniform(0, LATER))
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    printed, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, printed
    return printed
