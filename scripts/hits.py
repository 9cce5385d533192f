"""Find the instances of a data set's motifs in its positives."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.dataset import Dataset
    from deepprune.io.motif import read_motifs
    from deepprune.motifs.instances import write_hits

    motifs = read_motifs(snakemake.input.motifs, may_be_empty=True)
    write_hits(Dataset.load(snakemake.input.data), motifs, snakemake.output[0])
