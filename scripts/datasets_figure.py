"""Draw the sizes and the GC content of all data sets."""

from deepprune.job import job

with job(snakemake):
    from deepprune.io.table import read_table
    from deepprune.plot import datasets_figure, save_figure

    save_figure(datasets_figure(read_table(snakemake.input[0])), snakemake.output[0])
