"""Fetch DeepSEA's bundle of its host or a mirror."""

from deepprune.jobs.job import job

with job(snakemake) as terminal:
    from deepprune.sources.deepsea import fetch_bundle

    fetch_bundle(snakemake.output[0], snakemake.config["sources"], terminal)
