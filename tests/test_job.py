import subprocess
import sys

import pytest

SCRIPT = """
import os, sys
from deepprune.errors import InputError
from deepprune.job import job
with job(sys.argv[1]):
    print("a line of the log", flush=True)
    os.system("echo from another program")
    {}
print("afterwards")
"""


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
    program = (
        "import sys\nfrom deepprune.job import job\n"
        "with job(sys.argv[1]) as terminal:\n    print('seen', file=terminal)"
    )
    log = tmp_path / "job.log"
    done = subprocess.run([sys.executable, "-c", program, str(log)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr, log.read_text()) == ("", "seen\n", "")
