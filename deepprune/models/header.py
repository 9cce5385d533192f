"""Model files of any kind: arrays, and a header that says what they are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from deepprune import __version__
from deepprune.errors import InputError
from deepprune.io.npz import map_arrays, write_arrays

HEADER = "header"  # the array that holds everything but weights, JSON in UTF-8
KERNELS, LAYERS = "model of deepprune", "layers of deepprune"
VERSIONS = {KERNELS: 1, LAYERS: 1}
SUFFIX = ".model.npz"  # of the model file beside the weights of all seeds, NAME.npz


class Content(NamedTuple):
    """What a model file holds. arrays: mapped read-only."""

    header: Mapping[str, Any]
    arrays: dict[str, np.ndarray]

    @property
    def kind(self) -> str:
        """KERNELS or LAYERS."""
        return str(self.header["kind"])


def write_content(path: str | Path, kind: str, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a model file in pieces; equal content gives equal bytes."""
    whole = {"kind": kind, "version": VERSIONS[kind], "deepprune": __version__, **header}
    text = np.frombuffer(json.dumps(whole, indent=1).encode(), np.uint8)
    write_arrays(path, {HEADER: text, **arrays})


def read_content(path: str | Path) -> Content:
    """Return what a model file holds; InputError if it is none, if it is damaged, or if its version is not known."""
    try:
        arrays = map_arrays(path, [HEADER], rest=True)
        header: Any = json.loads(arrays.pop(HEADER).tobytes())
        known, version = VERSIONS[header["kind"]], header["version"]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; give the path of a model file (model.npz)") from None
    except (ValueError, TypeError, KeyError):
        beside = Path(path).with_suffix(SUFFIX)
        hint = f"the model file is {beside}" if beside.exists() else "give a model.npz of deepprune"
        raise InputError(f"{path} is no model file, or it is damaged; {hint}") from None
    if version != known:
        raise InputError(
            f"{path} was written by deepprune {header.get('deepprune')}, whose model files (version {version}) this "
            f"deepprune ({__version__}) does not read; install that version"
        )
    return Content(header, arrays)
