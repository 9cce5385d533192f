# Koo & Eddy (2019): which architectures make first-layer filters whole motifs


include: "../networks.smk"


STUDY["rules"] = []
STUDY["outputs"] = collect(rules.train_network.output, dataset=MULTITASK, network=NETWORKS)
