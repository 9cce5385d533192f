# The paper's figures that this study makes possible, and the page that sets the paper beside it

from deepprune.studies.deepprune.contents import groups, paper_figures

GROUPS = groups({dataset: ROWS[dataset]["path"] for dataset in SIMULATED}, REAL)
PAPER_FIGURES = list(paper_figures(GROUPS, METHODS, CRITERIA))


rule study_figures:
    input:
        auc="results/tables/auc.tsv",
        comparison="results/tables/comparison.tsv",
    output:
        **{
            name: report(
                f"results/figures/paper/{name}.svg",
                caption=f"../report/{name}.rst",
                category="the paper's figures",
                labels={"figure": name.replace("figure", "Figure ")},
            )
            for name in PAPER_FIGURES
        },
        notes="results/figures/paper/notes.tsv",
    log:
        "logs/study_figures.log",
    benchmark:
        "results/benchmarks/study_figures.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 50),
        runtime=growing(30),
        gpu=0,
    params:
        groups=GROUPS,
        methods=METHODS,
        criteria=CRITERIA,
        version=__version__,
    script:
        "../scripts/study_figures.py"


rule replication_page:
    input:
        auc="results/tables/auc.tsv",
        comparison="results/tables/comparison.tsv",
        replication="results/tables/replication.tsv",
        table2="results/tables/table2.tsv",
        table3="results/tables/table3.tsv",
        paper_table2=source("../resources/paper/table2.tsv"),
        paper_table3=source("../resources/paper/table3.tsv"),
        figures=[f"results/figures/paper/{name}.svg" for name in PAPER_FIGURES],
        notes="results/figures/paper/notes.tsv",
        captions=[source(f"{name}.rst") for name in ("replication", "table2", "table3", "comparison", *PAPER_FIGURES)],
    output:
        "results/replication.html",
    log:
        "logs/replication_page.log",
    benchmark:
        "results/benchmarks/replication_page.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 50),
        runtime=growing(30),
        gpu=0,
    params:
        sheet=SHEET[["dataset", "format", "target", "cell_type"]].to_dict("records"),
        criteria=CRITERIA,
        version=__version__,
    script:
        "../scripts/replication_page.py"
