"""Set the networks of all variants and data sets beside the reference, as two tables and a figure."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.style import save_figure
    from deepprune.io.table import read_table
    from deepprune.studies.few_kernels.figure import few_kernels_figure
    from deepprune.studies.few_kernels.tables import VariantFiles, write_tables

    files, output = snakemake.input, snakemake.output
    variants = {name: VariantFiles(files[f"{name}_auc"], files[f"{name}_motifs"]) for name in snakemake.params.variants}
    write_tables(variants, output.sets, output.means)
    save_figure(few_kernels_figure(read_table(output.means)), output.figure)
