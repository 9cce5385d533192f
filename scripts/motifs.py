"""Read the kernels of a data set's chosen networks as motifs, find what they respond to, and write the model."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.dataset import Dataset
    from deepprune.io.files import sha256
    from deepprune.io.table import read_table, write_table
    from deepprune.models.model_file import save_model_file
    from deepprune.models.store import load_parameters
    from deepprune.motifs.distinct import distinct_motifs, distinct_table, positions_table
    from deepprune.motifs.kernels import Reading
    from deepprune.motifs.model import model_of, model_table, with_model_alone
    from deepprune.motifs.networks import NetworkGroup, network_motifs, write_motifs
    from deepprune.motifs.responses import write_responses

    files, output = snakemake.input, snakemake.output
    networks, parameters = read_table(files.networks), load_parameters(files.parameters)
    chosen = networks[networks["chosen"] == 1]
    group = NetworkGroup(Dataset.load(files.data), chosen, parameters, Reading(**snakemake.params.motifs))
    kernels = network_motifs(group)
    write_motifs(kernels, group.background, output.meme, output.trimmed, output.table)
    write_responses(group, output.histograms, output.strongest, output.sites)
    distinct, alone = distinct_motifs(group, kernels), with_model_alone(group)
    write_table(distinct_table(group, distinct), output.distinct)
    write_table(positions_table(group, distinct), output.positions)
    write_table(model_table(alone, kernels), output.quality)
    save_model_file(output.model, model_of(alone, kernels, snakemake.params.about | {"data": sha256(files.data)}))
