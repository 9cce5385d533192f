import hashlib
import os
import re
from pathlib import Path

from snakemake.logging import logger

from deepprune import __version__
from deepprune.config.options import all_criteria, by_kind, check_config, kernel_length, ladder, motif_options, of_kind
from deepprune.data.formats import kind_of
from deepprune.errors import InputError
from deepprune.io.files import safe_name, settle_times
from deepprune.data.sheet import input_files, read_sheets

try:
    check_config(config)
    SHEET = read_sheets(config["datasets"], config)
    ROWS = SHEET.to_dict("index")
except InputError as error:
    # Not a WorkflowError: Snakemake would put the name of this file before the message and a call stack after it.
    logger.error(f"Error: {error}")
    raise SystemExit(1) from None

DATASETS = list(SHEET.index)
SIMULATED = [name for name, cells in ROWS.items() if kind_of(cells) == "simulated"]
REAL = [name for name in DATASETS if name not in SIMULATED]
METHODS = by_kind(config["methods"])
CRITERIA = all_criteria(config)
# MB of input that is yet to be made: of 690 data sets, few are larger when prepared.
UNMADE = 5


onstart:
    settle_times("results")
    settle_times("resources/downloads")


def one_of(names):
    """A wildcard constraint: exactly one of these names; nothing at all if there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


def row(wildcards):
    """A data set's row of the sheet."""
    return ROWS[wildcards.dataset]


def of_row(option, wildcards):
    """What an option that may differ between kinds of data says of this data set."""
    return of_kind(option, kind_of(row(wildcards)))


def plan(wildcards):
    """What is trained on a data set."""
    return {
        "ladder": ladder(config),
        "kernel_length": kernel_length(config, wildcards.dataset, kind_of(row(wildcards))),
        "methods": of_row(config["methods"], wildcards),
        "criteria": of_row(config["prune"]["criteria"], wildcards),
        "learning_rate_decay": config["prune"]["learning_rate_decay"],
        "distill": config["prune"]["distill"],
    }


def implanted(wildcards):
    """The motifs implanted into a simulated data set."""
    return row(wildcards)["path"] if wildcards.dataset in SIMULATED else []


def recovered(wildcards):
    """What was found of the motifs implanted into a simulated data set: counts, and figures of the last two rungs."""
    if wildcards.dataset not in SIMULATED:
        return {"recovery": []}
    figures = f"results/figures/recovery/{wildcards.dataset}"
    return {
        "counts": f"results/recovery/{wildcards.dataset}.counts.tsv",
        "recovery": [f"{figures}.wider.svg", f"{figures}.svg"],
    }


def origin(wildcards):
    """What of a data set's row its sequences depend on: not what it is called in the report."""
    cells = row(wildcards)
    return {column: cells[column] for column in ("dataset", "format", "path", "genome", "negatives")}


def source(name):
    """A file of report/, relative to the working directory: a folder that moves as a whole then stays up to date."""
    return os.path.relpath(os.path.join(workflow.basedir, "report", name))


def genome_name(source):
    """A name for the prepared copy of a genome: its own, and what tells genomes of the same name apart.

    As a wildcard it goes through command lines of Snakemake's, on a cluster through a shell's.
    """
    return f"{safe_name(Path(source).name.split('.fa')[0])}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"


def sequences(wildcards):
    """The files of a data set's row, its genome as prepared."""
    cells = row(wildcards)
    prepared = f"results/genomes/{genome_name(cells['genome'])}.fa" if cells["genome"] else ""
    return {
        "files": input_files(cells | {"genome": ""}),
        "genome": [prepared, f"{prepared}.fai"] if prepared else [],
    }


GENOMES = {genome_name(source): source for source in SHEET["genome"].unique() if source}


def megabytes(files):
    """Size of files, or of one, in millions of bytes; UNMADE if one is yet to be made, in a dry run or a group of jobs."""
    try:
        return sum(map(os.path.getsize, [files] if isinstance(files, str) else files)) / 1e6
    except FileNotFoundError:
        return UNMADE


def growing(start, per_mb=0, of=None):
    """What jobs ask for, memory (MB) or time (min): so much, and more by the MB of input and by the attempt.

    of: the name of the input that counts; by default all do.
    """
    return lambda wildcards, input, attempt: round(
        attempt * (start + per_mb * megabytes(input.get(of, []) if of else input))
    )


def training_memory(wildcards, input, attempt):
    """In MB. Measured from 256 kernels on: 985, and 11 for each MB of data set; 1,600 with 18 seeds on as many threads."""
    seeds = len(of_row(config["seeds"], wildcards))
    return round(attempt * (1300 + 60 * seeds + 30 * megabytes(input)))


def training_time(wildcards, input, attempt, threads):
    """In min. Measured: 33 s of a core, and 3.4 s for each network and MB of data set; here five times that."""
    planned = plan(wildcards)
    # The kinds that are trained: inter is not, circular is a small one.
    kinds = len({"baseline", "winning_ticket"} & set(planned["methods"])) + len(planned["criteria"])
    networks = kinds * len(planned["ladder"]) * len(of_row(config["seeds"], wildcards))
    return round(attempt * (30 + 0.3 * networks * megabytes(input) / threads))


wildcard_constraints:
    # Which names there are is said where data sets are made (dataset, simulate): Snakemake would copy 690 names into every
    # pattern and read them again for every file.
    dataset="[A-Za-z0-9_][A-Za-z0-9_.-]*",
    genome=one_of(GENOMES),
