"""Draw the figures of the study that the run has data for."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table
    from deepprune.studies.zeng.overview import study_figure

    tables = {name: read_table(snakemake.input[name]) for name in ("values", "clusters", "times")}
    for name, path in snakemake.output.items():
        save_figure(study_figure(name, tables), path)
