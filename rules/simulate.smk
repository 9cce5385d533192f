# Simulated data sets: motif instances in random sequences


use rule prepare as simulate with:
    wildcard_constraints:
        dataset=one_of(SIMULATED),
    log:
        "logs/simulate/{dataset}.log",
    params:
        row=row,
        options=config["data"],
        simulation=config["simulate"],
        version=__version__,
