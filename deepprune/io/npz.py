"""Uncompressed .npz files mapped into memory.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
A mapped array takes memory only for the parts in use, however large it is.
"""

import os
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from deepprune.errors import InputError
from deepprune.io.files import write_atomic

# Size of a member's local header, and the position of the lengths of the name and the extra field that follow it
LOCAL_HEADER = 30
LENGTHS = slice(26, 30)


def write_arrays(path: str | Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays in pieces; equal arrays give equal bytes."""
    with write_atomic(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array, order="C"), allow_pickle=False)


def map_arrays(path: str | Path, names: Iterable[str], rest: bool = False) -> dict[str, np.ndarray]:
    """Return these arrays of a file, mapped read-only; their content is first compared with its checksum.

    rest: whether to return all its other arrays behind them.
    OSError if the file cannot be opened; ValueError if it is damaged, compressed, not an .npz file or lacks an array.
    """
    with Path(path).open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                whole, members = archive.infolist(), {name: archive.getinfo(f"{name}.npy") for name in names}
                if rest:
                    members |= {member.filename.removesuffix(".npy"): member for member in whole}
                if any(member.compress_type != zipfile.ZIP_STORED for member in whole):
                    raise ValueError(f"{path}: the arrays are compressed")
                if damaged := archive.testzip():
                    raise ValueError(f"{path}: {damaged} is damaged")
                return {name: _map(file, archive, member) for name, member in members.items()}
        except (KeyError, zipfile.BadZipFile, RuntimeError, EOFError, OSError, struct.error) as error:
            raise ValueError(f"{path}: {error}") from None


def scratch_array(shape: tuple[int, ...], folder: str | Path | None = None) -> np.ndarray:
    """Return uint8 zeros in a file without a name, which ends with the array; InputError if the disk is too small.

    folder: on whose disk; by default that of the system's temporary files.
    """
    size = int(np.prod(shape, dtype=object))
    if not size:
        return np.zeros(shape, np.uint8)  # an empty array cannot be mapped
    try:
        with tempfile.TemporaryFile(dir=folder or None) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)  # a full disk would otherwise end the process by a signal
            return np.asarray(np.memmap(file, np.uint8, "r+", 0, shape))
    except OSError as error:
        raise InputError(
            f"{folder or tempfile.gettempdir()}: no room for {size:,} bytes ({error.strerror}); make room"
        ) from None


def _map(file: BinaryIO, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """Return one member as a map of its part of the file."""
    with archive.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"{member.filename}: version {version}")
        shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(stream)
        header = stream.tell()
    size = dtype.itemsize * int(np.prod(shape, dtype=object))
    if dtype.hasobject or fortran_order or header + size != member.file_size:
        raise ValueError(f"{member.filename} is no array that can be mapped")
    if not size:
        return np.empty(shape, dtype)  # an empty array cannot be mapped
    file.seek(member.header_offset)
    lengths = struct.unpack("<HH", file.read(LOCAL_HEADER)[LENGTHS])
    offset = member.header_offset + LOCAL_HEADER + sum(lengths) + header
    return np.asarray(np.memmap(file, dtype, "r", offset, shape))
