# DanQ (Quang & Xie 2016) and SuperQ (Löverli & Gupta 2018): many tasks at once, and an autoencoder of DNA

from deepprune.models.conv_text import layers_text

if not MULTITASK:
    refuse(
        "study danq trains networks of several tasks, but all data sets have one; add one of several (docs/studies.md)"
    )

# How filters are read as motifs, and the shuffles of each
READINGS = {"weighted": {"threshold": 0.5, "every": True, "weighted": True}}
NULL_DRAWS = 20
RELEVANT = []  # the motifs that are called like the tasks


include: "../networks.smk"
include: "../filters.smk"


OF_PREDICTING = {"dataset": MULTITASK, "network": PREDICTING}
OF_LAYERED = {"dataset": MULTITASK, "network": LAYERED}
OF_AUTOENCODERS = {"dataset": MULTITASK, "network": AUTOENCODERS}


rule study_tables:
    input:
        networks=every("<results>/networks/{dataset}/{network}.tsv", **OF_PREDICTING),
        tasks=every("<results>/networks/{dataset}/{network}.tasks.tsv", **OF_PREDICTING),
        steps=every("<results>/networks/{dataset}/{network}.steps.tsv", dataset=MULTITASK, network=FEATURED),
        reconstructions=every("<results>/networks/{dataset}/{network}.reconstruction.tsv", **OF_AUTOENCODERS),
        filters=every("<results>/filters/{dataset}/{network}.tsv", **OF_LAYERED),
        matches=every("<results>/filters/{dataset}/{network}.matches.tsv", **OF_LAYERED),
        localisation=every("<results>/filters/{dataset}/{network}.localisation.tsv", **OF_LAYERED),
        claims=source("resources/danq/claims.tsv"),
        aucs=source("resources/danq/aucs.tsv"),
    output:
        **{
            name: f"<results>/tables/danq/{name}.tsv"
            for name in ("networks", "autoencoders", "published", "claims", "filters", "summary")
        },
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
        datasets=[dataset for dataset in MULTITASK for network in LAYERED],
        # Those whose tasks are the bundle's classes
        published=[name for name in MULTITASK if ROWS[name]["format"] == "deepsea"],
    script:
        "../../scripts/studies/danq_tables.py"


rule study_figures:
    input:
        networks=rules.study_tables.output.networks,
        autoencoders=rules.study_tables.output.autoencoders,
        epochs=collect("<results>/networks/{{dataset}}/{network}.epochs.tsv", network=AUTOENCODERS),
    output:
        **{
            name: report(
                f"<results>/figures/danq/{{dataset}}.{name}.svg",
                caption=f"../../report/danq/{name}.rst",
                category="many tasks",
                labels={"data set": "{dataset}", "figure": name},
            )
            for name in ("time", "reconstruction")
        },
    log:
        "<logs>/study_figures/{dataset}.log",
    benchmark:
        "<benchmarks>/study_figures/{dataset}.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(800, 10),
    script:
        "../../scripts/studies/danq_figures.py"


# In the order of the page
FIGURES = [
    "<results>/figures/danq/{dataset}.time.svg",
    "<results>/figures/tasks/{dataset}.distribution.svg",
    "<results>/figures/tasks/{dataset}.prevalence.svg",
    "<results>/figures/danq/{dataset}.reconstruction.svg",
]


rule study_page:
    input:
        **{
            name: rules.study_tables.output[name]
            for name in ("networks", "autoencoders", "published", "summary", "claims")
        },
        figures=[figure.format(dataset=dataset) for dataset in MULTITASK for figure in FIGURES],
        captions=captions(
            "distribution",
            "prevalence",
            *collect(
                "danq/{name}",
                name=["claims", "networks", "autoencoders", "time", "reconstruction", "filters", "published"],
            ),
        ),
    output:
        "<results>/many_tasks.html",
    log:
        "<logs>/study_page.log",
    benchmark:
        "<benchmarks>/study_page.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    params:
        settings={name: layers_text(settings) for name, settings in NETWORKS.items()},
    script:
        "../../scripts/studies/danq_page.py"


STUDY["rules"] = ["study_tables", "study_page"]
STUDY["outputs"] = lambda: [
    *trained_on(MULTITASK),
    *collect([*rules.filters.output, *rules.filter_matches.output], **OF_LAYERED),
    *collect(rules.task_measures.output, dataset=MULTITASK),
    *rules.study_tables.output,
    *collect(rules.study_figures.output, dataset=MULTITASK),
    *rules.study_page.output,
]
STUDY["page"] = ("many_tasks.html", "DanQ and SuperQ: many tasks at once, and an autoencoder of DNA")
