"""Seeds that were trained before, kept aside from the results, so that a further seed trains that seed alone."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from deepprune import __version__
from deepprune.io.files import write_atomic
from deepprune.io.table import read_table, write_table
from deepprune.networks import Network
from deepprune.parameters import load_parameters, save_parameters

# The modules that a training runs through: when one is edited, networks of before are not taken for its own.
MODULES = (
    *("circular", "criteria", "dataset", "device", "metrics", "model", "networks", "optimizer", "parameters", "prune"),
    *("scan", "train"),
)
# What of a network is neither in the table nor among its parameters.
ARRAYS = ("origin", "scores")


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
    arrays = {f"{place}.{name}": getattr(network, name) for place, network in enumerate(networks) for name in ARRAYS}
    with write_atomic(folder / f"seed{seed}.arrays.npz") as temporary, temporary.open("wb") as handle:
        np.savez_compressed(handle, **arrays)
    columns = Network._fields[: Network._fields.index("parameters")]
    table = pd.DataFrame([network[: len(columns)] for network in networks], columns=columns)
    write_table(table, folder / f"seed{seed}.tsv")


def _load(folder: Path, seed: int) -> list[Network]:
    table = folder / f"seed{seed}.tsv"
    if not table.exists():
        return []
    rows = read_table(table).itertuples(index=False)
    parameters = load_parameters(folder / f"seed{seed}.npz")
    with np.load(folder / f"seed{seed}.arrays.npz", allow_pickle=False) as arrays:
        return [
            Network._make((*row, weights, *(arrays[f"{place}.{name}"] for name in ARRAYS)))
            for place, (row, weights) in enumerate(zip(rows, parameters, strict=True))
        ]
