"""Write the report's page of a data set."""

from deepprune.jobs.job import files_of, job

with job(snakemake):
    from deepprune.report.dataset_page import PageFiles, write_page

    files, params = files_of(PageFiles, snakemake.input), snakemake.params
    write_page(files, params.row, params.rungs, snakemake.output[0])
