# Zeng et al. (2016): ten architectures, two tasks, and gkm-SVMs

if not SINGLE:
    refuse("study zeng trains networks of one task, but all data sets have several; add one of one task (docs/studies.md)")


include: "../networks.smk"


rule networks:
    input:
        collect("<results>/networks/{dataset}/{network}.tsv", dataset=SINGLE, network=NETWORKS),
