"""Train an autoencoder on the sequences of a data set from every seed, and tell how well it returns them."""

from pathlib import Path

from deepprune.jobs.job import job
from deepprune.training.device import device, tell_missing_gpu

with job(snakemake) as terminal, device(snakemake.resources.gpu, Path(snakemake.params.compiled)):
    # TensorFlow must be imported after its device was chosen.
    from deepprune.data.dataset import Dataset
    from deepprune.io.files import sha256
    from deepprune.io.table import named, write_table
    from deepprune.models.store import save_nests
    from deepprune.training.autoencoders import Training
    from deepprune.training.checkpoint import Checkpoint, digest
    from deepprune.training.reconstruction import epochs_table, reconstruction_table
    from deepprune.training.trainer import prepare_devices

    params, output, data = snakemake.params, snakemake.output, Path(snakemake.input.data)
    names = {"dataset": snakemake.wildcards.dataset, "network": snakemake.wildcards.network}
    tell_missing_gpu(prepare_devices(snakemake.threads, compiled=False), snakemake.resources.gpu, terminal)
    sequences = Dataset.load(data)
    sequences.check_classes(names["dataset"], each=False)
    training = Training(names["network"], params.settings, sequences, params.batch_size)
    checkpoint = Checkpoint(Path(params.checkpoints), digest(sha256(data), params.settings, params.batch_size))
    fits = training.fits(params.seeds, checkpoint)
    tables = {"epochs": epochs_table(fits), "reconstruction": reconstruction_table(fits, sequences)}
    for name, table in tables.items():
        write_table(named(table, **names), output[name])
    save_nests(output.weights, {f"seed{seed}": (fit.weights, fit.state.averages) for seed, fit in fits.items()})
