"""Draw what the kernels of a simulated data set have found beside the motifs that were implanted."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table
    from deepprune.plot import save_figure
    from deepprune.recovery_plot import best_of, recovery_figure

    files, params = snakemake.input, snakemake.params
    table = read_table(files.table)
    kernels = {motif.name: motif for motif in read_motifs(files.meme, may_be_empty=True)}
    implanted = {motif.name: motif for motif in read_motifs(files.implanted)}
    for rung, path in zip(params.rungs, (snakemake.output.wider, snakemake.output.final), strict=True):
        save_figure(recovery_figure(best_of(table, rung, params.seed), kernels, implanted), path)
