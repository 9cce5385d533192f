"""Draw the kernels of a data set as sequence logos."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.io.motif import read_motifs
    from deepprune.plot import motif_logos, save_figure

    save_figure(motif_logos(read_motifs(snakemake.input[0], may_be_empty=True)), snakemake.output[0])
