"""Write the page of the study."""

from deepprune.jobs.job import files_of, job

with job(snakemake):
    from deepprune.studies.danq.page import PageFiles, write_page

    write_page(files_of(PageFiles, snakemake.input), snakemake.params.settings, snakemake.output[0])
