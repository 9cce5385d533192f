"""Set networks, learners and autoencoders of all data sets beside one another, and the claims beside what was found."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.danq.tables import write_study_tables

    files, params = snakemake.input, snakemake.params
    columns = zip(params.datasets, files.filters, files.matches, files.localisation, strict=True)
    names = ("dataset", "filters", "matches", "localisation")
    parts = [dict(zip(names, paths, strict=True)) for paths in columns]
    write_study_tables(files, parts, params.published, snakemake.output)
