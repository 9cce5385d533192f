"""The best window of each sequence and kernel by table look-ups.

This is the hot spot of training.

One-hot input turns a convolution into table look-ups. The kernel is cut into pieces of three bases, and each piece's
scores of all words of three letters (A C G T N) are tabulated, so that a window of 24 bases costs 8 look-ups and 7
additions instead of 96 multiplications. N scores zero, as a zero column of one-hot input does.
"""

import numpy as np
import tensorflow as tf

LETTERS = 5  # A C G T N
N_CODE = LETTERS - 1
PIECE = 3  # letters; longer pieces need tables beyond the first-level cache, shorter ones more look-ups
WORDS = LETTERS**PIECE
# Windows between two writes of the running maximum: larger numbers mean fewer passes over memory, but a longer
# compilation; with three times as many, XLA no longer makes a single loop.
UNROLL_WINDOWS = 16
UNROLL_LOOKUPS = 128
# On a processor, blocks of as many kernels as a vector has elements, whose tables stay in the first-level cache; this
# many running maxima stay in the second-level cache.
BLOCK_KERNELS = 8
BLOCK_ELEMENTS = 8192


def on_gpu() -> bool:
    """Return whether TensorFlow sees a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))


def _table(kernels: tf.Tensor) -> tf.Tensor:
    """Return the scores of every word for every piece of the kernels: float32 (rows, pieces, kernels).

    The number of rows is a power of two. Rows are the values of `_words`, model after model. The row after them, for
    windows beyond the end, holds -infinity.
    """
    models, length, _, count = kernels.shape
    pieces = -(-length // PIECE)
    padded = tf.pad(kernels, [[0, 0], [0, pieces * PIECE - length], [0, LETTERS - 4], [0, 0]])
    table, *others = tf.unstack(tf.reshape(padded, (models, pieces, PIECE, LETTERS, count)), axis=2)
    for letter in others:
        table = tf.expand_dims(table, 3) + tf.expand_dims(letter, 2)
        table = tf.reshape(table, (models, pieces, -1, count))
    table = tf.reshape(tf.transpose(table, (0, 2, 1, 3)), (-1, pieces, count))
    return tf.pad(table, [[0, _rows(models) - table.shape[0]], [0, 0], [0, 0]], constant_values=float("-inf"))


def _rows(models: int) -> int:
    """Return the number of rows of a table: a power of two above the number of words, at least 256 (a byte)."""
    return max(2**8, 1 << (models * WORDS).bit_length())


def extended(codes: tf.Tensor, beyond: int) -> tf.Tensor:
    """Return the letters followed by `beyond` Ns: uint8 (models x batch, length + beyond)."""
    models, batch, length = codes.shape
    return tf.pad(tf.reshape(codes, (models * batch, length)), [[0, 0], [0, beyond]], constant_values=N_CODE)


def _words(codes: tf.Tensor, kernel_length: int) -> tf.Tensor:
    """Return the table row of the word at each position: (models x batch, positions).

    The smallest sufficient unsigned type takes fewer bytes and lets the look-up skip the check for negative rows.
    """
    models, batch, _ = codes.shape
    kind = tf.uint8 if _rows(models) <= 2**8 else tf.uint16 if _rows(models) <= 2**16 else tf.int32
    letters = tf.cast(extended(codes, -kernel_length % PIECE), kind)
    shape = models * batch, letters.shape[1] - PIECE + 1
    words = tf.constant(np.repeat(np.arange(models), batch)[:, None], kind)
    for base in range(PIECE):
        words = words * LETTERS + tf.slice(letters, (0, base), shape)
    return words


def equal_blocks(count: int, limit: int) -> tuple[int, int]:
    """Return number and size of equal blocks of at most `limit` that hold `count` with little waste."""
    number = -(-count // max(limit, 1))
    return number, -(-count // number)


@tf.function(autograph=False)
def scan_blocks(codes: tf.Tensor, kernels: tf.Tensor, used: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the best score and position over all windows, (rows, kernels) each, by blocks of kernels and of rows."""
    models, length, _, count = kernels.shape
    rows = models * codes.shape[1]
    if on_gpu():  # many small cores: one block
        block_kernels, limit_rows = count, rows
    else:
        block_kernels, limit_rows = BLOCK_KERNELS, BLOCK_ELEMENTS // BLOCK_KERNELS // PIECE
    kernel_blocks = -(-count // block_kernels)
    row_blocks, block_rows = equal_blocks(rows, limit_rows)
    pieces = -(-length // PIECE)
    # Windows are divided into phases by the remainder of their start. Within a phase, a window's word for one piece is
    # the next window's word for the piece before, so that each word is read once.
    per_phase = -(-(codes.shape[2] - length + 1) // PIECE)
    unroll = min(UNROLL_WINDOWS, max(UNROLL_LOOKUPS // pieces, 1))
    # At least two steps: XLA unrolls a loop of one step, and then splits the step into many loops.
    steps, unroll = equal_blocks(per_phase, min(unroll, -(-per_phase // 2)))
    words = _words(codes, length)
    fill = [[0, row_blocks * block_rows - rows], [0, (steps * unroll + pieces - 1) * PIECE - words.shape[1]]]
    words = tf.pad(words, fill, constant_values=models * WORDS)  # beyond the end: no window
    words = tf.reshape(words, (row_blocks, block_rows, -1, PIECE))
    kernels = tf.pad(kernels, [[0, 0], [0, 0], [0, 0], [0, kernel_blocks * block_kernels - count]])
    kernels = tf.transpose(tf.reshape(kernels, (models, length, 4, kernel_blocks, block_kernels)), (3, 0, 1, 2, 4))

    def of_kernels(kernels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        table = _table(kernels)  # made just before it is read, so that it is in the cache
        in_block = tf.TensorSpec((block_rows, block_kernels), tf.complex64)
        (best,) = each_block(
            lambda words: (_best_phase(_scan_block(words, table, unroll)),), words, row_blocks, in_block
        )
        best = tf.reshape(best, (row_blocks * block_rows, block_kernels))[:rows]
        return tf.math.real(best), tf.cast(tf.math.imag(best), tf.int32)

    specs = (tf.TensorSpec((rows, block_kernels), kind) for kind in (tf.float32, tf.int32))
    blocks = each_block(of_kernels, kernels, (used + block_kernels - 1) // block_kernels, *specs)
    score, position = (tf.reshape(tf.transpose(part, (1, 0, 2)), (rows, -1))[:, :count] for part in blocks)
    return score, position


def each_block(  # type: ignore[no-untyped-def]
    function, blocks: tf.Tensor, count: tf.Tensor | int, *results: tf.TensorSpec
) -> tuple[tf.Tensor, ...]:
    """Return the function's results for the first `count` blocks, one after another; zeros for the others."""
    if blocks.shape[0] == 1:
        return tuple(result[None] for result in function(blocks[0]))

    def step(index: tf.Tensor, *arrays: tf.TensorArray) -> tuple[tf.Tensor, ...]:
        values = function(blocks[index])
        return index + 1, *(array.write(index, value) for array, value in zip(arrays, values, strict=True))

    arrays = [tf.TensorArray(result.dtype, blocks.shape[0], element_shape=result.shape) for result in results]
    _, *arrays = tf.while_loop(lambda index, *_: index < count, step, (0, *arrays))
    return tuple(array.stack() for array in arrays)


@tf.function(autograph=False)
def _scan_block(words: tf.Tensor, table: tf.Tensor, unroll: int) -> tf.Tensor:
    """Return the best score and, as imaginary part, its window within the phase: complex64 (rows, phases, kernels).

    words: (rows, a multiple of `unroll` plus all pieces but one, phases).

    The result is one complex number, because XLA compiles whatever has one result into one loop: scores stay in
    registers. With two results it would make two loops that each look everything up again. This is a function of its
    own because tracing it takes longer than all the rest: it is traced once for all networks with blocks of the same
    shape.
    """
    rows, _, phases = words.shape
    table_rows, pieces, kernels = table.shape
    width = unroll + pieces - 1
    steps = (words.shape[1] - pieces + 1) // unroll

    def step(index: tf.Tensor, best: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        first = index * unroll
        here = tf.slice(words, (0, first, 0), (rows, width, phases))
        here = [tf.cast(word, tf.int32) for word in tf.unstack(here, axis=1)]
        # Shared tensors: Python numbers would become new ones at every look-up, and more nodes take longer to trace.
        axis, size = tf.constant(0), tf.constant((rows, phases, 1, kernels))
        starts = [tf.constant((0, 0, piece, 0)) for piece in range(pieces)]

        def look_up(at: int, piece: int) -> tf.Tensor:
            # The mask takes nothing from a word, but tells the compiler that it is within the table: no check. Its
            # upper bits differ from look-up to look-up, or XLA would make one of all of a word, and no loop of that.
            row = tf.bitwise.bitwise_and(here[at], table_rows - 1 | (at * pieces + piece) << 16)
            return tf.slice(tf.gather(table, row, axis=axis), starts[piece], size)

        score, number = tf.math.real(best), tf.math.imag(best)
        for window in range(unroll):
            candidate = tf.squeeze(tf.add_n([look_up(window + piece, piece) for piece in range(pieces)]), 2)
            better = candidate > score
            score = tf.where(better, candidate, score)
            number = tf.where(better, tf.cast(first + window, tf.float32), number)
        return index + 1, tf.complex(score, number)

    shape = rows, phases, kernels
    start = tf.complex(tf.fill(shape, float("-inf")), tf.zeros(shape))
    return tf.while_loop(lambda index, _: index < steps, step, (0, start))[1]


def _best_phase(best: tf.Tensor) -> tf.Tensor:
    """Return the best of all phases and, as imaginary part, its position: complex64 (rows, kernels).

    best: from _scan_block.
    """
    score, position = tf.math.real(best), tf.math.imag(best) * PIECE + tf.range(PIECE, dtype=tf.float32)[:, None]
    best_score, best_position = score[:, 0], position[:, 0]
    for phase in range(1, PIECE):
        here, at = score[:, phase], position[:, phase]
        better = (here > best_score) | ((here == best_score) & (at < best_position))
        best_score, best_position = tf.where(better, here, best_score), tf.where(better, at, best_position)
    return tf.complex(best_score, best_position)
