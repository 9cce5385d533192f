"""Train one network of several layers on a data set from every seed, and evaluate it on the test sequences."""

from pathlib import Path

from deepprune.jobs.job import job
from deepprune.training.device import device, tell_missing_gpu

with job(snakemake) as terminal, device(snakemake.resources.gpu, Path(snakemake.params.compiled)):
    # TensorFlow must be imported after its device was chosen.
    from deepprune.data.dataset import TEST, Dataset
    from deepprune.evaluation.tasks import Labels, Logits, evaluate_tasks, task_means
    from deepprune.io.files import sha256
    from deepprune.io.motif import read_motifs
    from deepprune.io.table import named, write_table
    from deepprune.models.layers_file import save_any_model
    from deepprune.models.store import save_nests
    from deepprune.training.checkpoint import Checkpoint, digest
    from deepprune.training.fits import replicates_table
    from deepprune.training.model import best_model
    from deepprune.training.predictions import predictions
    from deepprune.training.replicates import train_replicates
    from deepprune.training.search import Search, Subject, choose_options, run_trials
    from deepprune.training.sequences import Part
    from deepprune.training.trainer import Options, Trainer, prepare_devices

    params, output, data = snakemake.params, snakemake.output, Path(snakemake.input.data)
    names = {"dataset": snakemake.wildcards.dataset, "network": snakemake.wildcards.network}
    sequences, threads, content = Dataset.load(data), snakemake.threads, sha256(data)
    sequences.check_classes(names["dataset"], each=False)
    known = tuple(read_motifs(snakemake.input.motifs)) if snakemake.input.get("motifs") else ()
    subject = Subject(names["network"], params.settings, Options(**params.train), known)
    search = Search(**params.search)
    trainer = Trainer(sequences, subject.options)
    tell_missing_gpu(prepare_devices(threads, subject.network(trainer).compiled), snakemake.resources.gpu, terminal)
    folder = Path(params.checkpoints)
    tried = Checkpoint(folder / "trials", digest(content, subject, repr(search)))
    trials = run_trials(subject, trainer, search, params.seeds[0], threads, tried)
    subject, trials_table = choose_options(subject, trials, search.by, trainer.log)
    checkpoint = Checkpoint(folder / "seeds", digest(content, subject.settings, subject.options, known))
    trainer, network = trainer.with_options(subject.options), subject.network(trainer)
    fits = train_replicates(network, trainer, params.seeds, threads, checkpoint)
    parts = Part(sequences, TEST), trainer.validation
    logits = (
        (seed, Logits(*(predictions(trainer, network, fit, part) for part in parts))) for seed, fit in fits.items()
    )
    evaluation = evaluate_tasks(sequences.tasks, Labels.of(sequences), logits)
    networks = replicates_table(fits, task_means(evaluation))
    tables = {"networks": networks, "tasks": evaluation.tasks, "trials": trials_table}
    for name, table in tables.items():
        write_table(named(table, **names), output[name])
    save_nests(output.weights, {f"seed{seed}": (fit.weights, fit.state) for seed, fit in fits.items()})
    about = {"dataset": names["dataset"], "genome": params.genome, "data": content}
    save_any_model(output.model, best_model(subject, fits, sequences, about))
