"""What the filters of trained networks read: their motifs, and whether they are active where motifs were implanted."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, Dataset
from deepprune.errors import InputError
from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import write_table
from deepprune.models.activations import Activations, KernelActivations
from deepprune.models.conv_settings import FewSettings, Field, LayerSettings, aligned_layers, receptive_field
from deepprune.models.keras_network import KerasNetwork
from deepprune.models.networks import network_of
from deepprune.models.store import flattened, load_nests
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
    settings: LayerSettings
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
    motifs: list[Motif] = []
    table, places = [], []
    for layer in _layers(trained, data, instances):
        of_layer = {"network": trained.name, "seed": layer.seed, "layer": layer.number}
        for reading, how in readings.items():
            for found in filter_motifs(layer.active.batches, layer.field, how):
                name = f"seed{layer.seed}_conv{layer.number}_{reading}_filter{found.filter}" if found.trimmed else None
                width = found.trimmed.width if found.trimmed else 0
                cells = reading, found.filter, name, found.windows, round(found.bits, 2), width
                table.append((*of_layer.values(), *cells))
                motifs += [dataclasses.replace(found.trimmed, name=name)] if name and found.trimmed else []
        if layer.instances is not None:
            batches = layer.active.batches(LOCATED_SEQUENCES)
            activations = np.concatenate([_by_letter(codes, values) for codes, values in batches])
            where = localisation(activations, layer.instances, layer.field)
            places.append(pd.DataFrame(of_layer, where.index).join(where))
    write_table(pd.DataFrame(table, columns=COLUMNS), files.filters)
    columns = [*COLUMNS[:3], *LOCATED]
    write_table(pd.concat(places)[columns] if places else pd.DataFrame(columns=columns), files.localisation)
    write_meme(files.meme, motifs)


class Layer(NamedTuple):
    """A layer of a network trained from one seed. instances: in the sequences whose activations come first."""

    seed: int
    number: int
    field: Field
    active: Activations | KernelActivations
    instances: pd.DataFrame | None


def _layers(trained: Trained, data: Dataset, instances: pd.DataFrame | None) -> Iterator[Layer]:
    """Yield the layers to be read, with their activations for the test sequences."""
    rows, settings = data.rows(TEST), trained.settings
    codes = data.codes[rows]
    network = network_of(trained.name, settings, codes.shape[1], len(data.tasks))
    like = network.initial(np.random.default_rng(0)), network.initial_state()
    fitted = load_nests(trained.weights, like, [f"seed{seed}" for seed in trained.seeds])
    check_weights(trained, like, fitted)
    for seed in trained.seeds:
        weights_and_state = fitted[f"seed{seed}"]
        if isinstance(settings, FewSettings):
            active = KernelActivations(weights_and_state[0], codes, settings.strands)
            field = Field(settings.width, 0, 1)
            if settings.strands == "one":
                yield Layer(seed, 1, field, active, _of_test(instances, rows[:LOCATED_SEQUENCES]))
            else:
                own = _of_test(instances, rows[: LOCATED_SEQUENCES // 2])
                yield Layer(seed, 1, field, active, _on_both(own, codes.shape[1]))
            continue
        assert isinstance(network, KerasNetwork)
        for number in aligned_layers(settings):
            field = receptive_field(settings, number, codes.shape[1])
            units = Activations(network, weights_and_state, f"conv{number}_active", codes)
            yield Layer(seed, number, field, units, _of_test(instances, rows[:LOCATED_SEQUENCES]))


def check_weights(trained: Trained, like: Any, fitted: Mapping[str, Any]) -> None:
    """Raise InputError unless weights and states have the shapes of `like`, which the network has on the data set."""
    for name, nest in fitted.items():
        for (place, array), expected in zip(flattened(nest).items(), flattened(like).values(), strict=True):
            if array.shape != expected.shape:
                raise InputError(
                    f"{trained.weights}: {name}.{place} has the shape {array.shape}, but on this data set network "
                    f"{trained.name} has {expected.shape}; it was trained on other tasks or sequences: train it again"
                )


def _by_letter(codes: np.ndarray, activations: np.ndarray) -> np.ndarray:
    """Return activations (some, letters, filters); where the last letters begin no unit, as without padding, zeros."""
    return np.pad(activations, ((0, 0), (0, codes.shape[1] - activations.shape[1]), (0, 0)))


def _of_test(instances: pd.DataFrame | None, rows: np.ndarray) -> pd.DataFrame | None:
    """Return the instances in these sequences, with their places among them as rows."""
    if instances is None:
        return None
    own = instances[instances["row"].isin(rows)]
    return own.assign(row=np.searchsorted(rows, own["row"]))


def _on_both(instances: pd.DataFrame | None, length: int) -> pd.DataFrame | None:
    """Return instances in sequences that are each followed by their reverse complement."""
    if instances is None:
        return None
    other = instances.assign(
        row=2 * instances["row"] + 1,
        start=length - instances["end"],
        end=length - instances["start"],
        strand=instances["strand"].map({"+": "-", "-": "+"}),
    )
    return pd.concat([instances.assign(row=2 * instances["row"]), other], ignore_index=True)
