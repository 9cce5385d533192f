"""Compare the kernels of a data set with known motifs, and compute match rates under the empirical null."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.motif import read_motifs, write_meme
    from deepprune.io.table import read_table, write_table
    from deepprune.motifs.distinct import with_matches
    from deepprune.motifs.null import compare_with_null
    from deepprune.motifs.tomtom import KnownMotifs, tomtom_databases

    files, params, output = snakemake.input, snakemake.params, snakemake.output
    databases = {"jaspar": read_motifs(files.jaspar)}
    if files.get("implanted"):
        databases["implanted"] = read_motifs(files.implanted)
    known = KnownMotifs(databases, params.evalue, params.engine)
    trimmed, untrimmed = (read_motifs(files[name], may_be_empty=True) for name in ("queries", "untrimmed"))
    matches, forms = tomtom_databases(trimmed, known), {"untrimmed": untrimmed, "trimmed": trimmed}
    by_motif, rates = compare_with_null(forms, known.motifs, params.evalue, params.shuffles, params.seed)
    motifs, named = with_matches(read_table(files.distinct), trimmed, matches, by_motif)
    write_table(motifs, output.motifs)
    write_meme(output.meme, named)
    for table, path in ((matches, output.matches), (by_motif, output.chance), (rates, output.rates)):
        table.insert(0, "dataset", snakemake.wildcards.dataset)
        write_table(table, path)
