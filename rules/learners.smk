# Autoencoders of sequences, and learners on features: counts of words, codes of autoencoders, pooled scores of networks.
# Included by networks.smk

import numpy as np

from deepprune.models.learner_table import feature_count

# Sequences, bp and tasks of a data set that does not exist yet
ASSUMED_EXTENT = 20_000, 1000, 12


def extent(path):
    """Return the number of sequences of a data set, their length in bp and the number of tasks."""
    try:
        with np.load(path) as arrays:
            sequences, tasks = len(arrays["split"]), len(arrays["tasks"])
        return sequences, os.path.getsize(path) // sequences, tasks
    except OSError:
        return ASSUMED_EXTENT


def autoencoder_time(wildcards, input, attempt):
    """Return min: twice what 320 LSTM units take, half a minute for each MB, epoch and seed on one core."""
    seeds, epochs = len(seeds_of(wildcards)), NETWORKS[wildcards.network].epochs
    return round(attempt * (60 + megabytes(input) * seeds * epochs))


def learner_source(wildcards):
    """Return the file of the weights whose features a learner reads; none for words."""
    source = NETWORKS[wildcards.network].source
    return {"source": f"<results>/networks/{{dataset}}/{source}.npz"} if source else {}


def learner_memory(wildcards, input, attempt):
    """Return MB: three copies of the examples' features, and of a forest all nodes of full trees, for each task."""
    settings = NETWORKS[wildcards.network]
    sequences, length, tasks = extent(input.data)
    rows = min(settings.most, sequences)
    features = feature_count(settings, NETWORKS.get(settings.source), length)
    nodes = settings.trees * 1.3 * rows / settings.leaf if settings.learner == FOREST else 0
    return round(attempt * (2000 + (12 * rows * features + nodes * (64 + 16 * tasks) + 12 * sequences * tasks) / 1e6))


rule train_autoencoder:
    input:
        data="<results>/data/{dataset}.npz",
    output:
        epochs="<results>/networks/{dataset}/{network}.epochs.tsv",
        reconstruction="<results>/networks/{dataset}/{network}.reconstruction.tsv",
        weights="<results>/networks/{dataset}/{network}.npz",
    log:
        "<logs>/train_autoencoder/{dataset}/{network}.log",
    benchmark:
        "<benchmarks>/train_autoencoder/{dataset}/{network}.tsv"
    wildcard_constraints:
        network=one_of(AUTOENCODERS),
    # Learners wait for it.
    priority: 12
    conda:
        "../envs/train.yaml"
    # More would not help: sums must not be divided among threads.
    threads: 1
    resources:
        mem_mb=growing(3500, 20),
        runtime=autoencoder_time,
        gpu=0,
    params:
        settings=lambda wildcards: NETWORKS[wildcards.network],
        seeds=seeds_of,
        batch_size=config["train"]["batch_size"],
        checkpoints=lambda wildcards: f"{RESULTS}/checkpoints/{wildcards.dataset}.{wildcards.network}",
        compiled="results/compiled",
    script:
        "../scripts/train_autoencoder.py"


# The same tables as of networks of several layers
rule train_learner:
    input:
        unpack(learner_source),
        data="<results>/data/{dataset}.npz",
    output:
        **{name: str(path) for name, path in rules.train_machine.output.items()},
        steps="<results>/networks/{dataset}/{network}.steps.tsv",
    log:
        "<logs>/train_learner/{dataset}/{network}.log",
    benchmark:
        "<benchmarks>/train_learner/{dataset}/{network}.tsv"
    wildcard_constraints:
        network=one_of(FEATURED),
    priority: 11
    conda:
        "../envs/train.yaml"
    threads: 4
    resources:
        mem_mb=learner_memory,
        runtime=growing(60, 5),
    params:
        settings=lambda wildcards: NETWORKS[wildcards.network],
        source=lambda wildcards: NETWORKS.get(NETWORKS[wildcards.network].source),
        seeds=seeds_of,
        compiled="results/compiled",
    script:
        "../scripts/train_learner.py"
