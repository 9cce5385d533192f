"""Set the networks of all data sets beside one another and beside the paper, and judge its claims."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.zeng.tables import write_study_tables

    write_study_tables(snakemake.input, snakemake.params.about, snakemake.output)
