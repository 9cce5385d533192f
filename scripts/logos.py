"""Draw the kernels of a data set as sequence logos."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.logo import motif_logos, reverse_matches
    from deepprune.figures.style import save_figure
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table

    motifs = read_motifs(snakemake.input.motifs, may_be_empty=True)
    figure = motif_logos(motifs, reverse_matches(read_table(snakemake.input.tomtom)))
    for path in snakemake.output:
        save_figure(figure, path)
