"""DeepSEA's bundle as a data set.

It holds the sequences that are positive in a chosen class; each class is a task.
Each part is a file with sequences of 1000 bp, one-hot with the channels A G C T, and labels of 919 classes. Shapes are
those of MATLAB files, of version 7.3 or 5, or (n, 1000, 4) and (n, 919), as in copies that were made anew. Any number
of sequences and classes takes little memory: files are read in slabs, and what is made of them lies in files as well.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.tasks import read_classes
from deepprune.dna.codes import BASES, N_CODE
from deepprune.errors import InputError
from deepprune.io.matlab import Slab, Stored, open_arrays
from deepprune.io.npz import scratch_array
from deepprune.sources.deepsea import PARTS

LENGTH, CLASSES = 1000, 919
CHANNELS = "AGCT"
SPLIT = dict(zip(PARTS, (TRAIN, VALIDATION, TEST), strict=True))
WRONG = 255
# By the channels that are set, a bit each: all zero is N, one is its base
CODES = np.full(1 << len(CHANNELS), WRONG, np.uint8)
CODES[[0, *(1 << place for place in range(len(CHANNELS)))]] = [N_CODE, *map(BASES.index, CHANNELS)]
# Stored axes: those of rows, places and channels of the sequences; of rows and classes of the labels
HDF5_SHAPES = (((2, 0, 1), (1, 0)), ((0, 1, 2), (0, 1)), ((0, 2, 1), (0, 1)))
VERSION_5_SHAPES = (((0, 2, 1), (0, 1)),)


class Part(NamedTuple):
    """A file of the bundle. size: of sequences.  sequences, labels: read them as numbers (rows, places) in slabs."""

    size: int
    sequences: Callable[[], Iterator[Slab]]
    labels: Callable[[], Iterator[Slab]]


def read_bundle(folder: str, classes_path: str, scratch: str) -> Dataset:
    """Return the sequences of a bundle that are positive in one of the classes, in its own split.

    classes_path: a table with the columns task and class, or "" for all classes.  scratch: where arrays lie that memory
    might not hold. InputError if a file is of another form, or cut off.
    """
    classes = read_classes(classes_path, CLASSES) if classes_path else {f"class_{i}": i for i in range(CLASSES)}
    chosen = np.array(list(classes.values()))
    with ExitStack() as opened:
        parts = [open_part(Path(folder) / name, opened) for name in PARTS]
        kept = [positive(part, chosen) for part in parts]
        counts = [int(rows.sum()) for rows in kept]
        codes = scratch_array((sum(counts), LENGTH), scratch)
        labels = scratch_array((sum(counts), len(chosen)), scratch)
        behind = np.cumsum(counts)
        for part, rows, end, count in zip(parts, kept, behind, counts, strict=True):
            copy(part.labels(), rows, chosen, labels[end - count : end])
            copy(part.sequences(), rows, np.arange(LENGTH), codes[end - count : end])
    split = np.repeat(np.array(list(SPLIT.values()), np.uint8), counts)
    return Dataset(codes, labels, split, tuple(classes))


def open_part(path: Path, opened: ExitStack) -> Part:
    """Open a file of the bundle until the end of a stack; InputError if its arrays are not those of the bundle."""
    names = [f"{path.stem}{name}" for name in ("xdata", "data")]
    with readable(path):
        find = opened.enter_context(open_arrays(path))
        sequences, labels = map(find, names)
    for axes, label_axes in HDF5_SHAPES if sequences.hdf5 else VERSION_5_SHAPES:
        shape, label_shape = in_order(sequences, axes), in_order(labels, label_axes)
        if shape[1:] == (LENGTH, len(CHANNELS)) and label_shape == (shape[0], CLASSES):
            arrays = (names[0], sequences, axes), (names[1], labels, label_axes)
            return Part(shape[0], *(functools.partial(slabs, path, *array) for array in arrays))
    raise InputError(
        f"{path}: {names[0]} of shape {sequences.shape} and {names[1]} of shape {labels.shape} do not fit "
        f"DeepSEA's bundle, {LENGTH} bp in {len(CHANNELS)} channels and {CLASSES} classes; give the bundle's own files"
    )


def in_order(stored: Stored, axes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of an array with its axes in this order; () if it has another number of axes."""
    return tuple(stored.shape[axis] for axis in axes) if len(axes) == len(stored.shape) else ()


def slabs(path: Path, name: str, stored: Stored, axes: tuple[int, ...]) -> Iterator[Slab]:
    """Yield the slabs of an array of zeros and ones; of sequences, which have channels, as codes."""
    with readable(path):
        for slab in stored.slabs(axes):
            bits = slab.values.astype(np.uint8, copy=False)
            if bits.max(initial=0) > 1 or (bits is not slab.values and (bits != slab.values).any()):
                raise ValueError(f"{name} holds other numbers than 0 and 1")
            if bits.ndim > 2:
                # Not packbits, which would first copy what is in another order.
                bits = CODES[sum(bits[..., place] << np.uint8(place) for place in range(len(CHANNELS)))]
                if (bits == WRONG).any():
                    raise ValueError(f"{name} holds positions of several bases")
            yield slab._replace(values=bits)


def positive(part: Part, classes: np.ndarray) -> np.ndarray:
    """Return which sequences of a part are positive in one of the classes, bool (n,)."""
    found = np.zeros(part.size, bool)
    for slab in part.labels():
        found[slab.rows] |= slab.values[:, own(classes, slab)[1]].any(axis=1)
    return found


def copy(source: Iterator[Slab], kept: np.ndarray, places: np.ndarray, target: np.ndarray) -> None:
    """Copy the kept rows (bool) of slabs into a target (kept rows, places)."""
    before = np.concatenate([[0], np.cumsum(kept)])
    for slab in source:
        columns, inside = own(places, slab)
        rows = slice(before[slab.rows.start], before[slab.rows.start + len(slab.values)])
        if len(columns) and rows.start < rows.stop:
            target[rows, columns] = slab.values[kept[slab.rows]][:, inside]


def own(places: np.ndarray, slab: Slab) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the places a slab has, and where it has them."""
    inside = np.flatnonzero((places >= slab.places.start) & (places < slab.places.start + slab.values.shape[1]))
    return inside, places[inside] - slab.places.start


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what goes wrong in reading a file of the bundle into an InputError."""
    try:
        yield
    except InputError:
        raise
    except KeyError as error:
        raise InputError(f"{path} holds no array {error.args[0]!r}; give the files of DeepSEA's bundle") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({' '.join(str(error).split())}); fetch it again") from None
