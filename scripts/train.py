"""Train and prune the networks of one data set."""

import os
from pathlib import Path

from deepprune.job import job

with job(snakemake.log[0]):
    # Before TensorFlow is imported: less chatter in the log, and no GPU unless the job was given one.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if not snakemake.resources.gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from deepprune.checkpoint import digest, train_missing
    from deepprune.dataset import Dataset
    from deepprune.prune import Criterion, train_ladder, write_networks
    from deepprune.train import Options, set_threads

    set_threads(snakemake.threads)
    params, dataset, data = snakemake.params, snakemake.wildcards.dataset, Path(snakemake.input.data)
    options = Options(**params.model, **params.train)
    settings = params.ladder, params.kernel_length, options, Criterion(params.criterion, params.learning_rate_decay)
    networks = train_missing(
        Path(params.checkpoints),
        digest(data, settings),
        params.seeds,
        lambda seeds: train_ladder(dataset, Dataset.load(data), seeds, *settings, snakemake.threads),
    )
    write_networks(dataset, networks, options, **{name: Path(path) for name, path in snakemake.output.items()})
