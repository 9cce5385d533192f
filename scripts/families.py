"""Write the families of the factors that data sets are about."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.table import write_table
    from deepprune.motifs.factor import read_exceptions
    from deepprune.motifs.families import families_of

    params = snakemake.params
    exceptions = read_exceptions(snakemake.input.exceptions) if snakemake.input.get("exceptions") else {}
    write_table(families_of(params.targets, params.jaspar, exceptions), snakemake.output[0])
