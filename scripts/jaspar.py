"""Write the motifs of JASPAR that kernels are compared with."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.jaspar import read_jaspar
    from deepprune.io.motif import write_meme

    write_meme(snakemake.output[0], read_jaspar(**snakemake.params.jaspar))
