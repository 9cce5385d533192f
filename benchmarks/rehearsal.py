"""The 690 ENCODE data sets of studies/deepprune.yaml on a made-up mirror, from download to front page, as TSV.

Columns: step, seconds (wall), core_seconds (of all its processes), jobs. A run keeps the time and memory of every job
beside its results (resources.tsv). Networks are trained for few epochs: this measures the workflow, not the training.
"""

import argparse
import importlib
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from deepprune.sources.encode_tfbs import GENOME, PEAKS

ROOT = Path(__file__).resolve().parents[1]
SHEET = ROOT / "resources/datasets.tsv"
OPTIONS = {"source": "ucsc", "folder": "rehearsal", "seeds": [0], "train": {"max_epochs": 3}}
SLURM = ("--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "5")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="for mirror and results; a mirror that is there is used again")
    parser.add_argument("--every", type=int, default=1, help="10: every tenth data set")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--slurm", action="store_true", help="through a Slurm cluster that is started on this machine")
    parser.add_argument("--dry", action="store_true", help="no run, only what a dry run of it takes")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that server and cluster end too
    folder = options.folder.resolve()
    header, *rows = SHEET.read_text().splitlines()
    if not (folder / "mirror").exists():
        made_mirror(folder / "mirror", [row.split("\t")[0] for row in rows])
    (folder / "sheet.tsv").write_text("\n".join([header, *rows[:: options.every]]) + "\n")
    print("step", "seconds", "core_seconds", "jobs", sep="\t")
    with ExitStack() as stack:
        address = stack.enter_context(of_tests("server").serving(folder / "mirror")).url
        environment = stack.enter_context(cluster()) if options.slurm else dict(os.environ)
        write_options(folder, address)
        where = SLURM if options.slurm else ("--cores", str(options.cores))
        step("dry run", folder, environment, "--dry-run", "--cores", str(options.cores))
        step("dry run with groups", folder, environment, "--dry-run", *SLURM)
        if not options.dry:
            step("run", folder, environment, *where)
            step("nothing to do", folder, environment, *where)


def made_mirror(folder: Path, ids: Sequence[str]) -> None:
    """Write a mirror of these data sets beside its place and rename it."""
    from mirror import Scale, write_mirror

    part = folder.with_name("mirror.part")
    write_mirror(part, ids, Scale())
    for file in (GENOME, f"{PEAKS}/any"):
        of_tests("server").write_md5sums((part / file).parent)
    part.rename(folder)


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """Start the Slurm cluster of the tests; the environment in which commands find it."""
    account = yaml.safe_load((ROOT / "profiles/slurm/profile.yaml").read_text())["default-resources"]["slurm_account"]
    with of_tests("cluster").cluster(account) as site:
        yield site.environment


def of_tests(name: str) -> Any:
    """Return a module that tests share: their server, their cluster."""
    for folder in ("tests", "tests/slurm"):
        sys.path.append(str(ROOT / folder))
    return importlib.import_module(name)


def write_options(folder: Path, address: str) -> None:
    """Write the options over those of the study: this mirror, few epochs."""
    options = OPTIONS | {"datasets": "sheet.tsv", "sources": {"ucsc": address}}
    (folder / "rehearsal.yaml").write_text(yaml.safe_dump(options))


def step(name: str, folder: Path, environment: dict[str, str], *arguments: str) -> None:
    """Run Snakemake in a folder, print the row of this step, and keep what it said. SystemExit: it failed."""
    files = (str(ROOT / "studies/deepprune.yaml"), str(folder / "rehearsal.yaml"))
    command = [sys.executable, "-m", "snakemake", "--directory", str(folder), *arguments, "--configfile", *files]
    log = folder / f"{name.replace(' ', '_')}.log"
    before, began = core_seconds(), time.perf_counter()
    with log.open("w") as output:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{name} failed; see {log}")
    jobs = re.findall(r"^total +(\d+)$", log.read_text(), re.MULTILINE)
    print(name, f"{seconds:.0f}", f"{core_seconds() - before:.0f}", jobs[-1] if jobs else 0, sep="\t", flush=True)


def core_seconds() -> float:
    """Processor seconds of all processes that this one has waited for, and theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
