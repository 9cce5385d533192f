# Real data sets: from peaks and sequences to windows, negatives and a split


# Of a name that is in no row: Snakemake would tell of missing input files.
rule unknown_dataset:
    input:
        row,
    output:
        "<results>/data/{dataset}.npz",
    wildcard_constraints:
        dataset=rf"(?!(?:{one_of(DATASETS)})[.]npz$)[A-Za-z0-9_][A-Za-z0-9_.-]*",


# All configurations share genomes.
rule genome:
    input:
        lambda wildcards: GENOMES[wildcards.genome],
    output:
        fasta="results/genomes/{genome}.fa",
        index="results/genomes/{genome}.fa.fai",
    log:
        "logs/genome/{genome}.log",
    benchmark:
        "results/benchmarks/genome/{genome}.tsv"
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        # Measured: 75 MB for genomes of 30 and of 300 Mb; 2 s, on a slow disk 15 s, for 100 Mb.
        runtime=growing(60),
    script:
        "../scripts/genome.py"


rule dataset:
    input:
        unpack(sequences),
    output:
        data="<results>/data/{dataset}.npz",
        summary="<results>/data/{dataset}.summary.tsv",
        windows="<results>/data/{dataset}.windows.bed",
        skipped="<results>/data/{dataset}.skipped.tsv",
        profile="<results>/data/{dataset}.profile.tsv",
    log:
        "<logs>/dataset/{dataset}.log",
    benchmark:
        "<benchmarks>/dataset/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(READ),
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        # Measured: 200 MB, and 40 MB for each MB of peaks or sequences (gzip); 2 to 10 s
        mem_mb=growing(500, 100, of="files"),
        runtime=growing(10, 1, of="files"),
    params:
        row=origin,
        options=DATA_OPTIONS,
    script:
        "../scripts/dataset.py"
