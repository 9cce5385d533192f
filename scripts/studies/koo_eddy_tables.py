"""Set the networks and filters of all data sets beside the paper's tables, and its claims beside what was found."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.koo_eddy.tables import write_study_tables

    files, params = snakemake.input, snakemake.params
    write_study_tables(files, params.datasets, params.published, snakemake.output)
