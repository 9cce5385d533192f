import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from layered import RECURRENT, placed_model, random_model, whole_model
from modelled import model

from deepprune.errors import InputError
from deepprune.io.npz import write_arrays
from deepprune.models.conv_settings import ConvSettings
from deepprune.models.header import HEADER
from deepprune.models.layers_file import LayersModel, load_any_model, save_any_model
from deepprune.models.model_file import Model, Use, load_model_file

MODELS = [whole_model(average_strands=True), placed_model(), random_model(RECURRENT, 30)]


@pytest.mark.parametrize("own", MODELS, ids=lambda own: own.name)
def test_a_model_comes_back_whole(tmp_path: Path, own: LayersModel) -> None:
    for name in ("a.npz", "b.npz"):
        save_any_model(tmp_path / name, own)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = load_any_model(tmp_path / "a.npz")
    assert isinstance(back, LayersModel) and isinstance(back.settings, ConvSettings) and back.settings == own.settings
    for name in ("name", "seed", "window", "tasks", "about", "width"):
        assert getattr(back, name) == getattr(own, name)
    for name in ("weights", "state"):
        pairs = list(zip(getattr(back, name), getattr(own, name), strict=True))
        assert all(np.array_equal(one, other) and one.dtype == np.float32 for one, other in pairs)
    save_any_model(tmp_path / "c.npz", back)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "c.npz").read_bytes()


def test_arrays_are_maps_of_the_file(tmp_path: Path) -> None:
    save_any_model(tmp_path / "m.npz", MODELS[2])
    back = load_any_model(tmp_path / "m.npz")
    assert isinstance(back, LayersModel) and not any(array.flags.owndata for array in back.weights)


def test_few_kernel_models_are_told_by_their_header(tmp_path: Path) -> None:
    save_any_model(tmp_path / "few.npz", model(Use(7)))
    assert isinstance(load_any_model(tmp_path / "few.npz"), Model)
    save_any_model(tmp_path / "layers.npz", MODELS[0])
    with pytest.raises(InputError) as caught:
        load_model_file(tmp_path / "layers.npz")
    assert str(caught.value) == (
        f"{tmp_path / 'layers.npz'} holds a network of several layers, but kernels are read of few-kernel networks "
        "alone; give the model.npz of one (predict and variants take both)"
    )


def changed(path: Path, arrays: dict[str, np.ndarray], without: str = "", **header: object) -> Path:
    """Write a model file with other arrays and other entries of the header."""
    save_any_model(path, MODELS[2])
    with np.load(path) as file:
        own = {name: file[name] for name in file.files if name != without}
    text = json.dumps(json.loads(own[HEADER].tobytes()) | header).encode()
    write_arrays(path, own | arrays | {HEADER: np.frombuffer(text, np.uint8)})
    return path


def settings_with(**changes: object) -> dict[str, object]:
    layers = [layer._asdict() for layer in RECURRENT.convolutions]
    return RECURRENT._asdict() | {"convolutions": layers} | changes


@pytest.mark.parametrize(
    ("arrays", "header"),
    [
        ({"weights.0": np.zeros((5, 4, 3), np.float32)}, {}),
        ({"weights.1": np.full(4, np.nan, np.float32)}, {}),
        ({"weights.1": np.zeros(4)}, {}),
        ({"weights.99": np.zeros(4, np.float32)}, {}),
        ({}, {"without": "state.0"}),
        ({}, {"tasks": ["one"]}),
        ({}, {"tasks": ["one", "two", "three"]}),
        ({}, {"window": 31}),
        ({}, {"window": 3}),
        ({}, {"window": "x"}),
        ({}, {"settings": settings_with(lstm=3)}),
        ({}, {"settings": settings_with(depth=3)}),
        ({}, {"settings": settings_with(padding="causal")}),
        ({}, {"settings": settings_with(convolutions=[])}),
        ({}, {"settings": settings_with(convolutions=["4x5"])}),
        ({}, {"settings": None}),
        ({}, {"about": None}),
    ],
)
def test_what_does_not_fit_together_is_damaged(tmp_path: Path, arrays: dict[str, np.ndarray], header: dict) -> None:
    path = changed(tmp_path / "m.npz", arrays, **header)
    with pytest.raises(InputError) as caught:
        load_any_model(path)
    assert str(caught.value) == f"{path} is damaged; copy or train the network again"


def test_files_that_are_cut_off_or_no_model(tmp_path: Path) -> None:
    path = changed(tmp_path / "m.npz", {})
    assert isinstance(load_any_model(path), LayersModel)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        last = archive.start_dir - 1  # of the last array
    flipped = content[:last] + bytes([content[last] ^ 1]) + content[last + 1 :]
    for broken in (content[: len(content) // 2], flipped, b"ACGT"):
        path.write_bytes(broken)
        with pytest.raises(InputError, match="is no model file, or it is damaged"):
            load_any_model(path)
    with pytest.raises(InputError, match=r"none.npz: No such file or directory; give the path of a model file"):
        load_any_model(tmp_path / "none.npz")
