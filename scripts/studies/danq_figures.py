"""Draw the performance of a data set's networks against their time, and the reconstruction by its autoencoders."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table, read_tables
    from deepprune.studies.danq.figures import reconstruction_figure, time_figure

    files, output, dataset = snakemake.input, snakemake.output, snakemake.wildcards.dataset
    networks, autoencoders = (read_table(files[name]) for name in ("networks", "autoencoders"))
    networks, autoencoders = (table[table["dataset"] == dataset] for table in (networks, autoencoders))
    save_figure(time_figure(networks, set(autoencoders["network"])), output.time)
    epochs = read_tables(files.epochs)
    save_figure(reconstruction_figure(epochs, autoencoders["most_frequent"].mean()), output.reconstruction)
