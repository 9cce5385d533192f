"""Make the paper's Tables 2 and 3 of all data sets, and set its claims beside what was found."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.deepprune.tables import read_run, write_study_tables

    params = snakemake.params
    run = read_run(snakemake.input, params.simulated, params.criteria)
    write_study_tables(run, snakemake.input.claims, snakemake.output)
