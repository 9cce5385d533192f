"""See which implanted motifs the kernels of a simulated data set have found, and draw them beside these."""

from deepprune.job import job

with job(snakemake):
    from deepprune.dataset import Dataset
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table
    from deepprune.parameters import load_parameters
    from deepprune.recovery import write_recovery
    from deepprune.recovery_plot import draw_recovery

    files, params, output = snakemake.input, snakemake.params, snakemake.output
    databases = {"jaspar": read_motifs(files.jaspar), "implanted": read_motifs(files.implanted)}
    write_recovery(
        Dataset.load(files.data),
        read_table(files.networks),
        load_parameters(files.parameters),
        params.motifs,
        params.rungs,
        databases,
        params.evalue,
        params.engine,
        output.table,
        output.counts,
        output.meme,
    )
    figures = dict(zip(params.rungs, (output.wider, output.final), strict=True))
    draw_recovery(output.table, output.meme, databases["implanted"], params.seed, figures)
