"""Read the kernels of a data set's last rung as motifs."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.dataset import Dataset
    from deepprune.interpret import final_motifs, write_motifs
    from deepprune.io.table import read_table
    from deepprune.parameters import load_parameters

    data = Dataset.load(snakemake.input.data)
    networks = read_table(snakemake.input.networks)
    parameters = load_parameters(snakemake.input.parameters)
    write_motifs(
        final_motifs(data, networks, parameters, snakemake.params.motifs), data, **dict(snakemake.output.items())
    )
