# The paper beside this study: its Tables 2 and 3, and its claims


rule study_tables:
    input:
        auc="results/tables/auc.tsv",
        comparison="results/tables/comparison.tsv",
        recovered="results/tables/recovered.tsv" if SIMULATED else [],
        # The case study is about simulated data.
        weights=collect("results/models/{dataset}/weights.tsv", dataset=SIMULATED or DATASETS),
        claims=source("../resources/paper/claims.tsv"),
    output:
        table2="results/tables/table2.tsv",
        table3="results/tables/table3.tsv",
        replication="results/tables/replication.tsv",
    log:
        "logs/study_tables.log",
    benchmark:
        "results/benchmarks/study_tables.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        # 690 real sets without simulated ones, 78 MB of tables, took 400 MB, and 92 s.
        mem_mb=growing(500, 10),
        runtime=growing(30),
        gpu=0,
    params:
        simulated=SIMULATED,
        criteria=CRITERIA,
        version=__version__,
    script:
        "../scripts/study_tables.py"
