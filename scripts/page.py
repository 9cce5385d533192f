"""Write the report: one HTML page that holds everything it shows."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.report import write_page

    write_page(snakemake.input, snakemake.params.sheet, snakemake.params.config, snakemake.output[0])
