# Networks of several layers: one job trains one network on one data set from every seed. gkm-SVMs, autoencoders and
# learners on features beside them: LAYERED are the networks without these. Included by studies that compare networks

from deepprune.models.conv_settings import FOREST, AutoencoderSettings, GkmSettings, LayerSettings, LearnerSettings
from deepprune.models.conv_table import read_networks, select_networks

try:
    NETWORKS = select_networks(read_networks(located["networks"]), config["select_networks"])
except InputError as error:
    refuse(error)

LAYERED, MACHINES, AUTOENCODERS, FEATURED = (
    [name for name, settings in NETWORKS.items() if isinstance(settings, kind)]
    for kind in (LayerSettings, GkmSettings, AutoencoderSettings, LearnerSettings)
)
# Those with predictions, and tables of these
PREDICTING = [name for name in NETWORKS if name not in AUTOENCODERS]


# The options with values to try
SPACE = {option: values for option, values in config["search"]["space"].items() if values}


def network_threads(wildcards):
    """Return one thread for each seed; on this machine at most half of the cores.

    Another network trains meanwhile, and none waits for this one's last seed. A job of a cluster has its cores to
    itself, and so has the Snakemake that executes it there.
    """
    seeds = len(seeds_of(wildcards))
    here = workflow.local_exec and workflow.is_main_process
    return min(seeds, max(1, workflow.cores // 2)) if here else seeds


def network_time(wildcards, input, attempt, threads):
    """Return min: three times what the slowest network took, 5 for each MB of data set and seed on one core."""
    seeds = len(seeds_of(wildcards))
    return round(attempt * (60 + 15 * megabytes(input) * seeds / threads))


def machine_memory(wildcards, input, attempt):
    """Return MB: measured are 1,300 for 5,000 sequences of each class, of which the kernel of all pairs takes 800."""
    return round(attempt * (700 + 12 * (2 * NETWORKS[wildcards.network].most / 1000) ** 2))


def machine_time(wildcards, input, attempt, threads):
    """Return min: measured are 10 on one core for 10,000 sequences of 101 bp; see machine_memory."""
    seeds, most = len(seeds_of(wildcards)), NETWORKS[wildcards.network].most
    return round(attempt * (120 + 60 * megabytes(input) * seeds * max(1, most / 5000) ** 2 / threads))


def known_motifs(wildcards):
    """Return the file of the motifs from which the first filters of a network start; none for others."""
    needed = getattr(NETWORKS[wildcards.network], "known_motifs", False)
    return {"motifs": JASPAR} if needed else {}


rule train_network:
    input:
        unpack(known_motifs),
        data="<results>/data/{dataset}.npz",
    output:
        networks="<results>/networks/{dataset}/{network}.tsv",
        tasks="<results>/networks/{dataset}/{network}.tasks.tsv",
        trials="<results>/networks/{dataset}/{network}.trials.tsv",
        weights="<results>/networks/{dataset}/{network}.npz",
        model="<results>/networks/{dataset}/{network}.model.npz",
    log:
        "<logs>/train_network/{dataset}/{network}.log",
    benchmark:
        "<benchmarks>/train_network/{dataset}/{network}.tsv"
    wildcard_constraints:
        network=one_of(LAYERED),
    # Long jobs start first.
    priority: 10
    conda:
        "../envs/train.yaml"
    threads: network_threads
    resources:
        mem_mb=growing(2000, 20),
        runtime=network_time,
        gpu=0,
    params:
        settings=lambda wildcards: NETWORKS[wildcards.network],
        genome=lambda wildcards: row(wildcards)["genome"],
        seeds=seeds_of,
        train=config["train"],
        search=config["search"] | {"space": SPACE},
        checkpoints=lambda wildcards: f"{RESULTS}/checkpoints/{wildcards.dataset}.{wildcards.network}",
        compiled="results/compiled",
    script:
        "../scripts/train_network.py"


# The same tables and weights as of networks of several layers
rule train_machine:
    input:
        data="<results>/data/{dataset}.npz",
    output:
        **{name: str(path) for name, path in rules.train_network.output.items() if name not in ("trials", "model")},
    log:
        "<logs>/train_machine/{dataset}/{network}.log",
    benchmark:
        "<benchmarks>/train_machine/{dataset}/{network}.tsv"
    wildcard_constraints:
        network=one_of(MACHINES),
    # Before networks: without its package it fails at once.
    priority: 11
    conda:
        "../envs/gkm.yaml"
    threads: 4
    resources:
        mem_mb=machine_memory,
        runtime=machine_time,
    params:
        settings=lambda wildcards: NETWORKS[wildcards.network],
        seeds=seeds_of,
        checkpoints=lambda wildcards: f"{RESULTS}/checkpoints/{wildcards.dataset}.{wildcards.network}",
    script:
        "../scripts/train_machine.py"


# The networks of a data set beside one another, over all its tasks and by group of tasks
rule task_measures:
    input:
        tasks=collect("<results>/networks/{{dataset}}/{network}.tasks.tsv", network=PREDICTING),
        groups=located["task_groups"] or [],
    output:
        table="<results>/tasks/{dataset}.tsv",
        distribution=report(
            "<results>/figures/tasks/{dataset}.distribution.svg",
            caption="../report/distribution.rst",
            category="{dataset}",
            labels={"figure": "AUROC and AUPRC over tasks"},
        ),
        prevalence=report(
            "<results>/figures/tasks/{dataset}.prevalence.svg",
            caption="../report/prevalence.rst",
            category="{dataset}",
            labels={"figure": "AUPRC against prevalence"},
        ),
    log:
        "<logs>/task_measures/{dataset}.log",
    benchmark:
        "<benchmarks>/task_measures/{dataset}.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(800, 20),
    script:
        "../scripts/task_measures.py"


include: "learners.smk"


def trained_on(datasets):
    """Return the outputs of all trainings on these data sets."""
    jobs = {
        rules.train_network: LAYERED,
        rules.train_machine: MACHINES,
        rules.train_autoencoder: AUTOENCODERS,
        rules.train_learner: FEATURED,
    }
    return [file for rule, names in jobs.items() for file in collect([*rule.output], dataset=datasets, network=names)]
