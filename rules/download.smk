# Files of the public hosts, in resources/downloads/ under the source's own paths
# The address is no parameter, nor is the version: neither another mirror nor an upgrade is a reason to fetch again.


# On the submit host of a cluster: its nodes often have no way out.
localrules:
    download,
    download_checksums,
    download_csail,


rule download:
    input:
        # Its age says nothing: a file that fits it stays.
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
        "resources/downloads/csail/{folder}/{file}.data",
    log:
        "logs/download/csail/{folder}/{file}.log",
