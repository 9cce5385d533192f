import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deepprune.errors import InputError
from deepprune.io.motif import Motif
from deepprune.io.npz import write_arrays
from deepprune.keys import NetworkKey
from deepprune.models.header import HEADER
from deepprune.models.model_file import Model, Use, load_model_file, save_model_file
from deepprune.models.parameters import initial_parameters

KEY = NetworkKey("few_kernel", "deepprune", "loss", 3, 7)
PLAIN = Model(initial_parameters(5, 3, np.random.default_rng(0)), KEY, Use(5), 30, ("bound",), {"target": "CTCF"})
SIXTH = Motif.of_counts("seed7_kernel1", "", np.array([[1, 2, 3, 0], [0, 0, 6, 0]]), 6, 0.1)
WORDS = replace(
    PLAIN,
    motifs=(replace(SIXTH, background=(0.3, 0.2, 0.2, 0.3)),),
    parameters=PLAIN.parameters._replace(background=np.ones((32, 1), np.float32)),
    use=Use(5, "same", "relu", "both", False, 3),
)


@pytest.mark.parametrize("model", [PLAIN, WORDS], ids=["plain", "with a background"])
def test_a_model_comes_back_whole(tmp_path: Path, model: Model) -> None:
    for name in ("a.npz", "b.npz"):
        save_model_file(tmp_path / name, model)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = load_model_file(tmp_path / "a.npz")
    for one, other in zip(back.parameters, model.parameters, strict=True):
        assert np.array_equal(one, other)
    assert (back.key, back.use, back.window, back.tasks, back.about) == (KEY, model.use, 30, ("bound",), model.about)
    for one, other in zip(back.motifs, model.motifs, strict=True):
        assert (one.name, one.sites, one.background) == (other.name, other.sites, other.background)
        assert np.array_equal(one.probabilities, other.probabilities) and np.array_equal(one.counts, other.counts)
    assert back.kernels == ["seed7_kernel0", "seed7_kernel1", "seed7_kernel2"]


def complaint(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_model_file(path)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    return str(caught.value)


def test_files_that_are_no_model(tmp_path: Path) -> None:
    assert "No such file" in complaint(tmp_path / "none.npz")
    assert "directory" in complaint(tmp_path)
    (tmp_path / "text").write_text("ACGT")
    assert "is no model file" in complaint(tmp_path / "text")
    (tmp_path / "empty").write_bytes(b"")
    assert "is no model file" in complaint(tmp_path / "empty")
    write_arrays(tmp_path / "other.npz", {"codes": np.zeros(3)})
    assert "is no model file" in complaint(tmp_path / "other.npz")
    write_arrays(tmp_path / "other.npz", {HEADER: np.frombuffer(b'{"kind": "x"}', np.uint8)})
    assert "is no model file" in complaint(tmp_path / "other.npz")


def changed(path: Path, arrays: dict[str, np.ndarray], **header: object) -> Path:
    """Write a model file with other arrays and other entries of the header."""
    save_model_file(path, WORDS)
    with np.load(path) as file:
        own = {name: file[name] for name in file.files}
    text = json.dumps(json.loads(own[HEADER].tobytes()) | header).encode()
    write_arrays(path, own | arrays | {HEADER: np.frombuffer(text, np.uint8)})
    return path


def test_a_model_of_a_newer_version_and_models_that_do_not_fit_together(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    assert "written by deepprune 9.0" in complaint(changed(path, {}, version=2, deepprune="9.0"))
    for arrays in ({"bias": np.zeros(2)}, {"weights": np.full((3, 1), np.nan)}, {"background": np.zeros((31, 1))}):
        assert "is damaged" in complaint(changed(path, arrays))
    assert "is damaged" in complaint(changed(path, {}, use={"width": 5, "depth": 3}))
    assert "is damaged" in complaint(changed(path, {}, tasks=["a", "b"]))
    assert "is damaged" in complaint(changed(path, {}, motifs=[{"name": "seed7_kernel1"}]))


def test_every_damaged_byte_of_the_weights_is_found(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    save_model_file(path, WORDS)
    with zipfile.ZipFile(path) as archive:
        # The last byte of each array lies before the next one's header, or before the list of contents.
        places = [*(info.header_offset - 1 for info in archive.infolist()[1:]), archive.start_dir - 1]
    whole = path.read_bytes()
    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert "damaged" in complaint(path)
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in complaint(path)
