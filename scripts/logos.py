"""Draw the kernels of a data set as sequence logos."""

from deepprune.job import job

with job(snakemake):
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table
    from deepprune.logo import motif_logos, reverse_matches
    from deepprune.plot import save_figure

    motifs = read_motifs(snakemake.input.motifs, may_be_empty=True)
    figure = motif_logos(motifs, reverse_matches(read_table(snakemake.input.tomtom)))
    for path in snakemake.output:
        save_figure(figure, path)
