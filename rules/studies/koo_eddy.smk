# Koo & Eddy (2019): which architectures make first-layer filters whole motifs

from deepprune.studies.koo_eddy.readings import READINGS

NULL_DRAWS = 20  # shuffles of each of thousands of filters
RELEVANT = source("resources/koo_eddy/relevant.tsv")
# The paper's table that a data set stands for, by its format
PUBLISHED = {
    "multitask_simulated": source("resources/koo_eddy/table1.tsv"),
    "deepsea": source("resources/koo_eddy/table2.tsv"),
}


include: "../networks.smk"


OF_NETWORKS = {"dataset": MULTITASK, "network": NETWORKS}


rule study_tables:
    input:
        networks=collect("<results>/networks/{dataset}/{network}.tsv", **OF_NETWORKS),
        filters=collect("<results>/filters/{dataset}/{network}.tsv", **OF_NETWORKS),
        matches=collect("<results>/filters/{dataset}/{network}.matches.tsv", **OF_NETWORKS),
        localisation=collect("<results>/filters/{dataset}/{network}.localisation.tsv", **OF_NETWORKS),
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


STUDY["rules"] = ["study_tables"]
STUDY["outputs"] = [
    collect(
        [*rules.train_network.output, *rules.filters.output, *rules.filter_matches.output],
        **OF_NETWORKS,
    ),
    rules.study_tables.output,
]
