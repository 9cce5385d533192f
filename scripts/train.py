"""Train and prune the networks of one data set."""

from dataclasses import replace
from pathlib import Path

from deepprune.jobs.job import job
from deepprune.training.device import device, tell_missing_gpu

with job(snakemake) as terminal, device(snakemake.resources.gpu, Path(snakemake.params.compiled)):
    # TensorFlow must be imported after its device was chosen.
    from deepprune.data.dataset import TEST, VALIDATION, Dataset
    from deepprune.dna.words import background_words
    from deepprune.evaluation.choice import best_network, chance_loss, chosen_kernels
    from deepprune.evaluation.comparison import comparison
    from deepprune.evaluation.networks import NetworkFiles, write_networks
    from deepprune.io.files import sha256
    from deepprune.io.table import write_table
    from deepprune.models.few_kernel import FewKernel
    from deepprune.pruning.ladder import train_networks
    from deepprune.pruning.plan import Execution, Plan
    from deepprune.training.checkpoint import Checkpoint, digest
    from deepprune.training.trainer import Options, prepare_devices

    tell_missing_gpu(prepare_devices(snakemake.threads), snakemake.resources.gpu, terminal)
    params, dataset, data = snakemake.params, snakemake.wildcards.dataset, Path(snakemake.input.data)
    words = background_words(params.background, merged=params.network["strands"] == "both")
    network = FewKernel(params.plan["ladder"][0], words=words, **params.network)
    plan = Plan(network, options=Options(**params.train), **params.plan)
    # Networks do not depend on the other methods and criteria, nor on how they predict: their checkpoints stay valid.
    trained = plan._replace(network=replace(network, average_strands=False), methods=(), criteria=())
    checkpoint = Checkpoint(Path(params.checkpoints), digest(sha256(data), trained))
    sequences = Dataset.load(data)
    networks = train_networks(dataset, sequences, params.seeds, plan, Execution(snakemake.threads, None, checkpoint))
    files = {name: Path(path) for name, path in snakemake.output.items()}
    _, labels = sequences.part(TEST)
    kernels = chosen_kernels(networks, plan.ladder, params.gain_kept, chance_loss(sequences.part(VALIDATION)[1]))
    model = best_network(dataset, networks, kernels).key
    write_table(comparison(dataset, labels[:, 0], networks), files.pop("comparison"))
    write_networks(dataset, networks, model, network, NetworkFiles(**files))
