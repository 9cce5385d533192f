"""Compare the kernels of a data set with known motifs."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import write_table
    from deepprune.tomtom import tomtom_databases

    databases = {"jaspar": read_motifs(snakemake.input.jaspar)}
    if snakemake.input.get("implanted"):
        databases["implanted"] = read_motifs(snakemake.input.implanted)
    queries = read_motifs(snakemake.input.queries, may_be_empty=True)
    found = tomtom_databases(queries, databases, snakemake.params.evalue, snakemake.params.engine)
    found.insert(0, "dataset", snakemake.wildcards.dataset)
    write_table(found, snakemake.output[0])
