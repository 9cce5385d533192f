"""Prepare one data set: read or simulate its sequences, make negatives, split."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.prepare import prepare_dataset
    from deepprune.data.readers import DataOptions

    row, params = dict(snakemake.params.row), snakemake.params
    if genome := snakemake.input.get("genome"):
        row["genome"] = genome[0]
    options = DataOptions(**params.options, simulation=params.get("simulation") or {})
    prepare_dataset(row, options, snakemake.output.data, snakemake.output.summary)
