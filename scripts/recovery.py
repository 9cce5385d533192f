"""Find the implanted motifs that the kernels of a simulated data set recovered, and draw both."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.dataset import Dataset
    from deepprune.figures.recovery import draw_recovery
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table
    from deepprune.models.store import load_parameters
    from deepprune.motifs.kernels import Reading
    from deepprune.motifs.networks import NetworkGroup
    from deepprune.motifs.recovery import compared_networks, write_recovery
    from deepprune.motifs.tomtom import KnownMotifs

    files, params, output = snakemake.input, snakemake.params, snakemake.output
    networks, parameters = read_table(files.networks), load_parameters(files.parameters)
    data, compared = Dataset.load(files.data), compared_networks(networks, params.rungs)
    group = NetworkGroup(data, compared, parameters, Reading(**params.motifs))
    databases = {"jaspar": read_motifs(files.jaspar), "implanted": read_motifs(files.implanted)}
    write_recovery(
        group, KnownMotifs(databases, params.evalue, params.engine), output.table, output.counts, output.meme
    )
    figures = dict(zip(params.rungs, (output.wider, output.final), strict=True))
    draw_recovery(output.table, output.meme, databases["implanted"], params.seed, figures)
