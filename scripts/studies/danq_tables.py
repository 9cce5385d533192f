"""Set networks, learners and autoencoders of all data sets beside one another, and the claims beside what was found."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.danq.tables import write_study_tables

    files, params = snakemake.input, snakemake.params
    write_study_tables(files, params.datasets, params.published, snakemake.output)
