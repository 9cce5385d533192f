"""Set the networks and filters of all data sets beside the paper's tables, and its claims beside what was found."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.koo_eddy.tables import write_study_tables

    files, params = snakemake.input, snakemake.params
    columns = zip(params.datasets, files.filters, files.matches, files.localisation, strict=True)
    names = ("dataset", "filters", "matches", "localisation")
    parts = [dict(zip(names, paths, strict=True)) for paths in columns]
    write_study_tables(files, parts, params.published, snakemake.output)
