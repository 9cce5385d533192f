"""See which implanted motifs the kernels of a simulated data set have found, and draw them beside these."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.dataset import Dataset
    from deepprune.figures.recovery import draw_recovery
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table
    from deepprune.models.parameters import load_parameters
    from deepprune.motifs.recovery import write_recovery

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
