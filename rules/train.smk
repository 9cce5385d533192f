# Training: a job trains the whole ladder of a data set, all methods and the seeds not yet trained in one process


def training_memory(wildcards, input, attempt):
    """In MB. Measured from 256 kernels on: 990, and 10 for each MB of data set; 1,600 with 18 seeds on as many threads."""
    seeds = len(of_row(config["seeds"], wildcards))
    return round(attempt * (1300 + 60 * seeds + 30 * megabytes(input)))


def training_time(wildcards, input, attempt, threads):
    """In min. Measured: 40 s of a core, and 3.4 s for each network and MB of data set; five times that."""
    planned = plan(wildcards)
    # The kinds that are trained: inter is not, circular is a small one.
    kinds = len({"baseline", "winning_ticket"} & set(planned["methods"])) + len(planned["criteria"])
    networks = kinds * len(planned["ladder"]) * len(of_row(config["seeds"], wildcards))
    return round(attempt * (30 + 0.3 * networks * megabytes(input) / threads))


rule train:
    input:
        data="results/data/{dataset}.npz",
    output:
        auc="results/auc/{dataset}.tsv",
        comparison="results/comparison/{dataset}.tsv",
        table="results/models/{dataset}/networks.tsv",
        weights="results/models/{dataset}/weights.tsv",
        parameters="results/models/{dataset}/parameters.npz",
        keras=directory("results/models/{dataset}/keras"),
    log:
        "logs/train/{dataset}.log",
    benchmark:
        "results/benchmarks/train/{dataset}.tsv"
    # Long jobs first: the short ones after them would keep cores from the next.
    priority: 10
    conda:
        "../envs/train.yaml"
    # A seed a thread; results do not depend on their number.
    threads: lambda wildcards: len(of_row(config["seeds"], wildcards))
    resources:
        mem_mb=training_memory,
        runtime=training_time,
        gpu=0,
    params:
        seeds=lambda wildcards: of_row(config["seeds"], wildcards),
        plan=plan,
        model={key: config["model"][key] for key in ("padding", "activation")},
        train=config["train"],
        # No outputs, so that a job that runs again finds the seeds that are trained already, and compiled programs.
        checkpoints=lambda wildcards: f"results/checkpoints/{wildcards.dataset}",
        compiled="results/compiled",
        version=__version__,
    script:
        "../scripts/train.py"
