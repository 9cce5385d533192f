# Motif occupancy: the instances of a factor's motif in a genome, labelled by peaks and matched


# Data sets of one factor and one genome share its instances.
rule scan_genome:
    input:
        genome=lambda wildcards: [f"results/genomes/{SCANS[wildcards.scan][0]}.fa{end}" for end in ("", ".fai")],
        known=JASPAR,
        exceptions=located["occupancy"]["motifs"] or [],
    output:
        "<results>/instances/{scan}.bed",
    log:
        "<logs>/scan_genome/{scan}.log",
    benchmark:
        "<benchmarks>/scan_genome/{scan}.tsv"
    wildcard_constraints:
        scan=one_of(SCANS),
    conda:
        "../envs/motifs.yaml"
    threads: 1
    resources:
        # Measured: 120 MB for genomes of any size, 8 s for 300 Mb
        mem_mb=growing(500),
        runtime=growing(60),
    params:
        factor=lambda wildcards: SCANS[wildcards.scan][1],
        p_value=config["occupancy"]["p_value"],
    script:
        "../scripts/scan_genome.py"


use rule dataset as match_instances with:
    input:
        unpack(sequences),
        instances=instances,
    output:
        data="<results>/data/{dataset}.npz",
        summary="<results>/data/{dataset}.summary.tsv",
        windows="<results>/data/{dataset}.windows.bed",
        skipped="<results>/data/{dataset}.skipped.tsv",
        profile="<results>/data/{dataset}.profile.tsv",
        matching="<results>/data/{dataset}.matching.tsv",
    log:
        "<logs>/match_instances/{dataset}.log",
    benchmark:
        "<benchmarks>/match_instances/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(OCCUPIED),
    resources:
        # Measured: 1,250 MB and 43 s for 3.9 million instances, 290 MB
        mem_mb=growing(500, 5, of="instances"),
        runtime=growing(30),
    params:
        row=origin,
        options=DATA_OPTIONS,
        occupancy={name: config["occupancy"][name] for name in ("gc", "strength", "position")},


rule matching_figure:
    input:
        "<results>/data/{dataset}.matching.tsv",
    output:
        report(
            "<results>/figures/matching/{dataset}.svg",
            caption="../report/matching.rst",
            category="{dataset}",
            labels={"figure": "GC content and motif strength before and after matching"},
        ),
    log:
        "<logs>/matching_figure/{dataset}.log",
    benchmark:
        "<benchmarks>/matching_figure/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(OCCUPIED),
    conda:
        "../envs/summary.yaml"
    threads: 1
    script:
        "../scripts/matching_figure.py"
