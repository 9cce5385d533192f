"""Write the page of the replication."""

from deepprune.job import job

with job(snakemake):
    from deepprune.replication_page import write_replication

    write_replication(snakemake.input, snakemake.params.sheet, snakemake.params.criteria, snakemake.output[0])
