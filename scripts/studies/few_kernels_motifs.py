"""Count the distinct motifs of the readable networks of a data set, and look for the target's motif."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.dataset import Dataset
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table, write_table
    from deepprune.models.store import load_parameters
    from deepprune.motifs.kernels import Reading
    from deepprune.motifs.networks import NetworkGroup
    from deepprune.motifs.tomtom import KnownMotifs
    from deepprune.studies.few_kernels.motifs import motif_counts, readable

    files, params = snakemake.input, snakemake.params
    known = KnownMotifs({"jaspar": read_motifs(files.jaspar)}, params.evalue, params.engine)
    networks, parameters = readable(read_table(files.networks)), load_parameters(files.parameters)
    group = NetworkGroup(Dataset.load(files.data), networks, parameters, Reading(**params.motifs))
    write_table(motif_counts(group, params.target, known), snakemake.output[0])
