"""The real workflow on small data: a copy of the checkout, a sheet with every format, and the command that runs it."""

import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import forked_jobs
import numpy as np
import yaml
from forks import run_snakemake

from deepprune.dna.codes import to_text

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("Snakefile", "config.yaml", "rules", "scripts", "report", "profiles", "resources", "envs", "studies")
LENGTH, MOTIF = 40, "TGACTCA"
COLUMNS = ("dataset", "format", "path", "genome", "target", "cell_type", "negatives")
# Every data set trains in seconds with these; 8 kernels pruned to 4 is the shortest ladder that has every method.
CRITERIA = {"simulated": ["weight", "loss", "score"], "chipseq": ["weight", "loss"]}
# A circular filter reads one strand.
ON_BOTH = ["baseline", "inter", "deepprune", "winning_ticket"]
METHODS = {"simulated": [*ON_BOTH, "circular"], "chipseq": ON_BOTH}
OPTIONS: dict[str, Any] = {
    "datasets": "study/sheet.tsv",
    "study": "deepprune",
    "seeds": [0, 1],
    "methods": METHODS,
    "data": {"window": LENGTH},
    "simulate": {"length": 60, "positives": 100, "negatives": 100, "margin": 5},
    "multitask": {"length": 50, "training": 100, "validation": 20, "test": 50, "numbers": [0.6, 0.4], "gap": 2},
    "model": {"kernel_length": 8, "strands": {"simulated": "one", "chipseq": "both"}, "background": "none"},
    "train": {"batch_size": 32, "max_epochs": 30, "patience": 30},
    "prune": {"start": 8, "final": 4, "criteria": CRITERIA, "distinct": False},
    "motifs": {"min_sites": 2},
}
# The name needs escaping in HTML, in a shell, and as a pattern of Snakemake's.
TARGET = "<b>AP-1</b> & co '\"$(touch pwned)`touch pwned`;touch pwned {dataset} {x}"
ROWS = {
    "simulated": {"format": "simulated", "path": "motifs.meme"},
    "fasta": {"format": "fasta", "path": "bound.fa", "target": TARGET, "negatives": "unbound.fa"},
    "narrowpeak": {"format": "narrowpeak", "path": "peaks.narrowPeak", "genome": "genome.fa", "cell_type": "K562"},
    "bed": {"format": "bed", "path": "peaks.bed", "genome": "genome.fa.gz", "negatives": "genomic"},
    "csail": {"format": "csail", "path": "csail"},
    "seqgz": {"format": "seqgz", "path": "deepbind"},
}
# A data set's format matters to its preparation alone; these rows give every way of a training and every kind of page.
TRAINED = {name: ROWS[name] for name in ("simulated", "fasta", "narrowpeak")}
SEVERAL = {"format": "multitask_simulated", "path": "two.meme"}
FINISHED = TRAINED | {"tasks": SEVERAL}
MEME = f"""MEME version 4

ALPHABET= ACGT

MOTIF planted
letter-probability matrix: alength= 4 w= {len(MOTIF)} nsites= 100
"""


class Run(NamedTuple):
    """What a command left: its exit status and all that it wrote to the terminal."""

    status: int
    output: str


class Job(NamedTuple):
    """A job of the workflow; dataset is "" where the rule has none."""

    rule: str
    dataset: str


def checkout(folder: Path) -> Path:
    """Copy what a run needs into a new folder."""
    folder.mkdir(parents=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part)
        else:
            shutil.copy2(ROOT / part, folder / part)
    return folder


def snakemake(
    folder: Path, *arguments: str, options: Mapping[str, Any] = OPTIONS, file: str = "my.yaml", forked: bool = True
) -> Run:
    """Run Snakemake in a folder with options of the user's own, which are written into a file there.

    forked: whether jobs that need TensorFlow fork from a process that has imported it; benchmarks do not see these.
    """
    (folder / file).write_text(yaml.safe_dump(dict(options)))
    python = forked_jobs.python() if forked else Path(sys.executable)
    with NamedTemporaryFile("r") as log:
        command = [*arguments, "--configfile", file]
        status = run_snakemake(folder, command, outside(os.environ), Path(log.name), python)
        return Run(status, log.read())


def start_snakemake(
    folder: Path,
    *arguments: str,
    options: Mapping[str, Any] = OPTIONS,
    environment: Mapping[str, str] = os.environ,
    file: str = "my.yaml",
) -> subprocess.Popen[str]:
    """Start Snakemake as `snakemake` does, in a process group of its own, and leave it running."""
    (folder / file).write_text(yaml.safe_dump(dict(options)))
    command = [sys.executable, "-m", "snakemake", *arguments, "--configfile", file]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=outside(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A shell's job in the background ignores what the keyboard sends, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def outside(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what a Snakemake that runs the tests has put there."""
    return {key: value for key, value in environment.items() if not key.startswith("SNAKEMAKE")}


def jobs(output: str) -> list[Job]:
    """Return the jobs that a run or a dry run announces, sorted, without those that wait for input files alone."""
    found = []
    for block in re.findall(r"^(?:local)?rule (\w+):\n((?:    .*\n)*)", output, re.MULTILINE):
        dataset = re.search(r"wildcards: .*dataset=(\w+)", block[1])
        found.append(Job(block[0], dataset[1] if dataset else ""))
    return sorted(set(found) - {Job("all", "")})


def write_sheet(path: Path, rows: Mapping[str, Mapping[str, str]]) -> None:
    """Write a data-set sheet; cells that a row does not give stay empty."""
    lines = [COLUMNS, *([name, *(row.get(column, "") for column in COLUMNS[1:])] for name, row in rows.items())]
    path.write_text("".join("\t".join(cells) + "\n" for cells in lines))


def write_fasta(path: Path, texts: Iterable[str]) -> None:
    path.write_text("".join(f">{number}\n{text}\n" for number, text in enumerate(texts)))


def sequences(count: int, seed: int, motif: str = "", length: int = LENGTH) -> list[str]:
    """Return random sequences, with the motif, if any, near the middle of each."""
    rng = np.random.default_rng(seed)
    texts = to_text(rng.integers(0, 4, (count, length), dtype=np.uint8))
    starts = (length - len(motif)) // 2 + rng.integers(-5, 6, count)
    return [text[:at] + motif + text[at + len(motif) :] for text, at in zip(texts, starts, strict=True)]


def write_study(folder: Path) -> None:
    """Write a sheet with a data set of each format and their files; 120 positives each, 100 where simulated.

    Three narrowPeak rows cannot be used: an unknown contig, a window beyond the chromosome, a window with N.
    """
    folder.mkdir()
    write_sheet(folder / "sheet.tsv", ROWS)
    matrix = [" ".join("0.94" if base == letter else "0.02" for base in "ACGT") for letter in MOTIF]
    (folder / "motifs.meme").write_text(text := MEME + "\n".join(matrix) + "\n")
    second = text[text.index("MOTIF") :].replace("MOTIF ", "MOTIF second_")
    (folder / "two.meme").write_text(text + second)
    write_fasta(folder / "bound.fa", sequences(120, seed=1, motif=MOTIF))
    write_fasta(folder / "unbound.fa", sequences(120, seed=2))
    write_genome(folder)
    write_csail(folder / "csail")
    for part, count, seed in (("AC", 80, 5), ("B", 40, 6)):
        rows = [f"A\t{number}\t{text}\t1\n" for number, text in enumerate(sequences(count, seed, MOTIF))]
        rows += ["A\tunbound\t" + "ACGT" * 10 + "\t0\n"]
        with gzip.open(folder / f"deepbind_{part}.seq.gz", "wt") as file:
            file.writelines(["FoldID\tEventID\tseq\tBound\n", *rows])


def write_csail(folder: Path) -> None:
    """Write train.data and test.data, with 120 and 60 sequences of each class, into a new folder."""
    folder.mkdir(parents=True)
    for part, count, seed in (("train", 120, 3), ("test", 60, 4)):
        labelled = [(text, 1) for text in sequences(count, seed, MOTIF)]
        labelled += [(text, 0) for text in sequences(count, seed + 10)]
        lines = [f">{number} {text} {label}\n" for number, (text, label) in enumerate(labelled)]
        (folder / f"{part}.data").write_text("".join(lines))


def write_genome(folder: Path) -> None:
    """Write a genome whose 120 windows with the motif narrowPeak and BED rows name.

    The gzip copy has room for genomic negatives behind them.
    """
    spaced = [text.center(100, "A") for text in sequences(120, seed=7, motif=MOTIF)]
    contigs = {"chr1": "".join(spaced[:80]), "chr2": "".join(spaced[80:]) + "N" * 100}
    (folder / "genome.fa").write_text(in_lines(contigs))
    (room,) = sequences(1, seed=8, length=40_000)
    with gzip.open(folder / "genome.fa.gz", "wt") as file:
        file.write(in_lines({name: text + room for name, text in contigs.items()}))
    places = [("chr1", 100 * i) for i in range(80)] + [("chr2", 100 * i) for i in range(40)]
    (folder / "peaks.bed").write_text("".join(f"{chrom}\t{start}\t{start + 100}\n" for chrom, start in places))
    places += [("chrUn", 100), ("chr1", 8000), ("chr2", 4000)]
    score = ".\t0\t.\t1\t-1\t-1"
    (folder / "peaks.narrowPeak").write_text(
        "".join(f"{chrom}\t{start}\t{start + 100}\t{score}\t50\n" for chrom, start in places)
    )


def in_lines(contigs: Mapping[str, str]) -> str:
    """Return sequences as FASTA."""
    return "".join(
        f">{name}\n" + "".join(f"{text[i : i + 50]}\n" for i in range(0, len(text), 50))
        for name, text in contigs.items()
    )
