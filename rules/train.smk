# Training: one job trains all methods, rungs and seeds of a data set, except for networks that are kept already


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
    # Long jobs start first; otherwise short jobs of other data sets would delay them.
    priority: 10
    conda:
        "../envs/train.yaml"
    # One thread for each seed; results do not depend on the number of threads.
    threads: lambda wildcards: len(seeds_of(wildcards))
    resources:
        mem_mb=training_memory,
        runtime=training_time,
        gpu=0,
    params:
        seeds=seeds_of,
        plan=plan,
        network=network,
        background=background,
        train=config["train"],
        gain_kept=config["prune"]["gain_kept"],
        # These folders are not outputs, so that a repeated job finds trained networks and compiled programs.
        checkpoints=lambda wildcards: f"{RESULTS}/checkpoints/{wildcards.dataset}",
        compiled="results/compiled",
    script:
        "../scripts/train.py"
