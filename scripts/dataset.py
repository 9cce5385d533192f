"""Prepare one data set: read or simulate its sequences, make negatives, split."""

from deepprune.jobs.job import files_of, job

with job(snakemake):
    from deepprune.data.prepare import DatasetFiles, prepare_dataset
    from deepprune.data.readers import DataOptions

    row, params, files = dict(snakemake.params.row), snakemake.params, snakemake.input
    if genome := files.get("genome"):
        row["genome"] = genome[0]
    blacklist = files.get("blacklist") or ""
    options = DataOptions(
        **params.options,
        blacklist=blacklist,
        simulation=params.get("simulation") or {},
        bins=params.get("bins") or {},
        occupancy=params.get("occupancy") or {},
        instances=files.get("instances") or "",
        classes=files.get("classes") or "",
    )
    prepare_dataset(row, options, files_of(DatasetFiles, snakemake.output))
