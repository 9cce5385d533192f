"""Draw the figures of a data set: matches against pools, recovered factors, filters as logos."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.figures.style import save_figure
    from deepprune.io.motif import by_name, read_motifs
    from deepprune.io.table import read_table
    from deepprune.motifs.relevant import read_relevant, relevant_motifs
    from deepprune.studies.koo_eddy.figures import SHOWN, draw_logos, own_motifs
    from deepprune.studies.koo_eddy.overview import pools_figure, recovered_figure

    files, output, params = snakemake.input, snakemake.output, snakemake.params
    table, filters = (read_table(files[name]) for name in ("table", "filters"))
    table, filters = (rows[rows["dataset"] == snakemake.wildcards.dataset] for rows in (table, filters))
    tasks = list(dict.fromkeys(read_table(files.tasks)["task"]))
    known = read_motifs(files.jaspar)
    truth = own_motifs(known, relevant_motifs(tasks, known, read_relevant(files.relevant)))
    save_figure(pools_figure(table), output.pools)
    save_figure(recovered_figure(filters, tasks), output.recovered)
    motifs = {
        name: by_name(read_motifs(path, may_be_empty=True))
        for name, path in zip(params.networks, files.motifs, strict=True)
    }
    for name, shown in SHOWN.items():
        save_figure(draw_logos(shown, filters, motifs, truth), output[name])
