# Shared by all rules: the options, the data sets, and functions of a data set

import hashlib
import os
import re
import sys
from pathlib import Path

from deepprune.config.locate import locate_files
from deepprune.config.options import (
    all_criteria,
    by_kind,
    check_config,
    check_study,
    kernel_length,
    ladder,
    motif_options,
    of_kind,
)
from deepprune.data.formats import kind_of
from deepprune.data.readers import GENOMIC
from deepprune.data.sheet import input_files, read_sheets
from deepprune.errors import InputError
from deepprune.io.files import safe_name, settle_times
from deepprune.jobs.messages import FAILED, failed_jobs, refuse, unknown_dataset

try:
    check_config(config)
    check_study(config["study"], sorted(path.stem for path in Path(workflow.basedir, "rules/studies").glob("*.smk")))
    # Snakemake lists the files of the command line first, although they override the others.
    given = workflow.overwrite_configfiles
    files = [*workflow.configfiles[len(given) :], *given]
    located = locate_files(config, files, workflow.config_settings.config)
    SHEET = read_sheets(located["datasets"], located)
except InputError as error:
    refuse(error)

RESULTS, LOGS = (str(Path(top, config["folder"])) for top in ("results", "logs"))
ROWS = SHEET.to_dict("index")
DATASETS = list(SHEET.index)
SIMULATED = [name for name in DATASETS if kind_of(ROWS[name]) == "simulated"]
REAL = [name for name in DATASETS if kind_of(ROWS[name]) == "chipseq"]
# Motif occupancy, and real data sets that are read as they are
OCCUPIED = [name for name in DATASETS if ROWS[name]["format"] == "occupancy"]
READ = [name for name in REAL if name not in OCCUPIED]
MULTITASK = [name for name in DATASETS if kind_of(ROWS[name]) == "multitask"]
IMPLANTED, BINNED, BUNDLED = (
    [name for name in MULTITASK if ROWS[name]["format"] == form]
    for form in ("multitask_simulated", "multitask_peaks", "deepsea")
)
# Data sets of one task, on which networks of few kernels are trained
SINGLE = [name for name in DATASETS if name not in MULTITASK]
# The columns of the sheet that the report shows
TITLES = SHEET[["dataset", "format", "target", "cell_type"]].to_dict("index")
METHODS_BY_KIND = by_kind(config["methods"])
CRITERIA = all_criteria(config)
# Additions of rules/studies/: a function that lists outputs, names of rules with one job, and a page (address, title)
STUDY = {"outputs": lambda: [], "rules": [], "page": ()}
# The options that sequences depend on; the negatives of a data set and the most of its positives are in its row.
DATA_OPTIONS = {name: value for name, value in config["data"].items() if name not in ("negatives", "most_positives")}
# Assumed MB of input that does not exist yet; few of 690 prepared data sets are larger.
ASSUMED_MB = 20


onstart:
    # Shared folders are also below results/.
    settle_times("results")
    settle_times("resources/downloads")
    # With a limit of starts per second (100 by default), Snakemake 9.27 chooses jobs again a second after each choice: once
    # n jobs have ended it waits in n threads and chooses n times a second, and takes a whole core after a few hundred.
    limit = workflow.scheduling_settings.max_jobs_per_timespan
    if limit and (limit.max_jobs, limit.timespan) == (100, 1):
        workflow.scheduler.job_rate_limiter = None


onerror:
    # Snakemake ends with lines that say no more than that jobs failed.
    for failed in failed_jobs(log[0]):
        print(f"{FAILED}{failed}", file=sys.stderr)


def one_of(names):
    """Return a wildcard constraint that matches exactly these names, or nothing if there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


def every(pattern, **names):
    """Return an input function: the files of a pattern for all combinations of the names.

    Snakemake calls it where the rule's job is needed. Lists of files of all data sets, written out, would take most of
    the time in which a job of a cluster reads the workflow.
    """
    return lambda wildcards: collect(pattern, **names)


def row(wildcards):
    """Return a data set's row of the sheet; of a name that is not there, the run ends with one line."""
    return ROWS.get(wildcards.dataset) or refuse(unknown_dataset(wildcards.dataset, ROWS))


def of_row(option, wildcards):
    """Return the value, for a data set, of an option that may differ between kinds of data."""
    return of_kind(option, kind_of(row(wildcards)))


def seeds_of(wildcards):
    """Return the seeds from which the networks of a data set are trained."""
    return of_row(config["seeds"], wildcards)


def plan(wildcards, options=config):
    """Return what is trained on a data set."""
    return {
        "ladder": ladder(options),
        "methods": of_row(options["methods"], wildcards),
        "criteria": of_row(options["prune"]["criteria"], wildcards),
        "learning_rate_decay": options["prune"]["learning_rate_decay"],
        "distill": options["prune"]["distill"],
        "distinct": of_row(options["prune"]["distinct"], wildcards),
    }


def about(wildcards):
    """Return what a data set's model file says of it."""
    return {name: row(wildcards)[name] for name in ("dataset", "target", "cell_type", "genome")}


def network(wildcards, options=config):
    """Return the settings of a data set's networks."""
    names = "padding", "activation", "strands", "average_strands"
    width = kernel_length(options, wildcards.dataset, kind_of(row(wildcards)))
    return {"width": width} | {name: of_row(options["model"][name], wildcards) for name in names}


def background(wildcards, options=config):
    """Return the words that the background counts."""
    return of_row(options["model"]["background"], wildcards)


def read_by_motifs(wildcards, options=config):
    """Return how the kernels of a data set are read as motifs."""
    return motif_options(options, kind_of(row(wildcards)))


def implanted(wildcards):
    """Return the file of the motifs implanted into a data set; none if it is not simulated."""
    return row(wildcards)["path"] if wildcards.dataset in SIMULATED else []


def recovered(wildcards):
    """Return the files on recovered motifs: counts, and figures of the last two rungs; none if it is not simulated."""
    if wildcards.dataset not in SIMULATED:
        return {"recovery": []}
    return {
        "counts": "<results>/recovery/{dataset}.counts.tsv",
        "recovery": [f"<results>/figures/recovery/{{dataset}}.{suffix}" for suffix in ("wider.svg", "svg")],
    }


def origin(wildcards):
    """Return the cells of a data set's row that its sequences depend on."""
    cells = row(wildcards)
    return {column: cells[column] for column in ("dataset", "format", "path", "genome", "negatives", "most")}


def source(name):
    """Return the path of a file beside the Snakefile, relative to the working folder.

    If a folder that holds both is moved as a whole, its results stay up to date.
    """
    return os.path.relpath(os.path.join(workflow.basedir, name))


def captions(*names):
    """Return the paths of these captions of report/."""
    return [source(f"report/{name}.rst") for name in names]


def genome_name(path):
    """Return a name for the prepared copy of a genome: its own name and a digest of its path.

    The name is safe in a shell, since wildcards become part of command lines.
    """
    return f"{safe_name(Path(path).name.split('.fa')[0])}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


GENOMES = {genome_name(path): path for path in SHEET["genome"].unique() if path}


def scan_name(row):
    """Return a name for the instances of a factor's motif in a genome, safe in a shell."""
    return f"{safe_name(row['target'])}.{hashlib.sha256(row['target'].encode()).hexdigest()[:8]}.{genome_name(row['genome'])}"


# The genome and the factor of each scan
SCANS = {scan_name(ROWS[name]): (genome_name(ROWS[name]["genome"]), ROWS[name]["target"]) for name in OCCUPIED}


def instances(wildcards):
    """Return the file of the instances of the motif of a data set's target."""
    return f"<results>/instances/{scan_name(row(wildcards))}.bed"


def matched(wildcards):
    """Return the figure of the matching of a data set of motif occupancy; none for others."""
    return {"matching": "<results>/figures/matching/{dataset}.svg"} if wildcards.dataset in OCCUPIED else {}


def sequences(wildcards):
    """Return the files of a data set's row, with its prepared genome."""
    cells = row(wildcards)
    prepared = f"results/genomes/{genome_name(cells['genome'])}.fa" if cells["genome"] else ""
    return {
        "files": input_files(cells | {"genome": ""}),
        "blacklist": located["blacklist"] if cells["negatives"] == GENOMIC and located["blacklist"] else [],
        "genome": [prepared, f"{prepared}.fai"] if prepared else [],
    }


def megabytes(files):
    """Return the size of one or more files in MB.

    The size is ASSUMED_MB if a file does not exist, as in a dry run or a group of jobs.
    """
    try:
        return sum(map(os.path.getsize, [files] if isinstance(files, str) else files)) / 1e6
    except FileNotFoundError:
        return ASSUMED_MB


def growing(start, per_mb=0, of=None):
    """Return a function that requests memory (MB) or time (min), which grows with the MB of input and with the attempts.

    of: the name of the input that counts; by default all inputs count.
    """
    return lambda wildcards, input, attempt: round(
        attempt * (start + per_mb * megabytes(input.get(of, []) if of else input))
    )


def training_memory(wildcards, input, attempt):
    """Return MB; see training_memory_of."""
    return training_memory_of(wildcards, input, attempt, config)


def training_memory_of(wildcards, input, attempt, options):
    """Return MB. Measured with 256 kernels: 985 and 3 per MB of data set; 1,600 with 18 seeds on 18 threads.

    A background took 7 more per MB of data set, one of gapped words 64.
    """
    seeds = len(seeds_of(wildcards))
    per_mb = 9 + {"none": 0, "gapped": 70}.get(background(wildcards, options), 10)
    return round(attempt * (1300 + 60 * seeds + per_mb * megabytes(input)))


def training_time(wildcards, input, attempt, threads):
    """Return min: five times the measured 33 s of a core and 1 s per network and MB of data set."""
    planned = plan(wildcards)
    # The kinds of networks that take time to train; inter is not trained, and circular is small.
    kinds = len({"baseline", "winning_ticket"} & set(planned["methods"])) + len(planned["criteria"])
    networks = kinds * len(planned["ladder"]) * len(seeds_of(wildcards))
    return round(attempt * (30 + 0.09 * networks * megabytes(input) / threads))


# Files of all data sets, by rules and tables that are defined elsewhere


def parts(wildcards):
    """Return the files that a table joins."""
    pattern, datasets = TABLES[wildcards.table]
    return collect(pattern, dataset=datasets)


def records(wildcards):
    """Return Snakemake's records of all jobs before the front page."""
    return [
        *collect(rules.genome.benchmark, genome=GENOMES),
        *collect("<benchmarks>/dataset/{dataset}.tsv", dataset=READ),
        *collect("<benchmarks>/simulate/{dataset}.tsv", dataset=SIMULATED),
        *collect("<benchmarks>/implant/{dataset}.tsv", dataset=IMPLANTED),
        *collect("<benchmarks>/scan_genome/{scan}.tsv", scan=SCANS),
        *collect("<benchmarks>/{kind}/{dataset}.tsv", kind=["match_instances", "matching_figure"], dataset=OCCUPIED),
        *collect("<benchmarks>/bin_peaks/{dataset}.tsv", dataset=BINNED),
        *collect("<benchmarks>/take_classes/{dataset}.tsv", dataset=BUNDLED),
        *collect(
            "<benchmarks>/{kind}/{dataset}.tsv",
            kind=["train", "auc_figure", "profile_figure", "motifs", "tomtom", "hits", "logos", "page"],
            dataset=SINGLE,
        ),
        *collect("<benchmarks>/recovery/{dataset}.tsv", dataset=SIMULATED),
        *collect("<benchmarks>/table/{table}.tsv", table=TABLES),
        rules.jaspar.benchmark,
        *collect("<benchmarks>/{kind}.tsv", kind=["auc_overview", "datasets_figure", *STUDY["rules"]]),
    ]


def prepared(wildcards):
    """Return the data sets, with their sizes and GC content."""
    beside = ["<results>/tables/datasets.tsv", "<results>/figures/datasets.svg"]
    return beside + collect("<results>/data/{dataset}.npz", dataset=DATASETS)


def reported(wildcards):
    """Return the results of networks of few kernels; none if all data sets have several tasks, which have no report."""
    if not SINGLE:
        return []
    of_dataset = (
        *("train", "motifs", "tomtom", "hits", "logos"),
        *("auc_figure", "profile_figure", "page"),
    )
    return [
        *(file for name in ("front_page", "resources_used", "auc_overview") for file in getattr(rules, name).output),
        *collect(rules.table.output, table=TABLES),
        *collect([file for name in of_dataset for file in getattr(rules, name).output], dataset=SINGLE),
        *collect(rules.recovery.output, dataset=SIMULATED),
    ]


def everything(wildcards):
    """Return all results, not only the final ones, so that deleted results are made again."""
    return [
        *prepared(wildcards),
        *collect(rules.dataset.output, dataset=DATASETS),
        *collect([*rules.match_instances.output, *rules.matching_figure.output], dataset=OCCUPIED),
        *collect(rules.implant.output, dataset=IMPLANTED),
        *STUDY["outputs"](),
        *reported(wildcards),
    ]


wildcard_constraints:
    # The names themselves are constraints of the rules that make data sets (dataset, simulate). Here Snakemake would copy
    # 690 names into every pattern and parse them again for every file.
    dataset="[A-Za-z0-9_][A-Za-z0-9_.-]*",
    genome=one_of(GENOMES),
