"""Files of weights: any nest of arrays, and back."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from deepprune.errors import InputError
from deepprune.io.files import write_atomic
from deepprune.models.architecture import Weights
from deepprune.models.parameters import Parameters

# What reading a file of arrays raises that is damaged, or that something else has written
UNUSABLE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, BadZipFile, zlib.error)
AGAIN = "remove the file and run snakemake again, which trains it"


def flattened(nest: Weights, name: str = "") -> dict[str, np.ndarray]:
    """Return the arrays of a nest by their places in it, such as `kernels` or `dense.0`."""
    parts = _parts(nest)
    if parts is None:
        return {name: np.asarray(nest)}
    return {
        place: array
        for key, part in parts.items()
        for place, array in flattened(part, f"{name}.{key}" if name else key).items()
    }


def restored(like: Weights, arrays: Mapping[str, np.ndarray], name: str = "") -> Weights:
    """Return a nest of the same structure as `like` from its `flattened` arrays; KeyError if one is missing."""
    parts = _parts(like)
    if parts is None:
        return arrays[name]
    made = [restored(part, arrays, f"{name}.{key}" if name else key) for key, part in parts.items()]
    if isinstance(like, Mapping):
        return dict(zip(parts, made, strict=True))
    return type(like)(*made) if hasattr(like, "_fields") else type(like)(made)


def _parts(nest: Weights) -> dict[str, Any] | None:
    """Return the parts of a nest by name; None for an array."""
    if isinstance(nest, Mapping):
        return dict(nest)
    if hasattr(nest, "_fields"):
        return dict(zip(nest._fields, nest, strict=True))
    if isinstance(nest, list | tuple):
        return {str(place): part for place, part in enumerate(nest)}
    return None


def save_parameters(path: Path, networks: Sequence[Parameters]) -> None:
    """Write networks into one .npz file; array `<number>.<field>` belongs to the network at that place."""
    arrays = flattened({str(number): network for number, network in enumerate(networks)})
    with write_atomic(path) as temporary, temporary.open("wb") as handle:
        np.savez_compressed(handle, **arrays)  # type: ignore[arg-type]


def load_parameters(path: Path) -> list[Parameters]:
    """Return the networks of a file that `save_parameters` wrote; InputError if it is missing or damaged."""
    with _whole(path):
        arrays: dict[str, dict[str, np.ndarray]] = {}
        for name, array in _arrays(path).items():
            number, field = name.split(".")
            arrays.setdefault(number, {})[field] = array
        return [Parameters(**arrays[str(number)]) for number in range(len(arrays))]


def save_nests(path: Path, nests: Mapping[str, Any]) -> None:
    """Write any nests of arrays into one .npz file, under their names."""
    with write_atomic(path) as temporary, temporary.open("wb") as handle:
        np.savez_compressed(handle, **flattened(dict(nests)))  # type: ignore[arg-type]


def load_nests(path: Path, like: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return nests of a file that `save_nests` wrote, each with the structure of `like`.

    InputError if the file is missing, damaged, or of another structure.
    """
    with _whole(path):
        arrays = _arrays(path)
        return {name: restored(like, arrays, name) for name in names}


def nest_names(path: Path) -> list[str]:
    """Return the names of the nests of a file that `save_nests` wrote; InputError if it is missing or damaged."""
    with _whole(path):
        return list(dict.fromkeys(name.split(".")[0] for name in _arrays(path)))


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """Return all arrays of an .npz file, which numpy compares with their checksums."""
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Raise InputError for what reading a file of weights fails of."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; {AGAIN}") from None
    except UNUSABLE:
        raise InputError(f"{path} is no file of weights of deepprune, or it is damaged; {AGAIN}") from None
