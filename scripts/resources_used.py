"""Put the records of all jobs into one table, and draw time and memory by rule and by size of data sets."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.resources import resources_figure
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table, write_table
    from deepprune.jobs.resources import resources

    files, output = snakemake.input, snakemake.output
    table = resources(files.records, read_table(files.datasets))
    write_table(table, output.table)
    save_figure(resources_figure(table), output.figure)
