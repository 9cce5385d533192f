"""Read the kernels of a data set's last rung as motifs, and see which sequences they respond to."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.dataset import Dataset
    from deepprune.interpret import final_networks, network_motifs, write_motifs
    from deepprune.io.table import read_table
    from deepprune.parameters import load_parameters
    from deepprune.responses import write_responses

    data = Dataset.load(snakemake.input.data)
    networks = final_networks(read_table(snakemake.input.networks))
    parameters = load_parameters(snakemake.input.parameters)
    options, output = snakemake.params.motifs, snakemake.output
    kernels = network_motifs(data, networks, parameters, options)
    write_motifs(kernels, data, output.meme, output.trimmed, output.table)
    write_responses(data, networks, parameters, options, output.histograms, output.strongest, output.hits)
