# Kernels of the last rung as motifs, and what they resemble


rule jaspar:
    output:
        "results/motifs/jaspar.meme",
    log:
        "logs/jaspar.log",
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
        gpu=0,
    params:
        jaspar=config["tomtom"]["jaspar"],
        version=__version__,
    script:
        "../scripts/jaspar.py"


rule motifs:
    input:
        data="results/data/{dataset}.npz",
        networks="results/models/{dataset}/networks.tsv",
        parameters="results/models/{dataset}/parameters.npz",
    output:
        meme="results/motifs/{dataset}/kernels.meme",
        trimmed="results/motifs/{dataset}/kernels.trimmed.meme",
        table="results/motifs/{dataset}/kernels.tsv",
    log:
        "logs/motifs/{dataset}.log",
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
        gpu=0,
    params:
        motifs=config["motifs"],
        version=__version__,
    script:
        "../scripts/motifs.py"


rule logos:
    input:
        "results/motifs/{dataset}/kernels.meme",
    output:
        report(
            "results/figures/logos/{dataset}.svg",
            caption="../report/logos.rst",
            category="{dataset}",
            labels={"figure": "kernels as motifs"},
        ),
    log:
        "logs/logos/{dataset}.log",
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/logos.py"


rule tomtom:
    input:
        queries="results/motifs/{dataset}/kernels.trimmed.meme",
        jaspar="results/motifs/jaspar.meme",
        implanted=lambda wildcards: row(wildcards)["path"] if wildcards.dataset in SIMULATED else [],
    output:
        "results/tomtom/{dataset}.tsv",
    log:
        "logs/tomtom/{dataset}.log",
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
        gpu=0,
    params:
        engine=config["tomtom"]["engine"],
        evalue=config["tomtom"]["evalue"],
        version=__version__,
    script:
        "../scripts/tomtom.py"
