"""Small bundles of the form of DeepSEA's."""

import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
from scipy.io import savemat

LENGTH, CLASSES = 1000, 919
SIZES = {"train": 90, "valid": 30, "test": 40}


class Content(NamedTuple):
    """What a part of a bundle holds: codes (n, 1000), 4 for N, and labels (n, 919)."""

    codes: np.ndarray
    labels: np.ndarray


def contents(seed: int = 0, sizes: Mapping[str, int] = SIZES, share: float = 0.1) -> dict[str, Content]:
    """Return random parts, a share of whose labels are positive."""
    rng = np.random.default_rng(seed)
    return {
        part: Content(
            rng.integers(0, 5, (size, LENGTH), dtype=np.uint8),
            (rng.random((size, CLASSES)) < share).astype(np.uint8),
        )
        for part, size in sizes.items()
    }


def one_hot(codes: np.ndarray) -> np.ndarray:
    """Return sequences (n, 1000, 4) with the bundle's channels, A G C T."""
    return np.eye(5, 4, dtype=np.uint8)[codes][..., [0, 2, 1, 3]]


def write_bundle(folder: Path, parts: Mapping[str, Content]) -> None:
    """Write train.mat as MATLAB's version 7.3 does, and valid.mat and test.mat of version 5, the latter compressed."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, (codes, labels) in parts.items():
        if part == "train":
            write_hdf5(folder / f"{part}.mat", one_hot(codes).transpose(1, 2, 0), labels.T)
        else:
            arrays = {f"{part}xdata": one_hot(codes).transpose(0, 2, 1), f"{part}data": labels}
            savemat(folder / f"{part}.mat", arrays, do_compression=part == "test")


def write_hdf5(file: Path, sequences: np.ndarray, labels: np.ndarray, packed: bool = True) -> None:
    """Write a part as HDF5 in these shapes, in compressed chunks or contiguous."""
    with h5py.File(file, "w", userblock_size=512) as opened:
        for name, array in (("xdata", sequences), ("data", labels)):
            opened.create_dataset(f"{file.stem}{name}", data=array, compression="gzip" if packed else None)


def pack(folder: Path, bundle: Path) -> None:
    """Pack the files of a folder as DeepSEA's bundle is, in a folder of its own beside a readme."""
    with tarfile.open(bundle, "w:gz") as archive:
        for file in sorted(folder.iterdir()):
            archive.add(file, f"deepsea_train/{file.name}")
