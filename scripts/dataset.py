"""Prepare one data set: read or simulate its sequences, make negatives, split."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.prepare import prepare_dataset

    genome = snakemake.input.get("genome")
    prepare_dataset(
        snakemake.params.row,
        {"data": snakemake.params.options, "simulate": snakemake.params.get("simulation")},
        snakemake.output.data,
        snakemake.output.summary,
        genome[0] if genome else None,
    )
