"""The choice of the network that predicts: how many kernels, and which seed."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np

from deepprune.errors import InputError
from deepprune.evaluation.networks import Network, pruned


def chosen_kernels(networks: Sequence[Network], ladder: Sequence[int], kept: float | None, chance: float) -> int:
    """Return how many kernels the networks have that are exported and read as motifs.

    kept: the fewest of the ladder are chosen whose gain over chance, in validation loss, is this share of the widest
    network's; of networks pruned by the first criterion, losses are means over seeds. None: the last rung.  chance: the
    loss of the class shares alone.
    """
    losses: dict[int, list[float]] = {}
    for network in pruned(networks):
        losses.setdefault(network.key.kernels, []).append(network.measures.validation_loss)
    if kept is None or not losses:
        return ladder[-1]
    gains = {kernels: chance - fmean(values) for kernels, values in losses.items()}
    widest = gains[max(gains)]
    enough = kept * widest if widest > 0 else widest
    return min(kernels for kernels, gain in gains.items() if gain >= enough)


def best_network(dataset: str, networks: Sequence[Network], kernels: int) -> Network:
    """Return the network of the first criterion and this size with the lowest validation loss of all seeds.

    InputError if there is none.
    """
    own = [network for network in pruned(networks) if network.key.kernels == kernels]
    if not own:
        raise InputError(
            f"{dataset}: no network is left at {kernels} kernels: the loss of every seed became infinite or NaN; "
            "try a lower train.learning_rate"
        )
    return min(own, key=lambda network: (network.measures.validation_loss, network.key.seed))


def chance_loss(labels: np.ndarray) -> float:
    """Return the cross-entropy, in nats, of predicting the share of each class; labels: (n, tasks)."""
    shares = np.clip(labels.mean(axis=0), 1e-9, 1 - 1e-9)
    return float(np.mean(-shares * np.log(shares) - (1 - shares) * np.log(1 - shares)))
