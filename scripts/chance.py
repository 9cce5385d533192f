"""Count the matches with known motifs that chance makes."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.chance import chance
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import write_table

    params, files = snakemake.params, snakemake.input
    forms = {form: read_motifs(files[form], may_be_empty=True) for form in ("untrimmed", "trimmed")}
    targets = read_motifs(files.jaspar)
    if files.get("implanted"):
        targets += read_motifs(files.implanted)
    for table, path in zip(
        chance(forms, targets, params.evalue, params.shuffles, params.seed), snakemake.output, strict=True
    ):
        table.insert(0, "dataset", snakemake.wildcards.dataset)
        write_table(table, path)
