# Simulated data sets: motif instances in random sequences


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
