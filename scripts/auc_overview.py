"""Draw AUROC against the number of kernels for all data sets."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.overview import auc_overview
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table

    save_figure(auc_overview(read_table(snakemake.input[0])), snakemake.output[0])
