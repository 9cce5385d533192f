"""Put the records of all jobs into one table, and draw time and memory by rule and by the size of data sets."""

import os.path

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.resources import resources_figure
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table, write_table
    from deepprune.jobs.resources import resources

    files, output = snakemake.input, snakemake.output
    # The record of a rule of one job lies in the folder itself.
    table = resources(files.records, os.path.commonpath(files.records), read_table(files.datasets))
    write_table(table, output.table)
    save_figure(resources_figure(table), output.figure)
