"""Arrays of MATLAB files.

They are read in slabs, from files of version 5, of version 7.3, or of other HDF5.
https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf (version 5)
Version 7.3 is HDF5, with the dimensions of an array in reverse order.
"""

import functools
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import h5py
import numpy as np

SLAB = 1 << 26  # bytes of a slab, about
ROWS = 4096  # of a slab, unless the file keeps more together
STRIDED = 1 << 16  # rows of a slab where a row's values lie far apart in the file
PIECE = 1 << 16  # bytes that are decompressed at once
HEADER = 128  # bytes of a version 5 file
MATRIX, COMPRESSED = 14, 15
NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}


class Slab(NamedTuple):
    """A part of an array (rows, places) or (rows, places, depth). values: that of these rows and places, all depths."""

    rows: slice
    places: slice
    values: np.ndarray


class Stored(NamedTuple):
    """An array in a file. shape: as stored, HDF5's or MATLAB's.  hdf5: whether it is the former.

    slabs: a function that reads it. Its argument says which stored axes are rows, places and, if there are three,
    depth. ValueError or OSError if the file is damaged.
    """

    shape: tuple[int, ...]
    hdf5: bool
    slabs: Callable[[tuple[int, ...]], Iterator[Slab]]


@contextmanager
def open_arrays(path: str | Path) -> Iterator[Callable[[str], Stored]]:
    """Open a file and yield a function that finds an array by name.

    OSError or ValueError if it is no such file, or a damaged one; KeyError if there is no numeric array of that name.
    """
    if h5py.is_hdf5(path):
        with h5py.File(path, "r") as file:
            yield functools.partial(_of_hdf5, file)
    else:
        with Path(path).open("rb") as file:
            yield functools.partial(_of_version_5, file)


def _of_hdf5(file: h5py.File, name: str) -> Stored:
    """Return an array of an HDF5 file."""
    array = file[name]
    if not isinstance(array, h5py.Dataset) or array.dtype.kind not in "biuf":
        raise KeyError(name)
    return Stored(array.shape, True, functools.partial(_slabs_of_hdf5, array))


def _slabs_of_hdf5(array: h5py.Dataset, axes: tuple[int, ...]) -> Iterator[Slab]:
    """Yield the slabs of an HDF5 array. They consist of whole chunks, so that none is decompressed twice."""
    together = array.chunks or (1,) * array.ndim
    rows, places = (array.shape[axis] for axis in axes[:2])
    depth = array.dtype.itemsize * int(np.prod([array.shape[axis] for axis in axes[2:]]))
    # Of a contiguous array whose last axis is rows, a slab of few rows would be read a few bytes at a time.
    fewest = STRIDED if array.chunks is None and axes[0] == array.ndim - 1 else ROWS
    high = min(rows, _whole(fewest, together[axes[0]]))
    wide = min(places, _whole(max(1, SLAB // max(1, high * depth)), together[axes[1]], up=False))
    for first in range(0, rows, max(1, high)):
        for place in range(0, places, max(1, wide)):
            part = [slice(None)] * array.ndim
            part[axes[0]], part[axes[1]] = slice(first, first + high), slice(place, place + wide)
            yield Slab(part[axes[0]], part[axes[1]], array[tuple(part)].transpose(axes))


def _whole(number: int, unit: int, up: bool = True) -> int:
    """Round a number up or down to a multiple of a unit, one at least."""
    return max(1, -(-number // unit) if up else number // unit) * unit


def _of_version_5(file: BinaryIO, name: str) -> Stored:
    """Return an array of a version 5 file."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEADER)
    order = {b"IM": "<", b"MI": ">"}.get(head[126:128])
    if len(head) < HEADER or not order or not head.startswith(b"MATLAB 5.0"):
        raise ValueError("it is neither HDF5 nor a MATLAB file of version 5")
    while tag := file.read(8):
        kind, size = struct.unpack(f"{order}II", _all(tag, 8))
        behind = file.tell() + size
        if behind > end:
            raise ValueError("it is cut off")
        if kind in (MATRIX, COMPRESSED):
            place = file, file.tell(), order, kind == COMPRESSED
            found, shape, dtype = _read_head(_Stream(*place))
            if found == name and dtype is not None:
                return Stored(shape, False, functools.partial(_slabs_of_version_5, place))
        file.seek(behind)
    raise KeyError(name)


class _Stream:
    """The bytes of an array of a version 5 file, decompressed, in order; several may read one file in turns."""

    def __init__(self, file: BinaryIO, start: int, order: str, compressed: bool) -> None:
        self.file, self.at, self.order = file, start, order
        self.inflate = zlib.decompressobj() if compressed else None
        if compressed:
            self.element()  # the tag of the array inside

    def stored(self, size: int) -> bytes:
        """Return the next bytes of the file, so many at most."""
        self.file.seek(self.at)
        content = self.file.read(size)
        self.at += len(content)
        return content

    def read(self, size: int) -> bytes:
        """Return so many bytes; ValueError if there are fewer."""
        if self.inflate is None:
            return _all(self.stored(size), size)
        parts, missing = [], size
        while missing and not self.inflate.eof:
            parts.append(self.some(self.inflate, missing))
            missing -= len(parts[-1])
        return _all(b"".join(parts), size)

    def some(self, inflate: Any, most: int) -> bytes:
        """Return the next decompressed bytes, so many at most and perhaps none yet; ValueError if the file ends."""
        packed = inflate.unconsumed_tail or self.stored(PIECE)
        try:
            part: bytes = inflate.decompress(packed, most)
        except zlib.error as error:
            raise ValueError(f"its compressed part is damaged ({error})") from None
        if not packed and not part:
            raise ValueError("it is cut off")
        return part

    def finish(self) -> None:
        """Read to the end of what is compressed, where its checksum stands; ValueError if that is wrong."""
        while self.inflate is not None and not self.inflate.eof:
            self.some(self.inflate, PIECE)

    def element(self) -> tuple[int, int, int]:
        """Return type, size, and padding behind, of the element whose tag comes next."""
        (word,) = struct.unpack(f"{self.order}I", self.read(4))
        if word >> 16:  # a small element, whose content is in its tag
            return word & 0xFFFF, word >> 16, 4 - (word >> 16)
        (size,) = struct.unpack(f"{self.order}I", self.read(4))
        return word, size, -size % 8

    def content(self) -> tuple[int, bytes]:
        """Return type and content of the next element."""
        kind, size, padding = self.element()
        return kind, self.read(size + padding)[:size]


def _read_head(stream: _Stream) -> tuple[str, tuple[int, ...], Any]:
    """Return name, shape and stored numbers of the array that comes next; None as the numbers of another kind."""
    _, flags = stream.content()
    _, sizes = stream.content()
    _, name = stream.content()
    shape = tuple(struct.unpack(f"{stream.order}{len(sizes) // 4}i", sizes))
    (word,) = struct.unpack(f"{stream.order}I", flags[:4])
    if not 6 <= word & 0xFF <= 15 or word & 0x800:  # numbers, and no complex ones
        return name.decode("latin-1"), shape, None
    kind, size, _ = stream.element()
    dtype = np.dtype(stream.order + NUMBERS[kind]) if kind in NUMBERS else None
    if dtype is not None and size != dtype.itemsize * int(np.prod(shape, dtype=object)):
        raise ValueError(f"{size} bytes do not fit {name.decode('latin-1')} of shape {shape}")
    return name.decode("latin-1"), shape, dtype


def _slabs_of_version_5(place: tuple[BinaryIO, int, str, bool], axes: tuple[int, ...]) -> Iterator[Slab]:
    """Yield the slabs of a version 5 array: all rows, some places. Its first axis varies fastest."""
    stream = _Stream(*place)
    _, shape, dtype = _read_head(stream)
    if axes not in ((0, 1), (0, 2, 1)):
        raise ValueError(f"axes {axes} of a version 5 file")
    rows, places = shape[0], shape[-1]
    depth = shape[1:-1]
    each = rows * int(np.prod(depth)) * dtype.itemsize
    wide = max(1, SLAB // max(1, each))
    for first in range(0, places, wide):
        many = min(wide, places - first)
        values = np.frombuffer(stream.read(many * each), dtype).reshape(many, *depth[::-1], rows)
        turned = values.transpose(2, 0, 1) if depth else values.T
        yield Slab(slice(0, rows), slice(first, first + many), turned)
    stream.finish()


def _all(content: bytes, size: int) -> bytes:
    """Return bytes; ValueError if there are fewer than so many."""
    if len(content) < size:
        raise ValueError("it is cut off")
    return content
