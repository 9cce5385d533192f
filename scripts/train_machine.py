"""Train a gkm-SVM on a data set from every seed, and evaluate it on the test sequences."""

from pathlib import Path

from deepprune.data.dataset import TEST, VALIDATION, Dataset
from deepprune.evaluation.tasks import Labels, Logits, evaluate_tasks, task_means
from deepprune.io.files import sha256
from deepprune.io.table import named, write_table
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
    checkpoint = Checkpoint(Path(params.checkpoints), digest(sha256(data), params.settings, PACKAGE))
    fits = training.fits(params.seeds, snakemake.threads, checkpoint)
    codes = (sequences.part(part)[0] for part in (TEST, VALIDATION))
    scores = [training.scores(fits, some, snakemake.threads) for some in codes]
    logits = ((seed, Logits(*(found[seed] for found in scores))) for seed in fits)
    evaluation = evaluate_tasks(sequences.tasks, Labels.of(sequences), logits)
    write_table(named(evaluation.tasks, **names), output.tasks)
    networks = replicates_table(fits, task_means(evaluation))
    write_table(named(networks, **names), output.networks)
    save_nests(output.weights, {f"seed{seed}": (fit.weights, fit.state) for seed, fit in fits.items()})
