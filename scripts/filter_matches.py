"""Compare the motifs of a network's filters with known motifs, and with what chance gives."""

from deepprune.jobs.job import job

with job(snakemake):
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import read_table, write_table
    from deepprune.motifs.filter_matches import Comparison, match_filters
    from deepprune.motifs.relevant import read_relevant, relevant_motifs

    files, params = snakemake.input, snakemake.params
    known = read_motifs(files.jaspar)
    tasks = list(dict.fromkeys(read_table(files.tasks)["task"]))
    relevant = relevant_motifs(tasks, known, read_relevant(files.relevant) if files.relevant else None)
    motifs = read_motifs(files.meme, may_be_empty=True)
    comparison = Comparison(known, relevant, params.evalue, params.draws, params.seed)
    write_table(match_filters(motifs, comparison), snakemake.output[0])
