"""Write the report's page of a data set."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.report.dataset_page import write_page

    write_page(snakemake.input, snakemake.params.row, snakemake.params.rungs, snakemake.output[0])
