"""Make a genome ready for cutting windows."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.genome import prepare_genome

    prepare_genome(snakemake.input[0], snakemake.output.fasta)
