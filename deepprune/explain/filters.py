"""What the filters of trained networks read: their motifs, and whether they are active where motifs were implanted."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, Dataset
from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import write_table
from deepprune.models.activations import Activations
from deepprune.models.conv_settings import ConvSettings, Field, aligned_layers, receptive_field
from deepprune.models.conv_stack import conv_stack
from deepprune.models.store import load_nests
from deepprune.motifs.filters import FilterReading, filter_motifs
from deepprune.motifs.localisation import COLUMNS as LOCATED
from deepprune.motifs.localisation import localisation

COLUMNS = ["network", "seed", "layer", "reading", "filter", "motif", "windows", "bits", "width"]
LOCATED_SEQUENCES = 2000  # their activations are in memory at once, 100 MB for 64 filters and 200 bp


class FilterFiles(NamedTuple):
    """The paths of the tables and motifs of a network's filters."""

    filters: Path
    localisation: Path
    meme: Path


class Trained(NamedTuple):
    """A network, trained from several seeds; weights: the file of its weights by seed."""

    name: str
    settings: ConvSettings
    seeds: tuple[int, ...]
    weights: Path


def write_filters(
    trained: Trained,
    data: Dataset,
    readings: Mapping[str, FilterReading],
    instances: pd.DataFrame | None,
    files: FilterFiles,
) -> None:
    """Read the filters of all layers before which nothing is pooled, and write motifs and tables.

    readings: by name.  instances: the implanted motif instances of the data set (`implant`); None without. The motifs
    are without flanks; the table of filters has the columns COLUMNS, with an empty motif for a filter without windows;
    that of localisation has network, seed, layer, and the columns of `localisation`.
    """
    rows = data.rows(TEST)
    codes, located = data.codes[rows], _of_test(instances, rows)
    motifs: list[Motif] = []
    table, places = [], []
    for seed, number, field, active in _layers(trained, codes, len(data.tasks)):
        of_layer = {"network": trained.name, "seed": seed, "layer": number}
        for reading, how in readings.items():
            for found in filter_motifs(active.batches, field, how):
                name = f"seed{seed}_conv{number}_{reading}_filter{found.filter}" if found.trimmed else None
                width = found.trimmed.width if found.trimmed else 0
                cells = reading, found.filter, name, found.windows, round(found.bits, 2), width
                table.append((*of_layer.values(), *cells))
                motifs += [dataclasses.replace(found.trimmed, name=name)] if name and found.trimmed else []
        if located is not None:
            activations = np.concatenate([values for _, values in active.batches(LOCATED_SEQUENCES)])
            where = localisation(activations, located, field)
            places.append(pd.DataFrame(of_layer, where.index).join(where))
    write_table(pd.DataFrame(table, columns=COLUMNS), files.filters)
    columns = [*COLUMNS[:3], *LOCATED]
    write_table(pd.concat(places)[columns] if places else pd.DataFrame(columns=columns), files.localisation)
    write_meme(files.meme, motifs)


def _layers(trained: Trained, codes: np.ndarray, tasks: int) -> Iterator[tuple[int, int, Field, Activations]]:
    """Yield seed, number of the layer, field of its units, and their activations."""
    network = conv_stack(trained.name, trained.settings, codes.shape[1], tasks)
    like = network.initial(np.random.default_rng(0)), network.initial_state()
    fitted = load_nests(trained.weights, like, [f"seed{seed}" for seed in trained.seeds])
    for seed in trained.seeds:
        for number in aligned_layers(trained.settings):
            field = receptive_field(trained.settings, number, codes.shape[1])
            yield seed, number, field, Activations(network, fitted[f"seed{seed}"], f"conv{number}_active", codes)


def _of_test(instances: pd.DataFrame | None, rows: np.ndarray) -> pd.DataFrame | None:
    """Return the instances in the first test sequences, with their places among these as rows."""
    if instances is None:
        return None
    first = rows[:LOCATED_SEQUENCES]
    own = instances[instances["row"].isin(first)]
    return own.assign(row=np.searchsorted(first, own["row"]))
