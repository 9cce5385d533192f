"""Training of one network from several seeds."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from deepprune.errors import InputError
from deepprune.keys import NO_CRITERION, NetworkKey
from deepprune.models.architecture import Architecture
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.trainer import Options, Start, Trainer

INITIAL, ORDER = range(2)  # a random stream for each purpose


def train_replicates(
    network: Architecture,
    trainer: Trainer,
    seeds: Sequence[int],
    threads: int = 1,
    checkpoint: Checkpoint | None = None,
) -> dict[int, Fit]:
    """Train a network once from each seed, on threads side by side; return the trained networks by seed.

    Outcomes do not depend on the threads, nor on the other seeds. Networks whose loss became infinite or NaN are
    reported and left out; InputError if none is left.
    """
    store, lock = checkpoint or Checkpoint(), threading.Lock()
    trainer.trace([network])

    def train(seed: int) -> Fit:
        key = NetworkKey(network.name, "baseline", NO_CRITERION, 0, seed)
        fit = train_once(network, trainer, store, key, (INITIAL, ORDER))
        with lock:
            trainer.log(_line(network.name, seed, fit))
        return fit

    with ThreadPoolExecutor(threads) as pool:
        fits = _finished(pool, train, seeds)
    sound = {seed: fit for seed, fit in fits.items() if not fit.diverged}
    if not sound:
        raise InputError(
            f"network {network.name}: the loss became infinite or NaN from every seed; lower train.learning_rate"
        )
    return sound


def train_once(
    network: Architecture,
    trainer: Trainer,
    store: Checkpoint,
    key: NetworkKey,
    streams: tuple[int, int],
    options: Options | None = None,
) -> Fit:
    """Train a network from random weights, unless the store has it.

    streams: of the random numbers of the key's seed, for the weights and for the order of the sequences.
    """
    initial, order = (np.random.default_rng([key.seed, stream]) for stream in streams)
    start = Start(network.initial(initial), order, snapshot=store.snapshot(key))
    (fit,) = store.train_missing(
        [key], (start.weights, network.initial_state()), lambda _: trainer.fit(network, [start], options)
    )
    return fit


def _finished(pool: ThreadPoolExecutor, train: Callable[[int], Fit], seeds: Sequence[int]) -> dict[int, Fit]:
    """Return the fits by seed; after a failure, those that have not begun are left."""
    futures = {seed: pool.submit(train, seed) for seed in seeds}
    try:
        return {seed: future.result() for seed, future in futures.items()}
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise


def _line(name: str, seed: int, fit: Fit) -> str:
    """Return a line of the training log."""
    if fit.diverged:
        return f"{name}, seed {seed}: diverged after {fit.epochs} epochs and is left out; lower train.learning_rate"
    return (
        f"{name}, seed {seed}: {fit.epochs} epochs, loss {fit.loss:.4f}, validation loss {fit.validation_loss:.4f}, "
        f"{fit.seconds:.1f} s"
    )
