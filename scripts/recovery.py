"""See which implanted motifs the kernels of a simulated data set have found."""

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.dataset import Dataset
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table
    from deepprune.parameters import load_parameters
    from deepprune.recovery import write_recovery

    files, params = snakemake.input, snakemake.params
    write_recovery(
        Dataset.load(files.data),
        read_table(files.networks),
        load_parameters(files.parameters),
        params.motifs,
        params.rungs,
        {"jaspar": read_motifs(files.jaspar), "implanted": read_motifs(files.implanted)},
        params.evalue,
        params.engine,
        **dict(snakemake.output.items()),
    )
