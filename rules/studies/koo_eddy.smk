# Koo & Eddy (2019): which architectures make first-layer filters whole motifs

from deepprune.studies.koo_eddy.readings import READINGS

if not MULTITASK:
    refuse(
        "study koo_eddy trains networks of several tasks, but all data sets have one; add one of several (docs/studies.md)"
    )

NULL_DRAWS = 20  # shuffles of each of thousands of filters
RELEVANT = source("resources/koo_eddy/relevant.tsv")
# The paper's table that a data set stands for, by its format
PUBLISHED = {
    "multitask_simulated": source("resources/koo_eddy/table1.tsv"),
    "deepsea": source("resources/koo_eddy/table2.tsv"),
}


include: "../networks.smk"
include: "../filters.smk"


if without := [name for name in NETWORKS if name not in LAYERED]:
    refuse(f"study koo_eddy reads the filters of networks, but {', '.join(without)} have none; leave them out")

OF_NETWORKS = {"dataset": MULTITASK, "network": NETWORKS}


rule study_tables:
    input:
        networks=every("<results>/networks/{dataset}/{network}.tsv", **OF_NETWORKS),
        filters=every("<results>/filters/{dataset}/{network}.tsv", **OF_NETWORKS),
        matches=every("<results>/filters/{dataset}/{network}.matches.tsv", **OF_NETWORKS),
        localisation=every("<results>/filters/{dataset}/{network}.localisation.tsv", **OF_NETWORKS),
        relevant=RELEVANT,
        claims=source("resources/koo_eddy/claims.tsv"),
        published=list(PUBLISHED.values()),
    output:
        table="<results>/tables/architectures.tsv",
        claims="<results>/tables/claims.tsv",
        filters="<results>/tables/filters.tsv",
        summary="<results>/tables/filters.summary.tsv",
    log:
        "<logs>/study_tables.log",
    benchmark:
        "<benchmarks>/study_tables.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(800, 10),
    params:
        datasets=[dataset for dataset in MULTITASK for network in NETWORKS],
        published={name: PUBLISHED[ROWS[name]["format"]] for name in MULTITASK if ROWS[name]["format"] in PUBLISHED},
    script:
        "../../scripts/studies/koo_eddy_tables.py"


FIGURES = ["pools", "recovered", "first", "alternatives", "deeper"]


rule study_figures:
    input:
        table=rules.study_tables.output.table,
        filters=rules.study_tables.output.filters,
        tasks=f"<results>/networks/{{dataset}}/{next(iter(NETWORKS))}.tasks.tsv",
        motifs=collect("<results>/filters/{{dataset}}/{network}.meme", network=NETWORKS),
        jaspar=JASPAR,
        relevant=RELEVANT,
    output:
        **{
            name: report(
                f"<results>/figures/koo_eddy/{{dataset}}.{name}.svg",
                caption=f"../../report/koo_eddy/{name}.rst",
                category="filters",
                labels={"data set": "{dataset}", "figure": name},
            )
            for name in FIGURES
        },
    log:
        "<logs>/study_figures/{dataset}.log",
    benchmark:
        "<benchmarks>/study_figures/{dataset}.tsv"
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=growing(800, 20),
    params:
        networks=list(NETWORKS),
    script:
        "../../scripts/studies/koo_eddy_figures.py"


rule study_page:
    input:
        table=rules.study_tables.output.table,
        claims=rules.study_tables.output.claims,
        networks=every("<results>/networks/{dataset}/{network}.tsv", **OF_NETWORKS),
        figures=every("<results>/figures/koo_eddy/{dataset}.{name}.svg", dataset=MULTITASK, name=FIGURES),
        captions=captions(*collect("koo_eddy/{name}", name=["claims", "table", "recovery", "beyond", *FIGURES])),
    output:
        "<results>/architectures.html",
    log:
        "<logs>/study_page.log",
    benchmark:
        "<benchmarks>/study_page.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    params:
        formats={name: ROWS[name]["format"] for name in MULTITASK},
    script:
        "../../scripts/studies/koo_eddy_page.py"


STUDY["rules"] = ["study_tables", "study_page"]
STUDY["outputs"] = lambda: [
    *collect(
        [*rules.train_network.output, *rules.filters.output, *rules.filter_matches.output],
        **OF_NETWORKS,
    ),
    *rules.study_tables.output,
    *collect(rules.study_figures.output, dataset=MULTITASK),
    *collect(rules.task_measures.output, dataset=MULTITASK),
    *rules.study_page.output,
]
STUDY["page"] = ("architectures.html", "Koo & Eddy (2019): which architectures make filters whole motifs")
