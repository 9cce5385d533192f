"""Train and prune the networks of one data set."""

from pathlib import Path

from deepprune.job import job

with job(snakemake.log[0]):
    from deepprune.dataset import Dataset
    from deepprune.prune import Criterion, train_ladder, write_networks
    from deepprune.train import Options, single_threaded_tensorflow

    single_threaded_tensorflow()
    options = Options(**snakemake.params.model, **snakemake.params.train)
    networks = train_ladder(
        snakemake.wildcards.dataset,
        Dataset.load(Path(snakemake.input.data)),
        snakemake.params.seeds,
        snakemake.params.ladder,
        snakemake.params.kernel_length,
        options,
        Criterion(snakemake.params.criterion, snakemake.params.learning_rate_decay),
        snakemake.threads,
    )
    outputs = {name: Path(path) for name, path in snakemake.output.items()}
    write_networks(snakemake.wildcards.dataset, networks, options, **outputs)
