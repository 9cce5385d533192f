"""Model files of networks of several layers, and model files of either kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from deepprune.errors import InputError
from deepprune.models.conv_settings import PADDINGS, Convolution, ConvSettings, array_shapes, check_settings
from deepprune.models.header import LAYERS, Content, read_content, write_content
from deepprune.models.model_file import Model, model_in, save_model_file
from deepprune.models.store import flattened


@dataclass(frozen=True, eq=False)
class LayersModel:
    """A network of several layers, and what its use requires.

    weights, state: float32, of the shapes and in the order of `array_shapes`.  seed: that it was trained from.  window:
    the length in bp of the sequences that it was trained on.  about: text on the training data: dataset, genome and the
    digest `data`.
    """

    name: str
    settings: ConvSettings
    weights: Sequence[np.ndarray]
    state: Sequence[np.ndarray]
    seed: int
    window: int
    tasks: tuple[str, ...]
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """The width of the first filters in bp."""
        return self.settings.convolutions[0].width


AnyModel = Model | LayersModel


def save_any_model(path: str | Path, model: AnyModel) -> None:
    """Write a model file of the kind of the model; equal models give equal bytes."""
    if isinstance(model, Model):
        save_model_file(path, model)
        return
    settings = model.settings._asdict() | {"convolutions": [layer._asdict() for layer in model.settings.convolutions]}
    header = {"network": model.name, "settings": settings, "seed": model.seed, "window": model.window}
    header |= {"tasks": list(model.tasks), "about": dict(model.about)}
    arrays = flattened({"weights": list(model.weights), "state": list(model.state)})
    write_content(path, LAYERS, header, {name: np.asarray(array, np.float32) for name, array in arrays.items()})


def load_any_model(path: str | Path) -> AnyModel:
    """Return the model of a file; InputError if it is none, if it is damaged, or if its version is not known here.

    The arrays of a network of several layers stay in the file, of which they are maps.
    """
    content = read_content(path)
    if content.kind != LAYERS:
        return model_in(content, path)
    try:
        return _layers(content)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError):
        raise InputError(f"{path} is damaged; copy or train the network again") from None


def _layers(content: Content) -> LayersModel:
    """Return the model of a header and its arrays; ValueError if they do not fit together."""
    header, arrays = content
    layers = tuple(Convolution(**layer) for layer in header["settings"]["convolutions"])
    settings = ConvSettings(
        **header["settings"] | {"convolutions": layers, "dense": tuple(header["settings"]["dense"])}
    )
    tasks, window = tuple(map(str, header["tasks"])), int(header["window"])
    check_settings(header["network"], settings, window)
    if settings.padding not in PADDINGS:
        raise ValueError("padding")
    shapes = array_shapes(settings, window, len(tasks))._asdict()
    parts = {part: [arrays.pop(f"{part}.{place}") for place in range(len(own))] for part, own in shapes.items()}
    if arrays or any([array.shape for array in parts[part]] != own for part, own in shapes.items()):
        raise ValueError("shapes")
    if any(array.dtype != np.float32 or not np.isfinite(array).all() for part in parts.values() for array in part):
        raise ValueError("numbers")
    seed, about = int(header["seed"]), dict(header["about"])
    return LayersModel(str(header["network"]), settings, **parts, seed=seed, window=window, tasks=tasks, about=about)
