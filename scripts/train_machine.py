"""Train a gkm-SVM on a data set from every seed, and evaluate it on the test sequences."""

from pathlib import Path

from deepprune.data.dataset import TEST, Dataset
from deepprune.evaluation.tasks import task_means, task_table
from deepprune.io.table import write_table
from deepprune.jobs.job import job
from deepprune.models.gkm_svm import PACKAGE
from deepprune.models.store import save_nests
from deepprune.training.checkpoint import Checkpoint, digest
from deepprune.training.fits import replicates_table
from deepprune.training.machines import Training

with job(snakemake):
    params, output, data = snakemake.params, snakemake.output, Path(snakemake.input.data)
    names = {"dataset": snakemake.wildcards.dataset, "network": snakemake.wildcards.network}
    sequences = Dataset.load(data)
    sequences.check_classes(names["dataset"])
    training = Training(names["network"], params.settings, sequences)
    checkpoint = Checkpoint(Path(params.checkpoints), digest(data, params.settings, PACKAGE))
    fits = training.fits(params.seeds, snakemake.threads, checkpoint)
    codes, labels = sequences.part(TEST)
    tasks = task_table(sequences.tasks, labels, training.scores(fits, codes, snakemake.threads))
    write_table(tasks.assign(**names)[[*names, *tasks]], output.tasks)
    networks = replicates_table(fits, task_means(tasks))
    write_table(networks.assign(**names)[[*names, *networks]], output.networks)
    save_nests(output.weights, {f"seed{seed}": (fit.weights, fit.state) for seed, fit in fits.items()})
