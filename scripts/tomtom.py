"""Compare the kernels of a data set with known motifs, and count the matches that chance makes."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import write_table
    from deepprune.motifs.null import chance
    from deepprune.motifs.tomtom import tomtom_databases

    params, output, dataset = snakemake.params, snakemake.output, snakemake.wildcards.dataset
    databases = {"jaspar": read_motifs(snakemake.input.jaspar)}
    if snakemake.input.get("implanted"):
        databases["implanted"] = read_motifs(snakemake.input.implanted)
    trimmed, untrimmed = (read_motifs(snakemake.input[name], may_be_empty=True) for name in ("queries", "untrimmed"))
    found = tomtom_databases(trimmed, databases, params.evalue, params.engine)
    targets = [motif for motifs in databases.values() for motif in motifs]
    forms = {"untrimmed": untrimmed, "trimmed": trimmed}
    by_motif, rates = chance(forms, targets, params.evalue, params.shuffles, params.seed)
    for table, path in ((found, output.matches), (by_motif, output.chance), (rates, output.rates)):
        table.insert(0, "dataset", dataset)
        write_table(table, path)
