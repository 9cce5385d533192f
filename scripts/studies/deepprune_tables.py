"""Make the paper's Tables 2 and 3 of all data sets, and set its claims beside what was found."""

from deepprune.jobs.job import job

with job(snakemake):
    import pandas as pd

    from deepprune.io.table import read_table
    from deepprune.studies.claims.tables import Study
    from deepprune.studies.deepprune.tables import write_study_tables

    files, params = snakemake.input, snakemake.params
    study = Study(
        read_table(files.auc),
        read_table(files.comparison),
        read_table(files.recovered) if files.recovered else None,
        pd.concat(map(read_table, files.weights), ignore_index=True),
        params.simulated,
        params.criteria,
    )
    write_study_tables(study, read_table(files.claims), **dict(snakemake.output.items()))
