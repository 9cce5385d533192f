# What few kernels gain by both strands and a background: networks of several options on the same data sets

from deepprune.studies.few_kernels.variants import VARIANTS, options_of

if not SINGLE:
    refuse("study few_kernels trains networks of one task, but all data sets have several; add one of one task")


def of_variant(function):
    """Return a function of the wildcards by which an option-dependent one takes the options of the variant."""
    return lambda wildcards: function(wildcards, options_of(config, wildcards.variant))


rule variant_train:
    input:
        data="<results>/data/{dataset}.npz",
    output:
        auc="<results>/variants/{variant}/auc/{dataset}.tsv",
        comparison="<results>/variants/{variant}/comparison/{dataset}.tsv",
        table="<results>/variants/{variant}/models/{dataset}/networks.tsv",
        weights="<results>/variants/{variant}/models/{dataset}/weights.tsv",
        parameters="<results>/variants/{variant}/models/{dataset}/parameters.npz",
        keras=directory("<results>/variants/{variant}/models/{dataset}/keras"),
    log:
        "<logs>/variant_train/{variant}/{dataset}.log",
    benchmark:
        "<benchmarks>/variant_train/{variant}/{dataset}.tsv"
    priority: 10
    conda:
        "../../envs/train.yaml"
    threads: lambda wildcards: len(seeds_of(wildcards))
    resources:
        mem_mb=lambda wildcards, input, attempt: training_memory_of(
            wildcards, input, attempt, options_of(config, wildcards.variant)
        ),
        runtime=training_time,
        gpu=0,
    params:
        seeds=seeds_of,
        plan=of_variant(plan),
        network=of_variant(network),
        background=of_variant(background),
        train=config["train"],
        gain_kept=config["prune"]["gain_kept"],
        checkpoints=lambda wildcards: f"{RESULTS}/variants/{wildcards.variant}/checkpoints/{wildcards.dataset}",
        compiled="results/compiled",
    script:
        "../../scripts/train.py"


# Distinct motifs of readable networks, and the target's motif among them
rule variant_motifs:
    input:
        data="<results>/data/{dataset}.npz",
        networks="<results>/variants/{variant}/models/{dataset}/networks.tsv",
        parameters="<results>/variants/{variant}/models/{dataset}/parameters.npz",
        jaspar=JASPAR,
    output:
        "<results>/variants/{variant}/motifs/{dataset}.tsv",
    log:
        "<logs>/variant_motifs/{variant}/{dataset}.log",
    benchmark:
        "<benchmarks>/variant_motifs/{variant}/{dataset}.tsv"
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=growing(900, 60),
        runtime=growing(60),
    params:
        motifs=of_variant(read_by_motifs),
        target=lambda wildcards: row(wildcards)["target"],
        evalue=config["tomtom"]["evalue"],
        engine=config["tomtom"]["engine"],
    script:
        "../../scripts/studies/few_kernels_motifs.py"


rule variant_tables:
    input:
        **{f"{name}_auc": every(f"<results>/variants/{name}/auc/{{dataset}}.tsv", dataset=SINGLE) for name in VARIANTS},
        **{
            f"{name}_motifs": every(f"<results>/variants/{name}/motifs/{{dataset}}.tsv", dataset=SINGLE)
            for name in VARIANTS
        },
    output:
        sets="<results>/tables/few_kernels.sets.tsv",
        means="<results>/tables/few_kernels.tsv",
        figure=report(
            "<results>/figures/few_kernels.svg",
            caption="../../report/few_kernels/few_kernels.rst",
            category="all data sets",
            labels={"figure": "few kernels"},
        ),
    log:
        "<logs>/variant_tables.log",
    benchmark:
        "<benchmarks>/variant_tables.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    params:
        variants=list(VARIANTS),
    script:
        "../../scripts/studies/few_kernels_tables.py"


STUDY["rules"] = ["variant_tables"]
STUDY["outputs"] = lambda: [*rules.variant_tables.output]
