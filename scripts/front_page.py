"""Write the front page of the report."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.report import write_front_page

    write_front_page(snakemake.input, snakemake.params.sheet, snakemake.params.config, snakemake.output[0])
