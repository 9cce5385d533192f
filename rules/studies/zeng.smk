# Zeng et al. (2016): ten architectures on two tasks, and gkm-SVMs

from deepprune.models.conv_text import layers_text
from deepprune.sources.encode_tfbs import CSAIL
from deepprune.studies.zeng.values import ALL, DISCOVERY, GENOMIC as AGAINST_GENOME, OCCUPANCY, POSITION, About

if not SINGLE:
    refuse(
        "study zeng trains networks of one task, but all data sets have several; add one of one task (docs/studies.md)"
    )


include: "../networks.smk"


# Sequences and repeats of the timing of networks
TIMED, REPEATS = 500_000, 3
OF_NETWORKS = {"dataset": SINGLE, "network": PREDICTING}


def about_of(name):
    """Return what a data set is about."""
    cells, task = ROWS[name], DISCOVERY
    if cells["format"] == "occupancy":
        task = POSITION if config["occupancy"]["position"] == "free" else OCCUPANCY
    elif CSAIL["occupancy"] in cells["path"]:
        task = OCCUPANCY
    elif cells["negatives"] == GENOMIC:
        task = AGAINST_GENOME
    return About(Path(cells["path"]).name, task, cells.get("most") or ALL, cells["target"])


ABOUT = {name: about_of(name) for name in SINGLE}
WHOLE = [name for name, of in ABOUT.items() if of.task == DISCOVERY and of.most == ALL]
FIGURES = [
    *dict.fromkeys(of.task for of in ABOUT.values() if of.most == ALL),
    *(["changes", "cluster_sizes"] if len(WHOLE) > 1 and len(LAYERED) > 1 else []),
    *(["sizes"] if any(of.most != ALL for of in ABOUT.values()) else []),
    *(["time"] if LAYERED else []),
]


# All cores, so that nothing else runs meanwhile
rule training_time:
    input:
        data=f"<results>/data/{(WHOLE or SINGLE)[0]}.npz",
    output:
        "<results>/networks/training_time.tsv",
    log:
        "<logs>/training_time.log",
    benchmark:
        "<benchmarks>/training_time.tsv"
    conda:
        "../../envs/train.yaml"
    threads: workflow.cores or 1
    resources:
        mem_mb=growing(3000, 20),
        runtime=growing(120),
    params:
        settings={name: NETWORKS[name] for name in LAYERED},
        train=config["train"],
        sequences=TIMED,
        repeats=REPEATS,
        compiled="results/compiled",
    script:
        "../../scripts/training_time.py"


rule families:
    input:
        exceptions=located["occupancy"]["motifs"] or [],
    output:
        "<results>/families.tsv",
    log:
        "<logs>/families.log",
    benchmark:
        "<benchmarks>/families.tsv"
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    params:
        targets=sorted({row["target"] for row in ROWS.values() if row["target"]}),
        jaspar=config["tomtom"]["jaspar"],
    script:
        "../../scripts/families.py"


TABLES_OF_STUDY = ["values", "medians", "times", "search", "matched", "clusters", "anova", "claims"]


rule study_tables:
    input:
        networks=every("<results>/networks/{dataset}/{network}.tsv", **OF_NETWORKS),
        trials=every("<results>/networks/{dataset}/{network}.trials.tsv", dataset=SINGLE, network=LAYERED),
        auc="<results>/tables/auc.tsv",
        datasets="<results>/tables/datasets.tsv",
        times=rules.training_time.output[0],
        families=rules.families.output[0],
        claims=source("resources/zeng/claims.tsv"),
        published=source("resources/zeng/times.tsv"),
    output:
        **{name: f"<results>/tables/zeng/{name}.tsv" for name in TABLES_OF_STUDY},
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
        about=ABOUT,
    script:
        "../../scripts/studies/zeng_tables.py"


rule study_figures:
    input:
        values=rules.study_tables.output["values"],
        clusters=rules.study_tables.output.clusters,
        times=rules.study_tables.output.times,
    output:
        **{
            name: report(
                f"<results>/figures/zeng/{name}.svg",
                caption=f"../../report/zeng/{name}.rst",
                category="architectures",
                labels={"figure": name},
            )
            for name in FIGURES
        },
    log:
        "<logs>/study_figures.log",
    benchmark:
        "<benchmarks>/study_figures.tsv"
    conda:
        "../../envs/summary.yaml"
    threads: 1
    resources:
        mem_mb=growing(800, 10),
    script:
        "../../scripts/studies/zeng_figures.py"


rule study_page:
    input:
        **{
            name: rules.study_tables.output[name]
            for name in ("medians", "times", "search", "matched", "anova", "claims")
        },
        figures=list(rules.study_figures.output),
        captions=captions(
            *collect(
                "zeng/{name}", name=["networks", "medians", "matched", "times", "search", "anova", "claims", *FIGURES]
            )
        ),
    output:
        "<results>/two_tasks.html",
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
        "../../scripts/studies/zeng_page.py"


STUDY["rules"] = ["training_time", "families", "study_tables", "study_figures", "study_page"]
STUDY["outputs"] = lambda: [
    *trained_on(SINGLE),
    *rules.study_tables.output,
    *rules.study_figures.output,
    *rules.study_page.output,
]
STUDY["page"] = ("two_tasks.html", "Zeng et al. (2016): ten architectures on two tasks")
