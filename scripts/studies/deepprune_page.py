"""Write the page of the replication."""

from deepprune.jobs.job import files_of, job

with job(snakemake):
    from deepprune.studies.deepprune.page import ReplicationFiles, write_replication

    files, params = files_of(ReplicationFiles, snakemake.input), snakemake.params
    write_replication(files, params.sheet, params.criteria, snakemake.output[0])
