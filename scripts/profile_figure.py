"""Draw GC content and dinucleotides of a data set's classes."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.profile import profile_figure
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table

    save_figure(profile_figure(read_table(snakemake.input[0])), snakemake.output[0])
