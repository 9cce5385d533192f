"""Draw AUROC against the number of kernels for all data sets."""

from deepprune.job import job

with job(snakemake):
    from deepprune.io.table import read_table
    from deepprune.plot import auc_overview, save_figure

    save_figure(auc_overview(read_table(snakemake.input[0])), snakemake.output[0])
