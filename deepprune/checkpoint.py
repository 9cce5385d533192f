"""Seeds that were trained before, kept aside from the results, so that a further seed trains that seed alone."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune import __version__
from deepprune.io.table import read_table, write_table
from deepprune.networks import MEASURED, Network
from deepprune.parameters import load_arrays, load_parameters, save_arrays, save_parameters

# The modules that a training runs through: when one is edited, networks of before are not taken for its own.
MODULES = (
    *("circular", "criteria", "dataset", "device", "metrics", "model", "networks", "optimizer", "parameters", "prune"),
    *("scan", "train"),
)


class Arrays(NamedTuple):
    """What of a network is neither in the table nor among its parameters."""

    origin: np.ndarray
    scores: np.ndarray


def digest(data: Path, *settings: object) -> str:
    """What a training depends on beside its seed, in 16 characters: its data set's bytes, all settings, the program."""
    program = b"".join((Path(__file__).parent / f"{module}.py").read_bytes() for module in MODULES)
    return hashlib.sha256(data.read_bytes() + repr((settings, __version__)).encode() + program).hexdigest()[:16]


def train_missing(
    folder: Path,
    key: str,
    seeds: Sequence[int],
    train: Callable[[Sequence[int]], list[Network]],
    log: Callable[[str], None] = print,
) -> list[Network]:
    """The networks of all seeds, in their order; those not found under folder/key are trained and kept there.

    Whatever else is in the folder belongs to other data or settings and goes.
    """
    kept = folder / key
    for other in folder.glob("*"):
        if other != kept:
            shutil.rmtree(other)
    networks = {seed: _load(kept, seed) for seed in seeds}
    for seed in seeds:
        if networks[seed]:
            log(f"seed {seed}: trained before, nothing to do")
    missing = [seed for seed in seeds if not networks[seed]]
    if missing:
        kept.mkdir(parents=True, exist_ok=True)
        trained = train(missing)
        for seed in missing:
            networks[seed] = [network for network in trained if network.seed == seed]
            _save(kept, seed, networks[seed])
    return [network for seed in seeds for network in networks[seed]]


def _save(folder: Path, seed: int, networks: Sequence[Network]) -> None:
    """The table is written last: where it is, the rest is too."""
    save_parameters(folder / f"seed{seed}.npz", [network.parameters for network in networks])
    save_arrays(folder / f"seed{seed}.arrays.npz", [Arrays(network.origin, network.scores) for network in networks])
    table = pd.DataFrame([network[: len(MEASURED)] for network in networks], columns=MEASURED)
    write_table(table, folder / f"seed{seed}.tsv")


def _load(folder: Path, seed: int) -> list[Network]:
    table = folder / f"seed{seed}.tsv"
    if not table.exists():
        return []
    rows = read_table(table).itertuples(index=False)
    parameters = load_parameters(folder / f"seed{seed}.npz")
    arrays = load_arrays(folder / f"seed{seed}.arrays.npz", Arrays)
    return [
        Network._make((*row, weights, *further)) for row, weights, further in zip(rows, parameters, arrays, strict=True)
    ]
