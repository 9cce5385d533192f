"""Draw the sizes and the GC content of all data sets."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.datasets import datasets_figure
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table

    save_figure(datasets_figure(read_table(snakemake.input[0])), snakemake.output[0])
