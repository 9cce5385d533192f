"""Write the motifs of JASPAR that kernels are compared with."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.motif import read_jaspar, write_meme

    write_meme(snakemake.output[0], read_jaspar(**snakemake.params.jaspar))
