# Kernels of the chosen rung as motifs, and their matches with known motifs; the model with its motifs

# All configurations share the motifs of JASPAR; the file's name holds the options.
JASPAR = "results/jaspar/{release}_{collection}_{tax_group}.meme".format(**config["tomtom"]["jaspar"])


rule jaspar:
    output:
        JASPAR,
    log:
        f"logs/jaspar/{Path(JASPAR).stem}.log",
    benchmark:
        f"results/benchmarks/jaspar/{Path(JASPAR).stem}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 1
    params:
        jaspar=config["tomtom"]["jaspar"],
    script:
        "../scripts/jaspar.py"


rule motifs:
    input:
        data="<results>/data/{dataset}.npz",
        networks="<results>/models/{dataset}/networks.tsv",
        parameters="<results>/models/{dataset}/parameters.npz",
    output:
        meme="<results>/motifs/{dataset}/kernels.meme",
        trimmed="<results>/motifs/{dataset}/kernels.trimmed.meme",
        table="<results>/motifs/{dataset}/kernels.tsv",
        histograms="<results>/motifs/{dataset}/activations.tsv",
        strongest="<results>/motifs/{dataset}/strongest.fa",
        sites="<results>/motifs/{dataset}/sites.tsv",
        distinct="<results>/motifs/{dataset}/distinct.tsv",
        positions="<results>/motifs/{dataset}/positions.tsv",
        model="<results>/models/{dataset}/model.npz",
        quality="<results>/models/{dataset}/model.tsv",
    log:
        "<logs>/motifs/{dataset}.log",
    benchmark:
        "<benchmarks>/motifs/{dataset}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 15),
    params:
        motifs=read_by_motifs,
        about=about,
    script:
        "../scripts/motifs.py"


rule logos:
    input:
        motifs="<results>/motifs/{dataset}/kernels.meme",
        tomtom="<results>/tomtom/{dataset}.tsv",
    output:
        svg=report(
            "<results>/figures/logos/{dataset}.svg",
            caption="../report/logos.rst",
            category="{dataset}",
            labels={"figure": "kernels as motifs"},
        ),
        png="<results>/figures/logos/{dataset}.png",
    log:
        "<logs>/logos/{dataset}.log",
    benchmark:
        "<benchmarks>/logos/{dataset}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 1
    script:
        "../scripts/logos.py"


# Matches with known motifs, and match rates under the empirical null
rule tomtom:
    input:
        queries="<results>/motifs/{dataset}/kernels.trimmed.meme",
        untrimmed="<results>/motifs/{dataset}/kernels.meme",
        distinct="<results>/motifs/{dataset}/distinct.tsv",
        jaspar=JASPAR,
        implanted=implanted,
    output:
        matches="<results>/tomtom/{dataset}.tsv",
        chance="<results>/tomtom/{dataset}.chance.tsv",
        rates="<results>/tomtom/{dataset}.rates.tsv",
        motifs="<results>/motifs/{dataset}/motifs.tsv",
        meme="<results>/motifs/{dataset}/motifs.meme",
    log:
        "<logs>/tomtom/{dataset}.log",
    benchmark:
        "<benchmarks>/tomtom/{dataset}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        # 350 measured; 850 in a job of a cluster that compiles for a processor that no job has met yet
        mem_mb=growing(1000),
        runtime=growing(60),
    params:
        engine=config["tomtom"]["engine"],
        evalue=config["tomtom"]["evalue"],
        shuffles=config["tomtom"]["shuffles"],
        seed=config["data"]["seed"],
    script:
        "../scripts/tomtom.py"


# Instances of the distinct motifs in the positives, in the genome's coordinates where these are known
rule hits:
    input:
        data="<results>/data/{dataset}.npz",
        motifs="<results>/motifs/{dataset}/motifs.meme",
    output:
        "<results>/motifs/{dataset}/hits.bed",
    log:
        "<logs>/hits/{dataset}.log",
    benchmark:
        "<benchmarks>/hits/{dataset}.tsv"
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=growing(500, 15),
    script:
        "../scripts/hits.py"


# Simulated data sets: the implanted motifs found at the last two rungs
rule recovery:
    input:
        data="<results>/data/{dataset}.npz",
        networks="<results>/models/{dataset}/networks.tsv",
        parameters="<results>/models/{dataset}/parameters.npz",
        jaspar=JASPAR,
        implanted=implanted,
    output:
        table="<results>/recovery/{dataset}.tsv",
        counts="<results>/recovery/{dataset}.counts.tsv",
        meme="<results>/recovery/{dataset}.meme",
        final=report(
            "<results>/figures/recovery/{dataset}.svg",
            caption="../report/recovery.rst",
            category="{dataset}",
            labels={"figure": "implanted motifs recovered, last rung"},
        ),
        wider=report(
            "<results>/figures/recovery/{dataset}.wider.svg",
            caption="../report/recovery.rst",
            category="{dataset}",
            labels={"figure": "implanted motifs recovered, one rung before"},
        ),
    log:
        "<logs>/recovery/{dataset}.log",
    benchmark:
        "<benchmarks>/recovery/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(SIMULATED),
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000, 15),
        runtime=growing(20),
    params:
        motifs=read_by_motifs,
        rungs=ladder(config)[-2:],
        seed=lambda wildcards: seeds_of(wildcards)[0],
        engine=config["tomtom"]["engine"],
        evalue=config["tomtom"]["evalue"],
    script:
        "../scripts/recovery.py"
