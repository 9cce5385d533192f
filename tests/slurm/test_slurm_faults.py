"""Faults of a cluster: jobs cancelled and killed, a node lost, limits exceeded, Snakemake itself killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from subprocess import Popen

import pytest
from cluster import Cluster, command
from submission import Study, tables

pytestmark = [pytest.mark.slow, pytest.mark.slurm, pytest.mark.release]

TARGETS = tuple(f"results/tables/{name}.tsv" for name in ("auc", "comparison", "datasets"))
# The command line replaces what the profile says of any rule: of training the same again; and `dataset` first gets less
# memory than Snakemake alone takes.
LITTLE_MEMORY = ("train:slurm_partition=gpu", "train:gpu=1", "dataset:mem_mb=60 if attempt == 1 else 2000")

OTHER = ("--job-name", "deepprune_other", "--chdir", "/", "--output", "/dev/null")


def until(what: str, ready: Callable[[], str], seconds: float = 400) -> str:
    """Wait for something to be true, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := ready():
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds} s for {what}")


def payload(site: Cluster, job: str, script: str) -> str:
    """Return the id of the Python process that runs a rule's script in a job, "" if there is none yet."""
    found = [pid for pid in site.processes(job) if command(pid).startswith(sys.executable) and script in command(pid)]
    return str(found[0]) if found else ""


class Timeline:
    """What was done to a study, and when Slurm and Snakemake took notice."""

    def __init__(self, site: Cluster) -> None:
        self.site, self.done, self.began = site, dict[str, tuple[str, float]](), time.monotonic()

    def note(self, fault: str, job: str) -> None:
        self.done[job] = (fault, time.monotonic())

    def ended(self, job: str) -> str:
        """Return the state of a job that is over, "" before, when accounting may not even know of it."""
        states = [row["state"] for row in self.site.accounts("jobid", "state") if row["jobid"] == job]
        return next((state for state in states if state not in ("RUNNING", "PENDING")), "")

    def wait(self, job: str) -> str:
        fault, start = self.done[job]
        state = until(f"the end of job {job}", lambda: self.ended(job))
        print(f"{fault}: {state} after {time.monotonic() - start:.0f} s")
        return state


def go_on(study: Study) -> None:
    """Run the documented command for a run whose Snakemake was killed."""
    command = ["sh", "profiles/slurm/unlock.sh", sys.executable, "-m", "snakemake"]
    done = subprocess.run(command, cwd=study.folder, env=study.site.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def locked(study: Study) -> bool:
    return any((study.folder / ".snakemake/locks").glob("*"))


def finish(process: Popen[str]) -> str:
    output, _ = process.communicate(timeout=400)
    return output


def test_a_study_survives_its_cluster(study: Study, expected) -> None:
    site, line = study.site, Timeline(study.site)

    # Snakemake killed by SIGKILL: its jobs stay, and so does its lock, until one command removes both.
    head = study.start(*TARGETS, "--set-resources", *LITTLE_MEMORY[:2])
    until("a job", lambda: site.running("rule_dataset"))
    head.kill()
    finish(head)
    assert site.queue() and locked(study)
    refused = study.start(*TARGETS)
    assert "Directory cannot be locked" in finish(refused)
    assert refused.returncode != 0
    # A job of the same name, of a run in another folder, is left alone.
    other = site.ask("sbatch", "--parsable", *OTHER, "--account", site.account, "--wrap", "sleep 600").strip()
    go_on(study)
    assert site.queue() == [other] and not locked(study)
    site.ask("scancel", other)

    # Jobs that fail for all kinds of reasons, in one run. Both data sets' first preparations are out of memory.
    before = len(site.accounts("jobid"))
    head = study.start(*TARGETS, "--set-resources", *LITTLE_MEMORY)
    until("two jobs that failed", lambda: "y" * (states(site, before, "rule_dataset").count("FAILED") >= 2))

    job = until("a second preparation", lambda: site.running("rule_dataset"))
    node = site.ask("squeue", "-h", "-j", job, "-o", "%N").strip()
    died = len(site.ask("squeue", "-h", "-w", node, "-o", "%A").split())
    site.kill_node(node)

    job = until("training", lambda: site.running("rule_train"))
    until("its script", lambda: payload(site, job, "train.py"))
    site.ask("scancel", job)
    line.note("scancel", job)
    assert line.wait(job).startswith("CANCELLED")

    job = until("training", lambda: site.running("rule_train"))
    subprocess.run(["kill", "-KILL", until("its script", lambda: payload(site, job, "train.py"))], check=True)
    line.note("SIGKILL of the script", job)
    assert line.wait(job) == "FAILED"

    job = until("training", lambda: site.running("rule_train"))
    until("its script", lambda: payload(site, job, "train.py"))
    training = site.comment(job)
    site.ask("scontrol", "update", f"JobId={job}", "EndTime=now+1")
    line.note("its time limit", job)
    assert line.wait(job) == "TIMEOUT"

    # Signals to Snakemake: SIGINT cancels its jobs, SIGTERM waits for them. Neither leaves a lock.
    # On a busy machine the training of the other data set may have ended before this one begins again.
    until("the next attempt", lambda: site.running(training))
    head.send_signal(signal.SIGINT)
    output = finish(head)
    for row in site.accounts("jobid", "comment", "state", "submit", "start", "end")[before:]:
        print(*row.values())
    assert head.returncode != 0
    until("an empty queue", lambda: "y" * (site.queue() == []), 20)
    assert not locked(study)
    assert output.count("Trying to restart job") == 2 + died + 3, output
    assert states(site, before, "rule_dataset").count("NODE_FAIL") == died
    site.start_node(node)

    head = study.start(*TARGETS)
    job = until("a table", lambda: site.running("rule_table"))
    head.send_signal(signal.SIGTERM)
    finish(head)
    assert head.returncode != 0
    assert line.ended(job) == "COMPLETED"
    assert site.queue() == [] and not locked(study)

    head = study.start(*TARGETS)
    output = finish(head)
    assert head.returncode == 0, output
    found = tables(study.folder)
    assert sorted(found) == sorted(target.rpartition("/")[2] for target in TARGETS)
    undisturbed = expected()
    assert found == {name: undisturbed[name] for name in found}


def states(site: Cluster, first: int, comment: str) -> list[str]:
    """Return the states of the jobs after the first so many whose comment begins so."""
    jobs = site.accounts("comment", "state")[first:]
    return [job["state"] for job in jobs if job["comment"].startswith(comment)]
