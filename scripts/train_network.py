"""Train one network of several layers on a data set from every seed, and evaluate it on the test sequences."""

from pathlib import Path

from deepprune.jobs.job import job
from deepprune.training.device import NO_GPU, device

with job(snakemake) as terminal, device(snakemake.resources.gpu, Path(snakemake.params.compiled)):
    # TensorFlow must be imported after its device was chosen.
    from deepprune.data.dataset import TEST, Dataset
    from deepprune.evaluation.tasks import task_means, task_table
    from deepprune.io.table import write_table
    from deepprune.models.networks import network_of
    from deepprune.models.store import save_nests
    from deepprune.training.checkpoint import Checkpoint, digest
    from deepprune.training.replicates import replicates_table, train_replicates
    from deepprune.training.sequences import Part
    from deepprune.training.trainer import Options, Trainer, prepare_devices

    params, output, data = snakemake.params, snakemake.output, Path(snakemake.input.data)
    names = {"dataset": snakemake.wildcards.dataset, "network": snakemake.wildcards.network}
    sequences, options = Dataset.load(data), Options(**params.train)
    sequences.check_classes(names["dataset"])
    network = network_of(names["network"], params.settings, sequences.codes.shape[1], len(sequences.tasks))
    if not prepare_devices(snakemake.threads, network.compiled) and snakemake.resources.gpu:
        print(NO_GPU)
        print(NO_GPU, file=terminal)
    trainer, test = Trainer(sequences, options), Part(sequences, TEST)
    checkpoint = Checkpoint(Path(params.checkpoints), digest(data, params.settings, options))
    fits = train_replicates(network, trainer, params.seeds, snakemake.threads, checkpoint)
    logits = {seed: trainer.predict(network, fit.weights, test, fit.state) for seed, fit in fits.items()}
    tasks = task_table(sequences.tasks, test.labels, logits)
    write_table(tasks.assign(**names)[[*names, *tasks]], output.tasks)
    networks = replicates_table(fits, task_means(tasks))
    write_table(networks.assign(**names)[[*names, *networks]], output.networks)
    save_nests(output.weights, {f"seed{seed}": (fit.weights, fit.state) for seed, fit in fits.items()})
