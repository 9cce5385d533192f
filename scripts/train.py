"""Train and prune the networks of one data set."""

from pathlib import Path

from deepprune.device import NO_GPU, device
from deepprune.job import job

with job(snakemake.log[0]) as terminal, device(snakemake.resources.gpu, Path(snakemake.params.compiled)):
    # TensorFlow is imported here, after its device was chosen.
    from deepprune.checkpoint import digest, train_missing
    from deepprune.comparison import comparison
    from deepprune.dataset import TEST, Dataset
    from deepprune.io.table import write_table
    from deepprune.networks import write_networks
    from deepprune.prune import Plan, train_networks
    from deepprune.train import Options, prepare_devices

    if not prepare_devices(snakemake.threads) and snakemake.resources.gpu:
        print(NO_GPU)
        print(NO_GPU, file=terminal)
    params, dataset, data = snakemake.params, snakemake.wildcards.dataset, Path(snakemake.input.data)
    options = Options(**params.model, **params.train)
    plan = Plan(**params.plan)
    sequences = Dataset.load(data)
    networks = train_missing(
        Path(params.checkpoints),
        digest(data, plan, options),
        params.seeds,
        lambda seeds: train_networks(dataset, sequences, seeds, plan, options, snakemake.threads),
    )
    outputs = {name: Path(path) for name, path in snakemake.output.items()}
    _, labels = sequences.part(TEST)
    write_table(comparison(dataset, labels, networks), outputs.pop("comparison"))
    write_networks(dataset, networks, plan.ladder[-1], options, **outputs)
