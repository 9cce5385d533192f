# Training: a job trains the whole ladder of a data set, all methods and the seeds not yet trained in one process


rule train:
    input:
        data="results/data/{dataset}.npz",
    output:
        auc="results/auc/{dataset}.tsv",
        table="results/models/{dataset}/networks.tsv",
        parameters="results/models/{dataset}/parameters.npz",
        keras=directory("results/models/{dataset}/keras"),
    log:
        "logs/train/{dataset}.log",
    # Long jobs first: the short ones after them would keep cores from the next.
    priority: 10
    conda:
        "../envs/train.yaml"
    # A seed a thread; results do not depend on their number.
    threads: len(config["seeds"])
    resources:
        mem_mb=3000,
        runtime=240,
        gpu=0,
    params:
        seeds=config["seeds"],
        ladder=ladder(config),
        kernel_length=lambda wildcards: kernel_length(config, row(wildcards)),
        model={key: config["model"][key] for key in ("padding", "activation")},
        train=config["train"],
        criterion=config["prune"]["criterion"],
        learning_rate_decay=config["prune"]["learning_rate_decay"],
        # No outputs, so that a job that runs again finds the seeds that are trained already, and compiled programs.
        checkpoints=lambda wildcards: f"results/checkpoints/{wildcards.dataset}",
        compiled="results/compiled",
        version=__version__,
    script:
        "../scripts/train.py"
