"""How a study survives crashes: killed by SIGKILL again and again, run to its end each time, compared byte for byte.

`make crash-test` does so with the default study. One run is killed at every moment in turn; a copy of what each kill
left runs to its end, while the run itself goes on to the next. A quarter of the moments is spread over the time, which
training fills, the others over the jobs, of which most are short.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from study import checkout, snakemake, start_snakemake

# Measured times, programs compiled in an order that depends on the threads, files that hold the date of their writing
DIFFERENT = ("benchmarks", "checkpoints", "compiled", "keras", "report.html", "resources.tsv", "resources.svg")
SETTLED = 1.0  # seconds until the system has ended the jobs of a killed Snakemake


class Moment(NamedTuple):
    """When to kill: seconds after so many jobs of the study are done, alone or with all processes at once."""

    done: int
    delay: float
    machine: bool  # all processes, as when a machine fails, or Snakemake alone


class Outcome(NamedTuple):
    """What came of a run: exit status, terminal, and the seconds until each of its jobs was finished."""

    status: int
    output: str
    finished: list[float]


def run(
    folder: Path, options: Mapping[str, Any], cores: int = 2, moment: Moment | None = None, done: int = 0
) -> Outcome:
    """Run Snakemake in a folder, to its end or to a moment. done: jobs of the study that are done before."""
    lines: list[str] = []
    finished: list[float] = []
    began = time.monotonic()
    process = start_snakemake(folder, "--cores", str(cores), options=options)

    def kill() -> None:
        if moment and moment.machine:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()

    timer = threading.Timer(moment.delay if moment else 0, kill)
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Finished jobid:"):
            finished.append(time.monotonic() - began)
        if moment and not timer.ident and done + len(finished) >= moment.done:
            timer.start()
    status = process.wait()
    timer.cancel()
    return Outcome(status, "".join(lines), finished)


def moments(finished: Sequence[float], number: int, seed: int) -> list[Moment]:
    """Moments of a run whose jobs were finished at these seconds, in order: a quarter by time, the others by job."""
    rng = random.Random(seed)
    starts = [0.0, *finished[:-1]]
    chosen = []
    for index in range(number):
        if index % 4:
            done = rng.randrange(len(finished))
            delay = rng.uniform(0, finished[done] - starts[done])
        else:
            at = rng.uniform(0, finished[-1])
            done = sum(end <= at for end in finished)
            delay = at - starts[done]
        chosen.append(Moment(done, delay, rng.random() < 0.5))
    return sorted(chosen)


def differences(first: Path, second: Path) -> list[str]:
    """What differs between the results of two runs that should be the same, in words; measured times aside."""
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
    """The bytes of a file; of an AUC table without its column of measured seconds."""
    whole = path.read_bytes()
    columns = whole.partition(b"\n")[0].split(b"\t")
    if path.suffix != ".tsv" or b"seconds" not in columns:
        return whole
    place = columns.index(b"seconds")
    rows = [line.split(b"\t") for line in whole.splitlines()]
    return b"\n".join(b"\t".join(cells[:place] + cells[place + 1 :]) for cells in rows)


def recovered(folder: Path, whole: Path, options: Mapping[str, Any], cores: int = 2) -> list[str]:
    """Run what a kill left to its end, as a user would; what then is wrong with it, in words."""
    unlocked = snakemake(folder, "--unlock", options=options)
    done = run(folder, options, cores)
    if unlocked.status or done.status:
        return [f"exit status {unlocked.status}, {done.status}:\n{unlocked.output}{done.output}"]
    again = snakemake(folder, "--cores", "1", "--dry-run", options=options)
    idle = [] if "Nothing to be done" in again.output else [f"it is not done with:\n{again.output}"]
    return idle + differences(whole, folder)


def crash_test(work: Path, study: Callable[[Path], Path], options: Mapping[str, Any], number: int, seed: int) -> int:
    """Interrupt a study so many times; how many of the copies came to the same end. Says so as it goes.

    study: makes a checkout, with all that its options name, in a new folder.
    """
    whole, killed, copy = study(work / "whole"), study(work / "killed"), work / "copy"
    undisturbed = run(whole, options)
    if undisturbed.status:
        sys.exit(f"the undisturbed run failed:\n{undisturbed.output}")
    finished = undisturbed.finished
    print(f"undisturbed: {len(finished)} jobs, {finished[-1]:.0f} s", flush=True)
    good = done = 0
    for index, moment in enumerate(moments(finished, number, seed), start=1):
        snakemake(killed, "--unlock", options=options)
        broken = run(killed, options, moment=moment, done=done)
        done += len(broken.finished)
        time.sleep(SETTLED)
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(killed, copy, symlinks=True)
        began = time.monotonic()
        wrong = recovered(copy, whole, options)
        good += not wrong
        what = "all processes" if moment.machine else "Snakemake"
        ended = f"{what} killed" if broken.status == -signal.SIGKILL else f"over before, exit status {broken.status}"
        print(
            f"{index:>3}  {done:>3} jobs done, {moment.delay:5.1f} s later: {ended}; "
            f"{time.monotonic() - began:.0f} s to the end: {'the same bytes' if not wrong else '; '.join(wrong)}",
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
        good = crash_test(Path(work), checkout, {}, arguments.times, arguments.seed)
    sys.exit(good < arguments.times)


if __name__ == "__main__":
    main()
