# Koo & Eddy (2019): which architectures make first-layer filters whole motifs

from deepprune.studies.koo_eddy.readings import READINGS

NULL_DRAWS = 20  # shuffles of each of thousands of filters
RELEVANT = source("resources/koo_eddy/relevant.tsv")


include: "../networks.smk"


STUDY["rules"] = []
STUDY["outputs"] = [
    collect(
        [*rules.train_network.output, *rules.filters.output, *rules.filter_matches.output],
        dataset=MULTITASK,
        network=NETWORKS,
    )
]
