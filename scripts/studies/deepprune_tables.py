"""Make the paper's Tables 2 and 3 of all data sets, and set its claims beside what was found."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.deepprune.tables import read_study, write_study_tables

    params = snakemake.params
    study = read_study(snakemake.input, params.simulated, params.criteria)
    write_study_tables(study, snakemake.input.claims, snakemake.output)
