# Real data sets: peaks and sequences become windows, negatives and a split


rule genome:
    input:
        lambda wildcards: GENOMES[wildcards.genome],
    output:
        fasta="results/genomes/{genome}.fa",
        index="results/genomes/{genome}.fa.fai",
    log:
        "logs/genome/{genome}.log",
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


def sequences(wildcards):
    """The files of a data set's row, its genome as prepared."""
    cells = row(wildcards)
    genome = cells.pop("genome")
    prepared = f"results/genomes/{genome_name(genome)}.fa" if genome else ""
    return {
        "files": input_files(cells | {"genome": ""}),
        "genome": [prepared, f"{prepared}.fai"] if prepared else [],
    }


rule prepare:
    input:
        unpack(sequences),
    output:
        data="results/data/{dataset}.npz",
        summary="results/data/{dataset}.summary.tsv",
    wildcard_constraints:
        dataset=one_of(set(DATASETS) - set(SIMULATED)),
    log:
        "logs/prepare/{dataset}.log",
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
        gpu=0,
    params:
        row=row,
        options=config["data"],
        version=__version__,
    script:
        "../scripts/prepare.py"
