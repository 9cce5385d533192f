"""Fetch one file of a public host or its mirror."""

from deepprune.jobs.job import job

with job(snakemake) as terminal:
    from deepprune.sources.download import download
    from deepprune.sources.encode_tfbs import address

    file = snakemake.output[0]
    download(address(file, snakemake.config["sources"]), file, snakemake.input.get("checksums"), terminal)
