# Networks of several layers: one job trains one network on one data set from every seed. Included by studies that compare them

from deepprune.models.conv_table import read_conv_table, select_networks

try:
    NETWORKS = select_networks(read_conv_table(located["networks"]), config["select_networks"])
except InputError as error:
    logger.error(f"Error: {error}")
    raise SystemExit(1) from None


rule train_network:
    input:
        data="<results>/data/{dataset}.npz",
    output:
        networks="<results>/networks/{dataset}/{network}.tsv",
        tasks="<results>/networks/{dataset}/{network}.tasks.tsv",
        weights="<results>/networks/{dataset}/{network}.npz",
    log:
        "<logs>/train_network/{dataset}/{network}.log",
    benchmark:
        "<benchmarks>/train_network/{dataset}/{network}.tsv"
    wildcard_constraints:
        network=one_of(NETWORKS),
    # Networks with short pools take longest.
    priority: 10
    conda:
        "../envs/train.yaml"
    # With half of the cores another network trains meanwhile, and none waits for this one's last seed.
    threads: lambda wildcards: min(len(of_row(config["seeds"], wildcards)), max(1, (workflow.cores or 99) // 2))
    resources:
        mem_mb=growing(2000, 20),
        runtime=growing(120, 60),
        gpu=0,
    params:
        settings=lambda wildcards: NETWORKS[wildcards.network],
        seeds=lambda wildcards: of_row(config["seeds"], wildcards),
        train=config["train"],
        checkpoints=lambda wildcards: f"{RESULTS}/checkpoints/{wildcards.dataset}.{wildcards.network}",
        compiled="results/compiled",
    script:
        "../scripts/train_network.py"
