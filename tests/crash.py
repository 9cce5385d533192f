"""The crash test: a run is killed by SIGKILL again and again, completed each time, and compared byte for byte.

`make crash-test` does so with the default run. Each time one job's results are taken away from the finished run,
with all that is made of them and what a training keeps of its networks; it is run again, killed at a random moment of
that job, and run to its end. All rules have their turn; training, which takes most of the time, every sixth time.
"""

import argparse
import itertools
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workflow import checkout, snakemake, start_snakemake

# Measured times, programs compiled in an order that depends on the threads, files that hold the date of their writing
DIFFERENT = ("benchmarks", "checkpoints", "compiled", "keras", "report.html", "resources.tsv", "resources.svg")
SETTLED = 1.0  # seconds until the system has ended the jobs of a killed Snakemake
TRAINING = 6
TRIES = 4  # attempts to catch a job while it runs, each after half the time


class Job(NamedTuple):
    """A job of a run: what it makes of what, and how long it took."""

    rule: str
    input: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    seconds: float = 0


class Moment(NamedTuple):
    """When to kill: a share of a job's time after its start. machine: all processes, not Snakemake alone."""

    job: Job
    share: float
    machine: bool


class Whole(NamedTuple):
    """The folder of a run that nothing disturbed, its options and its jobs."""

    folder: Path
    options: Mapping[str, Any]
    jobs: Sequence[Job]


class Outcome(NamedTuple):
    """What came of a run: exit status, terminal, finished jobs."""

    status: int
    output: str
    jobs: list[Job]


def run(folder: Path, options: Mapping[str, Any], moment: Moment | None = None, cores: int = 2) -> Outcome:
    """Run Snakemake in a folder, to its end or to a moment."""
    lines: list[str] = []
    jobs: list[Job] = []
    started: dict[str, tuple[Job, float]] = {}
    announced = Job("")
    process = start_snakemake(folder, "--cores", str(cores), options=options)

    def kill() -> None:
        if moment and moment.machine:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()

    timer = threading.Timer(moment.share * moment.job.seconds if moment else 0, kill)
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if found := re.match(r"(?:local)?rule (\w+):", line):
            announced = Job(found[1])
        elif found := re.match(r"    (input|output): (.*)", line):
            announced = announced._replace(**{found[1]: tuple(found[2].split(", "))})
        elif found := re.match(r"    jobid: (\d+)", line):
            started[found[1]] = announced, time.monotonic()
            if moment and announced.output == moment.job.output and not timer.ident:
                timer.start()
        elif found := re.match(r"Finished jobid: (\d+)", line):
            job, began = started[found[1]]
            jobs.append(job._replace(seconds=time.monotonic() - began))
    status = process.wait()
    timer.cancel()
    return Outcome(status, "".join(lines), [job for job in jobs if job.output])


def moments(jobs: Sequence[Job], number: int, seed: int) -> list[Moment]:
    """Random moments of random jobs: every sixth of a training, the others of all other rules in turn."""
    rng = random.Random(seed)
    rules = sorted({job.rule for job in jobs} - {"train"})
    rng.shuffle(rules)
    turns = itertools.cycle(rules)
    chosen = []
    for place in range(number):
        rule = next(turns) if place % TRAINING else "train"
        job = rng.choice([job for job in jobs if job.rule == rule])
        chosen.append(Moment(job, rng.random(), rng.random() < 0.5))
    return chosen


def take_away(folder: Path, job: Job, jobs: Sequence[Job]) -> None:
    """Remove what a job has made, all that was made of that, and what it would find of its own when it runs again."""
    gone = set(job.output)
    while more := {path for other in jobs if gone & set(other.input) for path in other.output} - gone:
        gone |= more
    if job.rule == "train":
        gone.add(f"results/checkpoints/{Path(job.output[0]).stem}")
    for path in map(folder.joinpath, gone):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def differences(first: Path, second: Path) -> list[str]:
    """Return the differences, in words, between the results of two runs; measured times do not count."""
    found = []
    names = [files(folder / "results") for folder in (first, second)]
    found += [f"{name} is in one of them alone" for name in sorted(names[0] ^ names[1])]
    for name in sorted(names[0] & names[1]):
        if not any(part in DIFFERENT for part in Path(name).parts):
            contents = [content(folder / "results" / name) for folder in (first, second)]
            if contents[0] != contents[1]:
                found.append(f"{name} differs")
    return found


def files(results: Path) -> set[str]:
    """All files but those of whose names or number nothing is promised; what a killed process left is among them."""
    paths = {path.relative_to(results) for path in results.rglob("*") if path.is_file()}
    return {str(path) for path in paths if path.parts[0] not in ("compiled",) and path.name != ".snakemake_timestamp"}


def content(path: Path) -> bytes:
    """Return the bytes of a file; of an AUC table without its column of measured seconds."""
    whole = path.read_bytes()
    columns = whole.partition(b"\n")[0].split(b"\t")
    if path.suffix != ".tsv" or b"seconds" not in columns:
        return whole
    place = columns.index(b"seconds")
    rows = [line.split(b"\t") for line in whole.splitlines()]
    return b"\n".join(b"\t".join(cells[:place] + cells[place + 1 :]) for cells in rows)


def undisturbed(folder: Path, options: Mapping[str, Any]) -> Whole:
    """Run Snakemake in a folder to its end."""
    done = run(folder, options)
    if done.status:
        sys.exit(f"the undisturbed run failed:\n{done.output}")
    return Whole(folder, options, done.jobs)


def interrupted(whole: Whole, copy: Path, moment: Moment) -> tuple[Outcome, Moment]:
    """Make a copy of a finished run, take a job's results away, and kill its next run at a moment of that job.

    Returns what came of that run, and the moment, which is an earlier one if the job was over before.
    """
    for _ in range(TRIES):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole.folder, copy, symlinks=True)
        take_away(copy, moment.job, whole.jobs)
        broken = run(copy, whole.options, moment)
        if broken.status == -signal.SIGKILL:
            break
        moment = moment._replace(share=moment.share / 2)
    time.sleep(SETTLED)
    return broken, moment


def recovered(folder: Path, whole: Whole) -> list[str]:
    """Run what a kill left to its end, as a user would; what then is wrong with it, in words."""
    options = whole.options
    unlocked = snakemake(folder, "--unlock", options=options)
    done = run(folder, options)
    if unlocked.status or done.status:
        return [f"exit status {unlocked.status}, {done.status}:\n{unlocked.output}{done.output}"]
    again = snakemake(folder, "--cores", "1", "--dry-run", options=options)
    idle = [] if "Nothing to be done" in again.output else [f"it is not done with:\n{again.output}"]
    return idle + differences(whole.folder, folder)


def crash_test(whole: Whole, copy: Path, number: int, seed: int) -> int:
    """Interrupt copies of a run so many times; how many of these came to the same end. Says so as it goes."""
    took = sum(job.seconds for job in whole.jobs)
    print(f"undisturbed: {len(whole.jobs)} jobs, {took:.0f} s in all", flush=True)
    good = 0
    for place, moment in enumerate(moments(whole.jobs, number, seed), start=1):
        broken, moment = interrupted(whole, copy, moment)
        began = time.monotonic()
        wrong = recovered(copy, whole)
        if broken.status != -signal.SIGKILL:
            wrong.append("never met while it ran")
        good += not wrong
        job, killed = moment.job, "all processes" if moment.machine else "Snakemake"
        print(
            f"{place:>3}  {job.rule} {Path(job.output[0]).stem}, {moment.share:.0%} of {job.seconds:.0f} s: {killed} "
            f"killed; {time.monotonic() - began:.0f} s to the end: {'; '.join(wrong) or 'the same bytes'}",
            flush=True,
        )
    print(f"{good} of {number} interrupted runs ended with the same bytes as the undisturbed one")
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=25, help="how often to kill (default: 25)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (default: 0)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="deepprune-crash-") as work:
        whole = undisturbed(checkout(Path(work, "whole")), {})
        good = crash_test(whole, Path(work, "copy"), arguments.times, arguments.seed)
    sys.exit(good < arguments.times)


if __name__ == "__main__":
    main()
