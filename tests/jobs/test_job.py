import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from deepprune.jobs.job import files_of

# What Snakemake tells a script, of which the log and an output file come on the command line
PRELUDE = """
import os, sys
from types import SimpleNamespace
from deepprune.errors import InputError
from deepprune.jobs.job import job
snakemake = SimpleNamespace(log=sys.argv[1:2], output=sys.argv[2:])
"""
SCRIPT = (
    PRELUDE
    + """
with job(snakemake):
    print("a line of the log", flush=True)
    os.system("echo from another program")
    {}
print("afterwards")
"""
)


def run(tmp_path, last):
    log = tmp_path / "job.log"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(last), str(log)], capture_output=True, text=True, check=False
    )
    return done, log.read_text()


def test_output_of_all_kinds_goes_to_the_log(tmp_path):
    done, log = run(tmp_path, "pass")
    assert (done.returncode, done.stdout, done.stderr) == (0, "afterwards\n", "")
    assert log == "a line of the log\nfrom another program\n"


def test_a_mistake_of_the_user_is_one_line_in_log_and_terminal(tmp_path):
    done, log = run(tmp_path, "raise InputError('peaks.bed, line 3: too short; mend it')")
    assert done.returncode == 1
    assert done.stderr == "Error: peaks.bed, line 3: too short; mend it\n"
    assert log.endswith("\n" + done.stderr)


@pytest.mark.parametrize("failure", ["1 / 0", "raise MemoryError"])
def test_any_other_failure_shows_its_traceback_in_both(tmp_path, failure):
    done, log = run(tmp_path, failure)
    assert done.returncode == 1
    assert "Traceback" in done.stderr and done.stderr in log


def test_the_terminal_stays_within_reach(tmp_path):
    program = PRELUDE + "with job(snakemake) as terminal:\n    print('seen', file=terminal)"
    log = tmp_path / "job.log"
    done = subprocess.run([sys.executable, "-c", program, str(log)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr, log.read_text()) == ("", "seen\n", "")


def test_what_an_earlier_attempt_left_of_the_outputs_is_removed(tmp_path):
    left, other = tmp_path / ".a[1].tsv~0123456789abcdef.tsv", tmp_path / ".b.tsv~0123456789abcdef.tsv"
    for path in (left, other):
        path.touch()
    output = tmp_path / "a[1].tsv"
    subprocess.run([sys.executable, "-c", SCRIPT.format("pass"), str(tmp_path / "log"), str(output)], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, "log"]


class Files(NamedTuple):
    auc: str
    captions: list[str]
    counts: str | None


def test_named_files_become_a_record() -> None:
    named = {"pages": ["a.html"], "captions": ["a.rst"], "auc": "auc.tsv"}
    assert files_of(Files, named) == Files("auc.tsv", ["a.rst"], None)


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no signal for the death of a parent")
def test_a_job_ends_with_the_process_that_started_it(tmp_path):
    forever = SCRIPT.format("print(os.getpid(), flush=True)\n    import time; time.sleep(600)")
    log = tmp_path / "job.log"
    starter = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {forever!r}, {str(log)!r}])"
    parent = subprocess.Popen([sys.executable, "-c", starter])
    wait_for(lambda: log.exists() and "another" in log.read_text() and log.read_text().count("\n") == 3)
    pid = log.read_text().split()[-1]
    assert running(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not running(pid))


def running(pid: str) -> bool:
    stat = Path("/proc", pid, "stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "nothing came of it in 30 s"
        time.sleep(0.05)
