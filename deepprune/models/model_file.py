"""Model files of few-kernel networks: a network together with all that its use requires."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from deepprune.dna.words import background_words
from deepprune.errors import InputError
from deepprune.io.motif import Motif
from deepprune.keys import NetworkKey, kernel_name
from deepprune.models.header import KERNELS, Content, read_content, write_content
from deepprune.models.parameters import Parameters


@dataclass(frozen=True)
class Use:
    """How a few-kernel network reads sequences: the options of config's `model`, and the kernels' width in bp."""

    width: int
    padding: str = "valid"
    activation: str = "relu"
    strands: str = "one"
    average_strands: bool = False
    background: int | str = "none"


@dataclass(frozen=True, eq=False)
class Model:
    """A few-kernel network, and what its use requires.

    window: the length in bp of the sequences that it was trained on.  about: text on the training data: dataset,
    target, cell_type, genome and the digest `data`.  motifs: of its kernels, under their names, without uninformative
    flanks; a kernel without a motif has none.
    """

    parameters: Parameters
    key: NetworkKey
    use: Use
    window: int
    tasks: tuple[str, ...]
    about: Mapping[str, str] = field(default_factory=dict)
    motifs: tuple[Motif, ...] = ()

    @property
    def kernels(self) -> list[str]:
        """The names of the kernels, as in the tables of motifs."""
        return [kernel_name(self.key.seed, kernel) for kernel in range(len(self.parameters.bias))]

    @property
    def width(self) -> int:
        """The width of the kernels in bp."""
        return self.use.width


def save_model_file(path: str | Path, model: Model) -> None:
    """Write a model file; equal models give equal bytes."""
    header = {"key": model.key._asdict(), "use": asdict(model.use), "window": model.window, "tasks": list(model.tasks)}
    header |= {"about": dict(model.about), "motifs": [_plain(motif) for motif in model.motifs]}
    arrays = {name: np.asarray(array, np.float32) for name, array in model.parameters._asdict().items()}
    write_content(path, KERNELS, header, arrays)


def load_model_file(path: str | Path) -> Model:
    """Return the few-kernel model of a file; InputError if it is none, if it is damaged, or if its version is unknown.

    InputError also for a network of several layers.
    """
    return model_in(read_content(path), path)


def model_in(content: Content, path: str | Path) -> Model:
    """Return the few-kernel model that a file holds; InputError as of load_model_file. path: for messages."""
    if content.kind != KERNELS:
        raise InputError(
            f"{path} holds a network of several layers, but kernels are read of few-kernel networks alone; give the "
            "model.npz of one (predict and variants take both)"
        )
    try:
        return _model(content.header, content.arrays)
    except (KeyError, TypeError, ValueError, IndexError):
        raise InputError(f"{path} is damaged; copy or train the model again") from None


def _model(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Model:
    """Return the model of a header and its arrays; ValueError if they do not fit together."""
    use, tasks = Use(**header["use"]), tuple(header["tasks"])
    # Not the maps of the file: compiled code takes arrays that can be written to.
    parameters = Parameters(**{name: np.array(array) if len(array) else () for name, array in arrays.items()})
    kernels, width, letters = parameters.kernels.shape
    shapes = {"bias": (kernels,), "weights": (kernels, len(tasks)), "intercept": (len(tasks),)}
    if words := background_words(use.background, merged=use.strands == "both"):
        shapes["background"] = (words.number, len(tasks))
    if (width, letters) != (use.width, 4) or any(arrays[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("shapes")
    if any(not np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("numbers")
    motifs = tuple(Motif(**motif) for motif in header["motifs"])
    return Model(parameters, NetworkKey(**header["key"]), use, int(header["window"]), tasks, header["about"], motifs)


def _plain(motif: Motif) -> dict[str, Any]:
    """Return the fields of a motif in the types of JSON, which keep all digits."""
    fields = {name: getattr(motif, name) for name in ("name", "alt", "sites", "background")}
    return fields | {name: getattr(motif, name).tolist() for name in ("probabilities", "counts")}
