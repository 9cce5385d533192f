# Training: a job trains the whole ladder of a data set, all methods and the seeds not yet trained in one process


rule train:
    input:
        data="<results>/data/{dataset}.npz",
    output:
        auc="<results>/auc/{dataset}.tsv",
        comparison="<results>/comparison/{dataset}.tsv",
        table="<results>/models/{dataset}/networks.tsv",
        weights="<results>/models/{dataset}/weights.tsv",
        parameters="<results>/models/{dataset}/parameters.npz",
        keras=directory("<results>/models/{dataset}/keras"),
    log:
        "<logs>/train/{dataset}.log",
    benchmark:
        "<benchmarks>/train/{dataset}.tsv"
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
        network=lambda wildcards: {
            "width": kernel_length(config, wildcards.dataset, kind_of(row(wildcards))),
            "padding": config["model"]["padding"],
            "activation": config["model"]["activation"],
        },
        train=config["train"],
        # No outputs, so that a job that runs again finds the networks that are trained already, and compiled programs.
        checkpoints=lambda wildcards: f"{RESULTS}/checkpoints/{wildcards.dataset}",
        compiled="results/compiled",
    script:
        "../scripts/train.py"
