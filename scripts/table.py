"""Put the tables of all data sets into one."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.files import concatenate

    concatenate(snakemake.input, snakemake.output[0])
