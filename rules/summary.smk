# All data sets together: tables, figures, the report

TABLES = {
    "auc": collect("results/auc/{dataset}.tsv", dataset=DATASETS),
    "datasets": collect("results/data/{dataset}.summary.tsv", dataset=DATASETS),
    "motifs": collect("results/motifs/{dataset}/kernels.tsv", dataset=DATASETS),
    "tomtom": collect("results/tomtom/{dataset}.tsv", dataset=DATASETS),
}


rule table:
    input:
        lambda wildcards: TABLES[wildcards.table],
    output:
        "results/tables/{table}.tsv",
    log:
        "logs/table/{table}.log",
    wildcard_constraints:
        table=one_of(TABLES),
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/table.py"


rule auc_figure:
    input:
        "results/auc/{dataset}.tsv",
    output:
        report(
            "results/figures/auc/{dataset}.svg",
            caption="../report/auc.rst",
            category="{dataset}",
            labels={"figure": "AUROC against kernels"},
        ),
    log:
        "logs/auc_figure/{dataset}.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/auc_figure.py"


rule auc_overview:
    input:
        "results/tables/auc.tsv",
    output:
        report(
            "results/figures/auc.svg",
            caption="../report/auc.rst",
            category="all data sets",
            labels={"figure": "AUROC against kernels"},
        ),
    log:
        "logs/auc_overview.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/auc_overview.py"


rule datasets_figure:
    input:
        "results/tables/datasets.tsv",
    output:
        report(
            "results/figures/datasets.svg",
            caption="../report/datasets.rst",
            category="all data sets",
            labels={"figure": "positives and GC content"},
        ),
    log:
        "logs/datasets_figure.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/datasets_figure.py"


rule page:
    input:
        auc="results/tables/auc.tsv",
        datasets="results/tables/datasets.tsv",
        motifs="results/tables/motifs.tsv",
        tomtom="results/tables/tomtom.tsv",
        overview="results/figures/auc.svg",
        sizes="results/figures/datasets.svg",
        curves=collect("results/figures/auc/{dataset}.svg", dataset=DATASETS),
        logos=collect("results/figures/logos/{dataset}.svg", dataset=DATASETS),
        template=source("page.html.j2"),
        captions=[source(f"{name}.rst") for name in ("workflow", "auc", "datasets", "logos", "motifs")],
    output:
        "results/report.html",
    log:
        "logs/page.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
        gpu=0,
    params:
        sheet=SHEET[["dataset", "format", "target", "cell_type"]].to_dict("records"),
        config=config,
        version=__version__,
    script:
        "../scripts/page.py"
