"""Set the networks of a data set beside one another, over all its tasks and by group of tasks."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.data.task_groups import read_patterns, task_groups
    from deepprune.evaluation.distribution import distribution, joined, over_seeds
    from deepprune.figures.style import save_figure
    from deepprune.figures.tasks import distribution_figure, prevalence_figure
    from deepprune.io.table import named, read_table, write_table

    files, output = snakemake.input, snakemake.output
    table = joined([read_table(path) for path in files.tasks])
    groups = task_groups(table["task"].unique(), read_patterns(files.groups) if files.groups else [])
    write_table(named(distribution(table, groups), dataset=snakemake.wildcards.dataset), output.table)
    means = over_seeds(table, groups)
    save_figure(distribution_figure(means), output.distribution)
    save_figure(prevalence_figure(means), output.prevalence)
