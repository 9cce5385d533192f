# All data sets together: tables, figures, the report

TABLES = {
    "auc": collect("results/auc/{dataset}.tsv", dataset=DATASETS),
    "comparison": collect("results/comparison/{dataset}.tsv", dataset=DATASETS),
    "datasets": collect("results/data/{dataset}.summary.tsv", dataset=DATASETS),
    "motifs": collect("results/motifs/{dataset}/kernels.tsv", dataset=DATASETS),
    "tomtom": collect("results/tomtom/{dataset}.tsv", dataset=DATASETS),
    "chance": collect("results/tomtom/{dataset}.chance.tsv", dataset=DATASETS),
    "rates": collect("results/tomtom/{dataset}.rates.tsv", dataset=DATASETS),
}
if SIMULATED:
    TABLES["recovery"] = collect("results/recovery/{dataset}.tsv", dataset=SIMULATED)
    TABLES["recovered"] = collect("results/recovery/{dataset}.counts.tsv", dataset=SIMULATED)


rule table:
    input:
        lambda wildcards: TABLES[wildcards.table],
    output:
        "results/tables/{table}.tsv",
    log:
        "logs/table/{table}.log",
    benchmark:
        "results/benchmarks/table/{table}.tsv"
    wildcard_constraints:
        table=one_of(TABLES),
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
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
    benchmark:
        "results/benchmarks/auc_figure/{dataset}.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
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
    benchmark:
        "results/benchmarks/auc_overview.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 50),
        runtime=growing(30),
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
    benchmark:
        "results/benchmarks/datasets_figure.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/datasets_figure.py"


# A page of the report for each data set
rule page:
    input:
        unpack(recovered),
        summary="results/data/{dataset}.summary.tsv",
        kernels="results/motifs/{dataset}/kernels.tsv",
        motifs="results/motifs/{dataset}/kernels.meme",
        histograms="results/motifs/{dataset}/activations.tsv",
        strongest="results/motifs/{dataset}/strongest.fa",
        hits="results/motifs/{dataset}/hits.tsv",
        tomtom="results/tomtom/{dataset}.tsv",
        chance="results/tomtom/{dataset}.chance.tsv",
        rates="results/tomtom/{dataset}.rates.tsv",
        curve="results/figures/auc/{dataset}.svg",
        captions=[source(f"{name}.rst") for name in ("auc", "logos", "motifs", "chance", "recovery", "hits")],
    output:
        "results/report/{dataset}.html",
    log:
        "logs/page/{dataset}.log",
    benchmark:
        "results/benchmarks/page/{dataset}.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
        gpu=0,
    params:
        row=lambda wildcards: {key: row(wildcards)[key] for key in ("dataset", "format", "target", "cell_type")},
        rungs=lambda wildcards: ladder(config)[-2:] if wildcards.dataset in SIMULATED else [],
        version=__version__,
    script:
        "../scripts/page.py"


# Snakemake's records of all jobs before the front page, which shows them
BENCHMARKS = [
    *collect("results/benchmarks/genome/{genome}.tsv", genome=GENOMES),
    *collect("results/benchmarks/dataset/{dataset}.tsv", dataset=REAL),
    *collect("results/benchmarks/simulate/{dataset}.tsv", dataset=SIMULATED),
    *collect(
        "results/benchmarks/{kind}/{dataset}.tsv",
        kind=["train", "auc_figure", "motifs", "tomtom", "logos", "page"],
        dataset=DATASETS,
    ),
    *collect("results/benchmarks/recovery/{dataset}.tsv", dataset=SIMULATED),
    *collect("results/benchmarks/table/{table}.tsv", table=TABLES),
    *collect(
        "results/benchmarks/{kind}.tsv",
        kind=["jaspar", "auc_overview", "datasets_figure", "study_tables", "study_figures", "replication_page"],
    ),
]


rule resources_used:
    input:
        datasets="results/tables/datasets.tsv",
        records=BENCHMARKS,
    output:
        table="results/resources.tsv",
        figure=report(
            "results/figures/resources.svg",
            caption="../report/resources.rst",
            category="all data sets",
            labels={"figure": "time and memory"},
        ),
    log:
        "logs/resources_used.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/resources_used.py"


rule front_page:
    input:
        auc="results/tables/auc.tsv",
        rates="results/tables/rates.tsv",
        overview="results/figures/auc.svg",
        sizes="results/figures/datasets.svg",
        resources="results/figures/resources.svg",
        pages=collect("results/report/{dataset}.html", dataset=DATASETS),
        captions=[source(f"{name}.rst") for name in ("workflow", "auc", "datasets", "chance", "resources")],
    output:
        "results/report.html",
    log:
        "logs/front_page.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        # Pages are links.
        mem_mb=growing(500, 50, of="overview"),
        runtime=growing(30),
        gpu=0,
    params:
        sheet=SHEET[["dataset", "format", "target", "cell_type"]].to_dict("records"),
        config=config,
        study_page=("replication.html", "Replication of Luo et al. (2019): claims, tables and figures beside this run's"),
        version=__version__,
    script:
        "../scripts/front_page.py"
