"""Draw AUROC against the number of kernels for one data set."""

from deepprune.job import job

with job(snakemake):
    from deepprune.io.table import read_table
    from deepprune.plot import auc_figure, save_figure

    save_figure(auc_figure(read_table(snakemake.input[0])), snakemake.output[0])
