# Filters of networks of several layers as motifs. Included, behind networks.smk, by studies that set READINGS (see
# motifs/filters), RELEVANT (a table of relevant motifs; [] for those called like the tasks) and NULL_DRAWS (shuffles of each filter)


def implanted_instances(wildcards):
    """Return the table of the motif instances implanted into a data set, if it is simulated."""
    simulated = row(wildcards)["format"] == "multitask_simulated"
    return {"implanted": "<results>/data/{dataset}.implanted.tsv"} if simulated else {}


# The filters of the layers before which nothing is pooled
rule filters:
    input:
        unpack(implanted_instances),
        data="<results>/data/{dataset}.npz",
        networks="<results>/networks/{dataset}/{network}.tsv",
        weights="<results>/networks/{dataset}/{network}.npz",
    output:
        filters="<results>/filters/{dataset}/{network}.tsv",
        localisation="<results>/filters/{dataset}/{network}.localisation.tsv",
        meme="<results>/filters/{dataset}/{network}.meme",
    log:
        "<logs>/filters/{dataset}/{network}.log",
    benchmark:
        "<benchmarks>/filters/{dataset}/{network}.tsv"
    conda:
        "../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500, 10),
        runtime=growing(30, 2),
    params:
        settings=lambda wildcards: NETWORKS[wildcards.network],
        readings=READINGS,
        compiled="results/compiled",
    script:
        "../scripts/filters.py"


rule filter_matches:
    input:
        meme="<results>/filters/{dataset}/{network}.meme",
        tasks="<results>/networks/{dataset}/{network}.tasks.tsv",
        jaspar=JASPAR,
        relevant=RELEVANT,
    output:
        "<results>/filters/{dataset}/{network}.matches.tsv",
    log:
        "<logs>/filter_matches/{dataset}/{network}.log",
    benchmark:
        "<benchmarks>/filter_matches/{dataset}/{network}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        evalue=config["tomtom"]["evalue"],
        draws=NULL_DRAWS,
        seed=config["data"]["seed"],
    script:
        "../scripts/filter_matches.py"
