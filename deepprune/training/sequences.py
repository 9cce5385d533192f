"""The sequences of an epoch, in one tensor or in chunks."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from deepprune.data.dataset import Dataset
from deepprune.dna.codes import reverse_complement
from deepprune.models.architecture import Architecture, Inputs
from deepprune.training.early_stopping import Run

# Larger training sets stay in their file; each chunk of an epoch is read when it is needed.
RESIDENT_BYTES = 256 * 2**20
CHUNK_BYTES = 32 * 2**20


class Part:
    """The sequences of one part of a data set, read on access."""

    def __init__(self, data: Dataset, split: int) -> None:
        self._codes, self._rows = data.codes, data.rows(split)
        self.labels = np.asarray(data.labels[self._rows])  # uint8 (sequences, tasks)
        self.length = int(data.codes.shape[1])

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> np.ndarray:
        """Return the codes of some sequences: uint8 (some, length); index: a slice or an array of places."""
        return np.asarray(self._codes[self._rows[index]])


class OtherStrand(Part):
    """The reverse complements of the sequences of a part, in their order."""

    def __init__(self, part: Part) -> None:
        self._codes, self._rows = part._codes, part._rows
        self.labels, self.length = part.labels, part.length

    def __getitem__(self, index: Any) -> np.ndarray:
        """Return the codes of some sequences; see Part."""
        return reverse_complement(super().__getitem__(index))


class Source:
    """What a network reads of sequences, on access.

    sequences: a part of a data set, or codes, uint8 (sequences, length).
    """

    def __init__(self, sequences: Part | np.ndarray, network: Architecture) -> None:
        self._sequences, self._network = sequences, network
        one = tf.nest.map_structure(lambda array: array[:1], network.inputs(sequences[:1]))
        self.specs = tf.nest.map_structure(lambda array: tf.TensorSpec(array.shape[1:], array.dtype), one)
        self.row_bytes = max(1, sum(array.nbytes for array in tf.nest.flatten(one)))

    def __len__(self) -> int:
        return len(self._sequences)

    @property
    def resident(self) -> bool:
        """Whether all fit into memory."""
        return len(self) * self.row_bytes <= RESIDENT_BYTES

    def __getitem__(self, index: Any) -> Inputs:
        """Return the inputs of some sequences; index: a slice or an array of places."""
        return self._network.inputs(self._sequences[index])

    def padded(self, index: Any, rows: int) -> Inputs:
        """Return the inputs of some sequences as tensors of this many rows, the last of which are padding."""

        def fill(array: np.ndarray) -> tf.Tensor:
            return tf.constant(np.pad(array, [(0, rows - len(array))] + [(0, 0)] * (array.ndim - 1)))

        return tf.nest.map_structure(fill, self[index])

    def shapes(self, *rows: int) -> Inputs:
        """Return the shapes and types of these inputs in so many rows."""
        return tf.nest.map_structure(lambda spec: tf.TensorSpec((*rows, *spec.shape), spec.dtype), self.specs)


class InOrder:
    """What a network reads of sequences, in their order and in parts of one shape, the last of which is padded.

    rows: of a part.  keep: whether to make the parts once and keep them, if they are few enough.
    """

    def __init__(self, source: Source, rows: int, keep: bool = False) -> None:
        self.source, self.rows = source, rows
        self._kept = list(self._made()) if keep and source.resident else None

    def __iter__(self) -> Iterator[tuple[Inputs, int]]:
        """Yield the inputs of each part, tensors, and how many of its rows are sequences."""
        return self._made() if self._kept is None else iter(self._kept)

    def _made(self) -> Iterator[tuple[Inputs, int]]:
        for first in range(0, len(self.source), self.rows):
            count = min(self.rows, len(self.source) - first)
            yield self.source.padded(slice(first, first + count), self.rows), count


class Batches(NamedTuple):
    """The input of one call of a program, an epoch or a chunk of it; tensors.

    inputs: what the network reads, a nest whose first axis is the rows.  count: int32 (), the number of rows that are
    sequences; the others are padding.  labels: float32 (models, rows, tasks).  orders: int32 (models, rows in batches),
    the order of the rows for each model.  random: int32 (models, 2), a seed for each model.
    """

    inputs: Any
    count: Any
    labels: Any
    orders: Any
    random: Any


class Resident:
    """All sequences in memory, whose rows are read in random order."""

    def __init__(self, source: Source, batch_size: int) -> None:
        self.source, self.count, self.batch_size = source, len(source), batch_size
        # Padded to a round number of rows, so that data sets of similar size share a compiled program on disk.
        self.rows = round_up(self.count)
        self.inputs = source.padded(slice(None), self.rows)

    def targets(self, labels: Sequence[np.ndarray]) -> tf.Tensor:
        """Return the labels of each model in the form that `epoch` takes."""
        fill = ((0, 0), (0, self.rows - self.count), (0, 0))
        return tf.constant(np.pad(np.stack(labels), fill), tf.float32)

    def epoch(self, runs: Sequence[Run], targets: tf.Tensor, stochastic: bool) -> Iterator[Batches]:
        """Yield the only chunk of an epoch, with an order for each run."""
        orders = np.stack([self._order(run.rng) for run in runs])
        yield Batches(self.inputs, tf.constant(self.count), targets, tf.constant(orders), seeds(runs, stochastic))

    def specs(self, tasks: int) -> Batches:
        """Return the shapes of the input of one model."""
        return batch_specs(self.source, self.rows, tasks, self.batch_size)

    def _order(self, rng: np.random.Generator) -> np.ndarray:
        """Return the sequences in random order: int32 (rows in batches,); padding repeats the first."""
        order = rng.permutation(self.count)
        return np.pad(order, (0, whole_batches(self.rows, self.batch_size) - self.count)).astype(np.int32)


class Streamed:
    """Sequences that stay in their file: chunks of an epoch are read when needed. For one model at a time."""

    def __init__(self, source: Source, batch_size: int) -> None:
        self.source, self.count, self.batch_size = source, len(source), batch_size
        self.rows = whole_batches(max(1, CHUNK_BYTES // source.row_bytes), batch_size)

    def targets(self, labels: Sequence[np.ndarray]) -> np.ndarray:
        """Return the labels of the only model in the form that `epoch` takes."""
        (one,) = labels
        return one

    def epoch(self, runs: Sequence[Run], targets: np.ndarray, stochastic: bool) -> Iterator[Batches]:
        """Yield the chunks of an epoch in the order of the only run."""
        order = runs[0].rng.permutation(self.count)
        in_turn = tf.range(self.rows)[None]
        for first in range(0, self.count, self.rows):
            rows = order[first : first + self.rows]
            labels = np.pad(targets[rows], ((0, self.rows - len(rows)), (0, 0)))
            inputs, count = self.source.padded(rows, self.rows), tf.constant(len(rows))
            yield Batches(inputs, count, tf.constant(labels[None], tf.float32), in_turn, seeds(runs, stochastic))

    def specs(self, tasks: int) -> Batches:
        """Return the shapes of the input of the only model."""
        return batch_specs(self.source, self.rows, tasks, self.batch_size)


def feed(part: Part, network: Architecture, batch_size: int) -> Resident | Streamed:
    """Return how epochs read what a network reads of these sequences: resident or streamed."""
    source = Source(part, network)
    return Resident(source, batch_size) if source.resident else Streamed(source, batch_size)


def seeds(runs: Sequence[Run], stochastic: bool) -> tf.Tensor:
    """Return a seed for each run, int32 (models, 2); zeros if the network draws no random numbers."""
    if not stochastic:
        return tf.zeros((len(runs), 2), tf.int32)
    return tf.constant(np.stack([run.seed() for run in runs]))


def batch_specs(source: Source, rows: int, tasks: int, batch_size: int) -> Batches:
    """Return the shapes and types of `Batches` of one model."""
    spec = tf.TensorSpec
    return Batches(
        source.shapes(rows),
        spec((), tf.int32),
        spec((1, rows, tasks), tf.float32),
        spec((1, whole_batches(rows, batch_size)), tf.int32),
        spec((1, 2), tf.int32),
    )


def whole_batches(rows: int, batch_size: int) -> int:
    """Return the number of rows of the smallest number of whole batches that hold these rows."""
    return -(-rows // batch_size) * batch_size


def round_up(count: int) -> int:
    """Return the next number with four significant bits, at most an eighth larger.

    Below 512, return the next multiple of 64.
    """
    step = max(64, 1 << max(0, count.bit_length() - 4))
    return -(-count // step) * step
