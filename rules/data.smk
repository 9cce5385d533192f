# Real data sets: peaks and sequences become windows, negatives and a split


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
        mem_mb=2000,
        runtime=60,
        gpu=0,
    params:
        version=__version__,
    script:
        "../scripts/genome.py"


rule dataset:
    input:
        unpack(sequences),
    output:
        data="results/data/{dataset}.npz",
        summary="results/data/{dataset}.summary.tsv",
    log:
        "logs/dataset/{dataset}.log",
    benchmark:
        "results/benchmarks/dataset/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(REAL),
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
        gpu=0,
    params:
        row=origin,
        options=config["data"],
        version=__version__,
    script:
        "../scripts/dataset.py"
