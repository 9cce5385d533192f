"""Read the kernels of a data set's last rung as motifs, and see which sequences they respond to."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.dataset import Dataset
    from deepprune.io.table import read_table
    from deepprune.models.parameters import load_parameters
    from deepprune.motifs.hits import write_responses
    from deepprune.motifs.networks import final_networks, network_motifs, network_windows, write_motifs

    data = Dataset.load(snakemake.input.data)
    networks = final_networks(read_table(snakemake.input.networks))
    parameters = load_parameters(snakemake.input.parameters)
    study = data, networks, parameters, snakemake.params.motifs
    output = snakemake.output
    windows = network_windows(*study)
    kernels = network_motifs(*study, windows)
    write_motifs(kernels, data, output.meme, output.trimmed, output.table)
    write_responses(*study, output.histograms, output.strongest, output.hits, windows)
