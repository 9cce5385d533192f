"""Read the kernels of a data set's chosen networks as motifs, and find the sequences they respond to."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.dataset import Dataset
    from deepprune.io.table import read_table
    from deepprune.models.store import load_parameters
    from deepprune.motifs.hits import write_responses
    from deepprune.motifs.kernels import Reading
    from deepprune.motifs.networks import NetworkGroup, write_motifs

    files, output = snakemake.input, snakemake.output
    networks, parameters = read_table(files.networks), load_parameters(files.parameters)
    chosen = networks[networks["chosen"] == 1]
    group = NetworkGroup(Dataset.load(files.data), chosen, parameters, Reading(**snakemake.params.motifs))
    write_motifs(group, output.meme, output.trimmed, output.table)
    write_responses(group, output.histograms, output.strongest, output.hits)
