import json
from pathlib import Path

import numpy as np
import pytest

from deepprune import __version__
from deepprune.errors import InputError
from deepprune.io.npz import write_arrays
from deepprune.models.header import HEADER, KERNELS, LAYERS, VERSIONS, read_content, write_content

ARRAYS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.zeros(0, np.float32)}


@pytest.mark.parametrize("kind", [KERNELS, LAYERS])
def test_content_comes_back_whole(tmp_path: Path, kind: str) -> None:
    for name in ("a.npz", "b.npz"):
        write_content(tmp_path / name, kind, {"tasks": ["é"]}, ARRAYS)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    found = read_content(tmp_path / "a.npz")
    assert found.kind == kind and found.header["tasks"] == ["é"] and found.header["deepprune"] == __version__
    assert list(found.arrays) == ["a", "b"] and np.array_equal(found.arrays["a"], ARRAYS["a"])
    assert not found.arrays["a"].flags.writeable


@pytest.mark.parametrize("header", [b"", b"[]", b"{}", b'{"kind": "x", "version": 1}', b'{"kind": []}', b"\xff"])
def test_headers_of_something_else(tmp_path: Path, header: bytes) -> None:
    write_arrays(tmp_path / "x.npz", {HEADER: np.frombuffer(header, np.uint8)})
    with pytest.raises(InputError, match=r"x.npz is no model file, or it is damaged; give a model.npz of deepprune"):
        read_content(tmp_path / "x.npz")


def test_the_weights_of_all_seeds_are_no_model_but_it_lies_beside_them(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "cnn.npz", **ARRAYS)
    (tmp_path / "cnn.model.npz").touch()
    with pytest.raises(InputError) as caught:
        read_content(tmp_path / "cnn.npz")
    assert str(caught.value).endswith(f"damaged; the model file is {tmp_path / 'cnn.model.npz'}")


@pytest.mark.parametrize("kind", [KERNELS, LAYERS])
def test_other_versions_are_told(tmp_path: Path, kind: str) -> None:
    header = {"kind": kind, "version": VERSIONS[kind] + 1, "deepprune": "9.0"}
    write_arrays(tmp_path / "x.npz", {HEADER: np.frombuffer(json.dumps(header).encode(), np.uint8)})
    with pytest.raises(InputError, match=r"was written by deepprune 9.0, whose model files \(version 2\) this"):
        read_content(tmp_path / "x.npz")
