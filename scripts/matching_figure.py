"""Draw GC content and motif strength of bound and unbound instances, before and after matching."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.matching import matching_figure
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table

    save_figure(matching_figure(read_table(snakemake.input[0])), snakemake.output[0])
