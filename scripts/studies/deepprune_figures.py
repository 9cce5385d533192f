"""Draw the paper's figures from the tables of a run."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.table import read_table
    from deepprune.studies.deepprune.figures import draw_study

    draw_study(
        read_table(snakemake.input.auc),
        read_table(snakemake.input.comparison),
        snakemake.params.groups,
        snakemake.params.methods,
        snakemake.params.criteria,
        dict(snakemake.output.items()),
        snakemake.output.notes,
    )
