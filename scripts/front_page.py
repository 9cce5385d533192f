"""Write the front page of the report."""

from deepprune.jobs.job import files_of, job

with job(snakemake):
    from deepprune.report.front_page import FrontPageFiles, Link, Run, write_front_page

    files, params = files_of(FrontPageFiles, snakemake.input), snakemake.params
    study_page = params.get("study_page")
    link = Link(*study_page) if study_page else None
    write_front_page(files, Run(params.sheet, params.config, params.networks), snakemake.output[0], link)
