"""Write the front page of the report."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.report.front_page import write_front_page

    params = snakemake.params
    write_front_page(snakemake.input, params.sheet, params.config, snakemake.output[0], params.replication)
