"""Train a forest or a linear model on features of a data set's sequences from every seed, and evaluate it."""

from pathlib import Path

from deepprune.jobs.job import job
from deepprune.training.device import device

with job(snakemake), device(0, Path(snakemake.params.compiled)):
    # TensorFlow must be imported after its device was chosen.
    from deepprune.data.dataset import Dataset
    from deepprune.io.table import named, write_table
    from deepprune.models.features import Source
    from deepprune.models.store import save_nests
    from deepprune.training.learners import Training, evaluate_learners, learners_table, steps_table
    from deepprune.training.trainer import prepare_devices

    params, output, files = snakemake.params, snakemake.output, snakemake.input
    names = {"dataset": snakemake.wildcards.dataset, "network": snakemake.wildcards.network}
    sequences, threads, own = Dataset.load(files.data), snakemake.threads, params.settings
    sequences.check_classes(names["dataset"], each=False)
    prepare_devices(threads, compiled=False)
    source = Source(own.source, params.source, Path(files.source)) if own.source else None
    outcomes, evaluation = evaluate_learners(Training(names["network"], own, sequences, source), params.seeds, threads)
    networks, steps = learners_table(outcomes, evaluation), steps_table(outcomes, own.source)
    for name, table in {"networks": networks, "tasks": evaluation.tasks, "steps": steps}.items():
        write_table(named(table, **names), output[name])
    save_nests(output.weights, {f"seed{seed}": outcome.fit.weights for seed, outcome in outcomes.items()})
