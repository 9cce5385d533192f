"""Measure the time that each network takes to train on a number of sequences, on one thread."""

from pathlib import Path

from deepprune.jobs.job import job
from deepprune.training.device import device

with job(snakemake), device(0, Path(snakemake.params.compiled)):
    # TensorFlow must be imported after its device was chosen.
    from deepprune.data.dataset import Dataset
    from deepprune.io.table import write_table
    from deepprune.models.networks import network_of
    from deepprune.training.timing import training_times
    from deepprune.training.trainer import Options, Trainer, prepare_devices

    params = snakemake.params
    prepare_devices(1)
    sequences = Dataset.load(Path(snakemake.input.data))
    length, tasks = sequences.codes.shape[1], len(sequences.tasks)
    networks = {name: network_of(name, settings, length, tasks) for name, settings in params.settings.items()}
    trainer = Trainer(sequences, Options(**params.train))
    write_table(training_times(networks, trainer, params.sequences, params.repeats), snakemake.output[0])
