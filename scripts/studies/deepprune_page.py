"""Write the page of the replication."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.studies.deepprune.page import write_replication

    write_replication(snakemake.input, snakemake.params.sheet, snakemake.params.criteria, snakemake.output[0])
