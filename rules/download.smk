# Files of the public hosts, in resources/downloads/ under the source's own paths
# Address and version are not parameters: neither another mirror nor an upgrade is a reason to fetch files again.


# On the submit host of a cluster, since its nodes often have no access to the internet
localrules:
    download,
    download_checksums,
    download_csail,
    download_bundle,


# The bundle of DeepSEA has no list of checksums that must exist.
ruleorder: download_bundle > download


rule download:
    input:
        # The time of the list does not matter: a file with the listed md5 sum stays.
        checksums=ancient("resources/downloads/{folder}/md5sum.txt"),
    output:
        "resources/downloads/{folder}/{file}.gz",
    log:
        "logs/download/{folder}/{file}.log",
    wildcard_constraints:
        file="[^/]+",
    retries: 3
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        runtime=growing(240),
        downloads=1,
    script:
        "../scripts/download.py"


use rule download as download_checksums with:
    input:
        [],
    output:
        "resources/downloads/{folder}/md5sum.txt",
    log:
        "logs/download/{folder}/md5sum.log",


use rule download as download_csail with:
    input:
        [],
    output:
        "resources/downloads/{csail}/{folder}/{file}.data",
    log:
        "logs/download/{csail}/{folder}/{file}.log",
    wildcard_constraints:
        csail="csail|csail_occupancy",
        file="[^/]+",


rule download_bundle:
    output:
        "resources/downloads/deepsea/deepsea_train_bundle.v0.9.tar.gz",
    log:
        "logs/download/deepsea/bundle.log",
    retries: 3
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        runtime=growing(1440),
        downloads=1,
    script:
        "../scripts/download_bundle.py"


rule download_parts:
    input:
        ancient("resources/downloads/deepsea/deepsea_train_bundle.v0.9.tar.gz"),
    output:
        train="resources/downloads/deepsea/train.mat",
        valid="resources/downloads/deepsea/valid.mat",
        test="resources/downloads/deepsea/test.mat",
    log:
        "logs/download/deepsea/parts.log",
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        runtime=growing(120),
    script:
        "../scripts/download_parts.py"
