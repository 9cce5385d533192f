# Luo, Chi and Deng (2019): their Tables 2 and 3, their figures and their claims beside this run's, on one page

from deepprune.studies.deepprune.contents import groups, paper_figures

if not SINGLE:
    refuse("study deepprune trains networks of one task, but all data sets have several; add one of one task")

GROUPS = groups({dataset: ROWS[dataset]["path"] for dataset in SIMULATED}, REAL)
PAPER_FIGURES = list(paper_figures(GROUPS, METHODS_BY_KIND, CRITERIA))


rule study_tables:
    input:
        auc="<results>/tables/auc.tsv",
        comparison="<results>/tables/comparison.tsv",
        recovered="<results>/tables/recovered.tsv" if SIMULATED else [],
        # The case study is about simulated data.
        weights=every("<results>/models/{dataset}/weights.tsv", dataset=SIMULATED or SINGLE),
        claims=source("resources/deepprune/claims.tsv"),
    output:
        table2="<results>/tables/table2.tsv",
        table3="<results>/tables/table3.tsv",
        replication="<results>/tables/replication.tsv",
    log:
        "<logs>/study_tables.log",
    benchmark:
        "<benchmarks>/study_tables.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    resources:
        # Measured: 400 MB and 92 s for 690 real sets without simulated ones, 78 MB of tables.
        mem_mb=growing(500, 10),
        runtime=growing(30),
    params:
        simulated=SIMULATED,
        criteria=CRITERIA,
    script:
        "../../scripts/studies/deepprune_tables.py"


rule study_figures:
    input:
        auc="<results>/tables/auc.tsv",
        comparison="<results>/tables/comparison.tsv",
    output:
        **{
            name: report(
                f"<results>/figures/paper/{name}.svg",
                caption=f"../../report/deepprune/{name}.rst",
                category="the paper's figures",
                labels={"figure": name.replace("figure", "Figure ")},
            )
            for name in PAPER_FIGURES
        },
        notes="<results>/figures/paper/notes.tsv",
    log:
        "<logs>/study_figures.log",
    benchmark:
        "<benchmarks>/study_figures.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 50),
        runtime=growing(30),
    params:
        groups=GROUPS,
        methods=METHODS_BY_KIND,
        criteria=CRITERIA,
    script:
        "../../scripts/studies/deepprune_figures.py"


rule study_page:
    input:
        auc="<results>/tables/auc.tsv",
        comparison="<results>/tables/comparison.tsv",
        replication="<results>/tables/replication.tsv",
        table2="<results>/tables/table2.tsv",
        table3="<results>/tables/table3.tsv",
        paper_table2=source("resources/deepprune/table2.tsv"),
        paper_table3=source("resources/deepprune/table3.tsv"),
        figures=collect("<results>/figures/paper/{name}.svg", name=PAPER_FIGURES),
        notes="<results>/figures/paper/notes.tsv",
        captions=captions(
            *collect("deepprune/{name}", name=["replication", "table2", "table3", "comparison", *PAPER_FIGURES])
        ),
    output:
        "<results>/replication.html",
    log:
        "<logs>/study_page.log",
    benchmark:
        "<benchmarks>/study_page.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 50),
        runtime=growing(30),
    params:
        sheet=[TITLES[name] for name in SINGLE],
        criteria=CRITERIA,
    script:
        "../../scripts/studies/deepprune_page.py"


STUDY["rules"] = ["study_tables", "study_figures", "study_page"]
STUDY["outputs"] = lambda: [*rules.study_page.output, *rules.study_tables.output, *rules.study_figures.output]
STUDY["page"] = ("replication.html", "Replication of Luo et al. (2019): claims, tables and figures beside this run's")
