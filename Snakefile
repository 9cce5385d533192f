from snakemake.utils import min_version

min_version("9.0")


configfile: "config.yaml"


report: "report/workflow.rst"


include: "rules/common.smk"
include: "rules/download.smk"
include: "rules/data.smk"
include: "rules/simulate.smk"
include: "rules/train.smk"
include: "rules/motifs.smk"
include: "rules/summary.smk"
include: "rules/study.smk"
include: "rules/study_figures.smk"


rule all:
    default_target: True
    input:
        "results/report.html",
        "results/replication.html",
        collect("results/tables/{table}.tsv", table=TABLES),
        "results/resources.tsv",
        "results/figures/resources.svg",
        "results/figures/auc.svg",
        "results/figures/datasets.svg",
        collect("results/figures/auc/{dataset}.svg", dataset=DATASETS),
        collect("results/figures/logos/{dataset}.{format}", dataset=DATASETS, format=["svg", "png"]),


# All data sets ready for training, and what they are like
rule prepare:
    input:
        "results/tables/datasets.tsv",
        "results/figures/datasets.svg",
        collect("results/data/{dataset}.npz", dataset=DATASETS),
