"""Arrays of MATLAB files, in slabs."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from deepprune.io import matlab
from deepprune.io.matlab import Stored, open_arrays


@pytest.fixture(params=[1, 60, 1 << 26], ids=["narrow", "some", "whole"])
def slabs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in slabs of so many bytes, and of few rows."""
    monkeypatch.setattr(matlab, "SLAB", request.param)
    monkeypatch.setattr(matlab, "ROWS", 4)
    monkeypatch.setattr(matlab, "STRIDED", 5)
    monkeypatch.setattr(matlab, "PIECE", 7)


def whole(stored: Stored, axes: tuple[int, ...]) -> np.ndarray:
    """Put the slabs of an array together; each value comes once."""
    made = np.zeros([stored.shape[axis] for axis in axes])
    seen = np.zeros(made.shape, int)
    for slab in stored.slabs(axes):
        made[slab.rows, slab.places] = slab.values
        seen[slab.rows, slab.places] += 1
    assert (seen == 1).all()
    return made


def numbers(*shape: int, dtype: Any = np.uint8) -> np.ndarray:
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint32, np.float64, bool])
@pytest.mark.parametrize("packed", [False, True])
def test_version_5(tmp_path: Path, slabs: None, dtype: Any, packed: bool) -> None:
    cube, table = numbers(13, 4, 6, dtype=dtype), numbers(13, 9, dtype=dtype)
    others = {"text": "before", "cells": np.array([[1, "a"]], object), "row": numbers(1, 3)}
    savemat(tmp_path / "x.mat", others | {"cube": cube, "a": table}, do_compression=packed)
    with open_arrays(tmp_path / "x.mat") as find:
        for name, array, axes in (("cube", cube.transpose(0, 2, 1), (0, 2, 1)), ("a", table, (0, 1))):
            assert (find(name).shape, find(name).hdf5) == ((cube if name == "cube" else table).shape, False)
            np.testing.assert_array_equal(whole(find(name), axes), array)
        # two arrays in turns
        pairs = zip(find("cube").slabs((0, 2, 1)), itertools.cycle(find("a").slabs((0, 1))), strict=False)
        assert all(slab.values.tolist() == cube.transpose(0, 2, 1)[:, slab.places].tolist() for slab, _ in pairs)
        for missing in ("text", "cells", "other"):
            with pytest.raises(KeyError, match=missing):
                find(missing)
        with pytest.raises(ValueError, match="axes"):
            next(find("a").slabs((1, 0)))


def chunkings(shape: tuple[int, ...]) -> Iterator[tuple[int, ...] | None]:
    yield None
    yield tuple(max(1, size // 3) for size in shape)
    yield shape


@pytest.mark.parametrize("axes", [(2, 0, 1), (0, 1, 2), (0, 2, 1), (1, 0), (0, 1)])
def test_hdf5(tmp_path: Path, slabs: None, axes: tuple[int, ...]) -> None:
    array = numbers(11, 5, 13)[: len(axes) * 11 or None] if len(axes) == 3 else numbers(11, 13)
    for place, chunks in enumerate(chunkings(array.shape)):
        with h5py.File(tmp_path / f"{place}.mat", "w", userblock_size=512) as file:
            file.create_dataset("x", data=array, chunks=chunks, compression="gzip" if chunks else None)
            file["text"] = "abc"
            file.create_group("group")
        with open_arrays(tmp_path / f"{place}.mat") as find:
            assert (find("x").shape, find("x").hdf5) == (array.shape, True)
            np.testing.assert_array_equal(whole(find("x"), axes), array.transpose(axes))
            for missing in ("text", "group", "other"):
                with pytest.raises(KeyError, match=missing):
                    find(missing)


def test_slabs_hold_whole_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matlab, "ROWS", 4)
    monkeypatch.setattr(matlab, "SLAB", 100)
    with h5py.File(tmp_path / "x.mat", "w") as file:
        file.create_dataset("x", data=numbers(20, 4, 30), chunks=(3, 4, 7))
    with open_arrays(tmp_path / "x.mat") as find:
        places = [(slab.rows.start, slab.places.start) for slab in find("x").slabs((2, 0, 1))]
    assert places == [(row, place) for row in range(0, 30, 7) for place in range(0, 20, 3)]


@pytest.mark.parametrize("packed", [False, True])
def test_version_5_cut_off_or_damaged(tmp_path: Path, packed: bool) -> None:
    rng = np.random.default_rng(0)
    savemat(tmp_path / "x.mat", {"x": rng.integers(0, 2, (50, 40), dtype=np.uint8)}, do_compression=packed)
    content = (tmp_path / "x.mat").read_bytes()
    for size in [*range(128, 300, 13), len(content) - 1]:
        (tmp_path / "cut.mat").write_bytes(content[:size])
        with pytest.raises((ValueError, KeyError)), open_arrays(tmp_path / "cut.mat") as find:
            whole(find("x"), (0, 1))
    if packed:
        (tmp_path / "cut.mat").write_bytes(content[:-2] + b"xy")  # the checksum
        with pytest.raises(ValueError, match="damaged"), open_arrays(tmp_path / "cut.mat") as find:
            whole(find("x"), (0, 1))


def test_hdf5_cut_off(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.mat", "w") as file:
        file["x"] = np.zeros((100, 100))
    content = (tmp_path / "x.mat").read_bytes()
    (tmp_path / "x.mat").write_bytes(content[:-100])
    with pytest.raises(OSError, match="truncated"), open_arrays(tmp_path / "x.mat"):
        pass


@pytest.mark.parametrize("content", [b"", b"MATLAB 5.0", b"x" * 500])
def test_no_such_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.mat").write_bytes(content)
    with pytest.raises(ValueError, match="neither HDF5 nor"), open_arrays(tmp_path / "x.mat") as find:
        find("x")
    with pytest.raises(FileNotFoundError), open_arrays(tmp_path / "none.mat") as find:
        pass
