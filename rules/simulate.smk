# Simulated data sets: motif instances in random sequences, for one task or several


use rule dataset as simulate with:
    log:
        "<logs>/simulate/{dataset}.log",
    benchmark:
        "<benchmarks>/simulate/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(SIMULATED),
    params:
        row=origin,
        options=DATA_OPTIONS,
        simulation=config["simulate"],


use rule dataset as implant with:
    output:
        data="<results>/data/{dataset}.npz",
        summary="<results>/data/{dataset}.summary.tsv",
        windows="<results>/data/{dataset}.windows.bed",
        skipped="<results>/data/{dataset}.skipped.tsv",
        profile="<results>/data/{dataset}.profile.tsv",
        implanted="<results>/data/{dataset}.implanted.tsv",
    log:
        "<logs>/implant/{dataset}.log",
    benchmark:
        "<benchmarks>/implant/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(IMPLANTED),
    params:
        row=origin,
        options=DATA_OPTIONS,
        simulation=config["multitask"],
