"""Unpack DeepSEA's bundle."""

from pathlib import Path

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.sources.deepsea import unpack_bundle

    unpack_bundle(snakemake.input[0], {Path(target).name: target for target in snakemake.output})
