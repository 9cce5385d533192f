"""Fetch one file of a public host or its mirror."""

from deepprune.job import job

with job(snakemake) as terminal:
    from deepprune.download import download
    from deepprune.encode import address

    file = snakemake.output[0]
    download(address(file, snakemake.config["sources"]), file, snakemake.input.get("checksums"), terminal)
