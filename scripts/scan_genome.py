"""Find the instances of a factor's motif in a genome."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.motif import read_motifs
    from deepprune.motifs.factor import motif_of_factor, read_exceptions, scan_genome

    files, params = snakemake.input, snakemake.params
    exceptions = read_exceptions(files.exceptions) if files.get("exceptions") else {}
    motif = motif_of_factor(params.factor, read_motifs(files.known), exceptions)
    scan_genome(files.genome[0], motif, params.p_value, snakemake.output[0])
