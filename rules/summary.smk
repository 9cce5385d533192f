# Tables and figures of all data sets, and the report

# Of each table the files that it joins, for these data sets
TABLES = {
    "auc": ("<results>/auc/{dataset}.tsv", SINGLE),
    "comparison": ("<results>/comparison/{dataset}.tsv", SINGLE),
    "datasets": ("<results>/data/{dataset}.summary.tsv", DATASETS),
    "models": ("<results>/models/{dataset}/model.tsv", SINGLE),
    "motifs": ("<results>/motifs/{dataset}/motifs.tsv", SINGLE),
    "kernels": ("<results>/motifs/{dataset}/kernels.tsv", SINGLE),
    "tomtom": ("<results>/tomtom/{dataset}.tsv", SINGLE),
    "chance": ("<results>/tomtom/{dataset}.chance.tsv", SINGLE),
    "rates": ("<results>/tomtom/{dataset}.rates.tsv", SINGLE),
}
if SIMULATED:
    TABLES["recovery"] = ("<results>/recovery/{dataset}.tsv", SIMULATED)
    TABLES["recovered"] = ("<results>/recovery/{dataset}.counts.tsv", SIMULATED)
if OCCUPIED:
    TABLES["matching"] = ("<results>/data/{dataset}.matching.tsv", OCCUPIED)


rule table:
    input:
        parts,
    output:
        "<results>/tables/{table}.tsv",
    log:
        "<logs>/table/{table}.log",
    benchmark:
        "<benchmarks>/table/{table}.tsv"
    wildcard_constraints:
        table=one_of(TABLES),
    conda:
        "../envs/summary.yaml"
    threads: 1
    script:
        "../scripts/table.py"


rule auc_figure:
    input:
        "<results>/auc/{dataset}.tsv",
    output:
        report(
            "<results>/figures/auc/{dataset}.svg",
            caption="../report/auc.rst",
            category="{dataset}",
            labels={"figure": "AUROC against kernels"},
        ),
    log:
        "<logs>/auc_figure/{dataset}.log",
    benchmark:
        "<benchmarks>/auc_figure/{dataset}.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    script:
        "../scripts/auc_figure.py"


rule profile_figure:
    input:
        "<results>/data/{dataset}.profile.tsv",
    output:
        report(
            "<results>/figures/profiles/{dataset}.svg",
            caption="../report/profile.rst",
            category="{dataset}",
            labels={"figure": "GC content and dinucleotides"},
        ),
    log:
        "<logs>/profile_figure/{dataset}.log",
    benchmark:
        "<benchmarks>/profile_figure/{dataset}.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    script:
        "../scripts/profile_figure.py"


rule auc_overview:
    input:
        "<results>/tables/auc.tsv",
    output:
        report(
            "<results>/figures/auc.svg",
            caption="../report/auc.rst",
            category="all data sets",
            labels={"figure": "AUROC against kernels"},
        ),
    log:
        "<logs>/auc_overview.log",
    benchmark:
        "<benchmarks>/auc_overview.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 50),
        runtime=growing(30),
    script:
        "../scripts/auc_overview.py"


rule datasets_figure:
    input:
        "<results>/tables/datasets.tsv",
    output:
        report(
            "<results>/figures/datasets.svg",
            caption="../report/datasets.rst",
            category="all data sets",
            labels={"figure": "positives and GC content"},
        ),
    log:
        "<logs>/datasets_figure.log",
    benchmark:
        "<benchmarks>/datasets_figure.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    script:
        "../scripts/datasets_figure.py"


# The report's page of a data set
rule page:
    input:
        unpack(recovered),
        unpack(matched),
        summary="<results>/data/{dataset}.summary.tsv",
        model="<results>/models/{dataset}/model.tsv",
        distinct="<results>/motifs/{dataset}/motifs.tsv",
        matrices="<results>/motifs/{dataset}/motifs.meme",
        positions="<results>/motifs/{dataset}/positions.tsv",
        known=lambda wildcards: [JASPAR, *([implanted(wildcards)] if wildcards.dataset in SIMULATED else [])],
        kernels="<results>/motifs/{dataset}/kernels.tsv",
        motifs="<results>/motifs/{dataset}/kernels.meme",
        histograms="<results>/motifs/{dataset}/activations.tsv",
        strongest="<results>/motifs/{dataset}/strongest.fa",
        sites="<results>/motifs/{dataset}/sites.tsv",
        tomtom="<results>/tomtom/{dataset}.tsv",
        chance="<results>/tomtom/{dataset}.chance.tsv",
        rates="<results>/tomtom/{dataset}.rates.tsv",
        curve="<results>/figures/auc/{dataset}.svg",
        profile="<results>/figures/profiles/{dataset}.svg",
        comparison="<results>/comparison/{dataset}.tsv",
        captions=captions(
            "auc", "distinct", "profile", "matching", "parts", "logos", "motifs", "chance", "recovery", "sites"
        ),
    output:
        "<results>/report/{dataset}.html",
    log:
        "<logs>/page/{dataset}.log",
    benchmark:
        "<benchmarks>/page/{dataset}.tsv"
    conda:
        "../envs/summary.yaml"
    threads: 1
    params:
        row=lambda wildcards: TITLES[wildcards.dataset],
        rungs=lambda wildcards: ladder(config)[-2:] if wildcards.dataset in SIMULATED else [],
    script:
        "../scripts/page.py"


rule resources_used:
    input:
        datasets="<results>/tables/datasets.tsv",
        records=records,
    output:
        table="<results>/resources.tsv",
        figure=report(
            "<results>/figures/resources.svg",
            caption="../report/resources.rst",
            category="all data sets",
            labels={"figure": "time and memory"},
        ),
    log:
        "<logs>/resources_used.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    script:
        "../scripts/resources_used.py"


rule front_page:
    input:
        auc="<results>/tables/auc.tsv",
        datasets="<results>/tables/datasets.tsv",
        models="<results>/tables/models.tsv",
        comparison="<results>/tables/comparison.tsv",
        motifs="<results>/tables/motifs.tsv",
        matrices=every("<results>/motifs/{dataset}/motifs.meme", dataset=SINGLE),
        rates="<results>/tables/rates.tsv",
        overview="<results>/figures/auc.svg",
        sizes="<results>/figures/datasets.svg",
        resources="<results>/figures/resources.svg",
        pages=every("<results>/report/{dataset}.html", dataset=SINGLE),
        captions=captions("workflow", "answers", "auc", "datasets", "chance", "resources"),
    output:
        "<results>/report.html",
    log:
        "<logs>/front_page.log",
    conda:
        "../envs/summary.yaml"
    threads: 1
    resources:
        # The front page only links to the other pages.
        mem_mb=growing(500, 50, of="overview"),
        runtime=growing(30),
    params:
        sheet=[TITLES[name] for name in SINGLE],
        config=config,
        networks={
            kind: {name: of_kind(config["model"][name], kind) for name in ("strands", "background")}
            | {"distinct": of_kind(config["prune"]["distinct"], kind)}
            for kind in sorted({kind_of(ROWS[name]) for name in SINGLE})
        },
        study_page=STUDY["page"],
    script:
        "../scripts/front_page.py"
