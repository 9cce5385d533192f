"""Convolution and global max pooling of coded DNA.

This is the hot spot of training.

One-hot input turns a convolution into table look-ups. The kernel is cut into pieces of three bases, and each piece's
scores of all words of three letters (A C G T N) are tabulated, so that a window of 24 bases costs 8 look-ups and 7
additions instead of 96 multiplications. Only the best window of each kernel receives gradient: each of its letters adds
the score's gradient to one weight. N scores zero, as a zero column of one-hot input does.
"""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

LETTERS = 5  # A C G T N
N_CODE = LETTERS - 1
PIECE = 3  # letters; longer pieces need tables beyond the first-level cache, shorter ones more look-ups
WORDS = LETTERS**PIECE
NIBBLES = 8  # one-hot letters of four bits in an int32
# Windows between two writes of the running maximum, and rows between two writes of the gradient: larger numbers mean
# fewer passes over memory, but a longer compilation; with three times as many, XLA no longer makes a single loop.
UNROLL_WINDOWS = 16
UNROLL_LOOKUPS = 128
UNROLL_ROWS = 4
# On a processor, blocks of as many kernels as a vector has elements, whose tables stay in the first-level cache; this
# many running maxima stay in the second-level cache.
BLOCK_KERNELS = 8
BLOCK_ELEMENTS = 8192
LANES = 16  # blocks of fewer kernels make the gradient slower


def on_gpu() -> bool:
    """Return whether TensorFlow sees a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))


class Best(NamedTuple):
    """The best window of each sequence and kernel: tensors (models, batch, kernels).

    score: float32, with bias.  position: int32, of the window, counted from the first one, which padding "same" starts
    before the sequence.  reverse: bool, whether the window is read as its reverse complement; None on one strand.
    """

    score: Any
    position: Any
    reverse: Any = None


def scan(
    codes: tf.Tensor,
    kernels: tf.Tensor,
    bias: tf.Tensor,
    padding: str = "valid",
    used: tf.Tensor | None = None,
    strands: str = "one",
) -> Best:
    """Score every window with every kernel and keep the best; for several models at once, each with its own sequences.

    codes: uint8, shape (models, batch, length), 0-3 for A C G T and 4 for N.  kernels: float32, (models, width, 4,
    kernels), kernels last, as the loops are vectorized along them.  bias: float32, (models, kernels).
    padding: "valid", or "same" as TensorFlow defines it.
    used: scan only the first `used` kernels, int32; by default all. The others must be zeros and take almost no time;
    nothing may depend on their scores, which are their biases.
    strands: "one", or "both": each window is read forward and as its reverse complement.

    The score is differentiable in kernels and bias. Where several windows tie, the first of the forward strand
    counts, or else the first of the other. All shapes must be static. Meant to be compiled by XLA.
    """
    length, width = codes.shape[2], kernels.shape[1]
    if padding == "same":
        before = (width - 1) // 2
        codes = tf.pad(codes, [[0, 0], [0, 0], [before, width - 1 - before]], constant_values=N_CODE)
    elif length < width:
        raise ValueError(f"a kernel of length {width} does not fit into sequences of length {length}")
    every = tf.constant(kernels.shape[3]) if used is None else used
    score, *window = _best_of_both(codes, kernels, every) if strands == "both" else _best(codes, kernels, every)
    return Best(score + bias[:, None, :], *window)


@tf.custom_gradient
def _best(codes: tf.Tensor, kernels: tf.Tensor, used: tf.Tensor):  # type: ignore[no-untyped-def]
    """Return the best score and its first position: (models, batch, kernels) each."""
    score, position = _scan_blocks(codes, kernels, used)
    shape = (*codes.shape[:2], kernels.shape[3])
    position = tf.reshape(position, shape)

    def gradient(d_score: tf.Tensor, _: tf.Tensor) -> tuple[None, tf.Tensor, None]:
        return None, _kernel_gradient(codes, position, d_score, kernels.shape[1], used), None

    return (tf.reshape(score, shape), position), gradient


@tf.custom_gradient
def _best_of_both(codes: tf.Tensor, kernels: tf.Tensor, used: tf.Tensor):  # type: ignore[no-untyped-def]
    """Return the best score on both strands, its first position, and whether it is on the reverse strand."""
    models, batch, length = codes.shape
    width, count = kernels.shape[1], kernels.shape[3]
    # A window's reverse complement scores with a kernel as the window does with the kernel's.
    strands = (_scan_blocks(codes, strand, used) for strand in (kernels, kernels[:, ::-1, ::-1]))
    (forward, first), (other, second) = strands
    reverse = other > forward
    shape = models, batch, count
    score, position, reverse = (
        tf.reshape(value, shape)
        for value in (tf.where(reverse, other, forward), tf.where(reverse, second, first), reverse)
    )

    def gradient(d_score: tf.Tensor, *_: tf.Tensor) -> tuple[None, tf.Tensor, None]:
        # As read on its strand, a window is one of the sequence or one of its reverse complement, a further row.
        rows = tf.concat([codes, _other_strand(codes)], axis=1)
        as_read = tf.where(reverse, length - width - position, position)
        return None, _kernel_gradient(rows, as_read, d_score, width, used, reverse), None

    return (score, position, reverse), gradient


def _other_strand(codes: tf.Tensor) -> tf.Tensor:
    """Return the other strand of each sequence, uint8 of the same shape; N stays N."""
    return tf.where(codes == N_CODE, codes, 3 - codes)[..., ::-1]


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


def _extended(codes: tf.Tensor, beyond: int) -> tf.Tensor:
    """Return the letters followed by `beyond` Ns: uint8 (models x batch, length + beyond)."""
    models, batch, length = codes.shape
    return tf.pad(tf.reshape(codes, (models * batch, length)), [[0, 0], [0, beyond]], constant_values=N_CODE)


def _words(codes: tf.Tensor, kernel_length: int) -> tf.Tensor:
    """Return the table row of the word at each position: (models x batch, positions).

    The smallest sufficient unsigned type takes fewer bytes and lets the look-up skip the check for negative rows.
    """
    models, batch, _ = codes.shape
    kind = tf.uint8 if _rows(models) <= 2**8 else tf.uint16 if _rows(models) <= 2**16 else tf.int32
    letters = tf.cast(_extended(codes, -kernel_length % PIECE), kind)
    shape = models * batch, letters.shape[1] - PIECE + 1
    words = tf.constant(np.repeat(np.arange(models), batch)[:, None], kind)
    for base in range(PIECE):
        words = words * LETTERS + tf.slice(letters, (0, base), shape)
    return words


def _blocks(count: int, limit: int) -> tuple[int, int]:
    """Return number and size of equal blocks of at most `limit` that hold `count` with little waste."""
    number = -(-count // max(limit, 1))
    return number, -(-count // number)


@tf.function(autograph=False)
def _scan_blocks(codes: tf.Tensor, kernels: tf.Tensor, used: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the best score and position over all windows, (rows, kernels) each, by blocks of kernels and of rows."""
    models, length, _, count = kernels.shape
    rows = models * codes.shape[1]
    if on_gpu():  # many small cores: one block
        block_kernels, limit_rows = count, rows
    else:
        block_kernels, limit_rows = BLOCK_KERNELS, BLOCK_ELEMENTS // BLOCK_KERNELS // PIECE
    kernel_blocks = -(-count // block_kernels)
    row_blocks, block_rows = _blocks(rows, limit_rows)
    pieces = -(-length // PIECE)
    # Windows are divided into phases by the remainder of their start. Within a phase, a window's word for one piece is
    # the next window's word for the piece before, so that each word is read once.
    per_phase = -(-(codes.shape[2] - length + 1) // PIECE)
    unroll = min(UNROLL_WINDOWS, max(UNROLL_LOOKUPS // pieces, 1))
    # At least two steps: XLA unrolls a loop of one step, and then splits the step into many loops.
    steps, unroll = _blocks(per_phase, min(unroll, -(-per_phase // 2)))
    words = _words(codes, length)
    fill = [[0, row_blocks * block_rows - rows], [0, (steps * unroll + pieces - 1) * PIECE - words.shape[1]]]
    words = tf.pad(words, fill, constant_values=models * WORDS)  # beyond the end: no window
    words = tf.reshape(words, (row_blocks, block_rows, -1, PIECE))
    kernels = tf.pad(kernels, [[0, 0], [0, 0], [0, 0], [0, kernel_blocks * block_kernels - count]])
    kernels = tf.transpose(tf.reshape(kernels, (models, length, 4, kernel_blocks, block_kernels)), (3, 0, 1, 2, 4))

    def of_kernels(kernels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        table = _table(kernels)  # made just before it is read, so that it is in the cache
        in_block = tf.TensorSpec((block_rows, block_kernels), tf.complex64)
        (best,) = _each(lambda words: (_best_phase(_scan_block(words, table, unroll)),), words, row_blocks, in_block)
        best = tf.reshape(best, (row_blocks * block_rows, block_kernels))[:rows]
        return tf.math.real(best), tf.cast(tf.math.imag(best), tf.int32)

    specs = (tf.TensorSpec((rows, block_kernels), kind) for kind in (tf.float32, tf.int32))
    blocks = _each(of_kernels, kernels, (used + block_kernels - 1) // block_kernels, *specs)
    score, position = (tf.reshape(tf.transpose(part, (1, 0, 2)), (rows, -1))[:, :count] for part in blocks)
    return score, position


def _each(  # type: ignore[no-untyped-def]
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


def _kernel_gradient(
    codes: tf.Tensor,
    position: tf.Tensor,
    d_score: tf.Tensor,
    kernel_length: int,
    used: tf.Tensor,
    reverse: tf.Tensor | None = None,
) -> tf.Tensor:
    """Return the sum of the best windows' one-hot letters, each times its d_score.

    The shape is float32 (models, kernel length, 4, kernels).  reverse: whether a window is one of the other strand;
    codes then holds both, (models, 2 batch, length), and positions are counted on the window's own strand.
    """
    models, batch, kernels = position.shape
    strands = codes.shape[1] // batch
    groups = -(-kernel_length // NIBBLES)
    # Zero, available once the scan is done: beside it on another thread, this would cost more wake-ups than it saves.
    zero = tf.minimum(position[0, 0, 0], 0)
    letters = _nibbles(tf.transpose(_extended(codes, groups * NIBBLES - kernel_length)), zero)
    flat = tf.reshape(letters, (-1,))
    starts = tf.range(groups)[:, None, None] * (NIBBLES * models * strands * batch)
    sequences = np.arange(models)[:, None] * strands * batch + np.arange(batch)
    rows = tf.reshape(tf.constant(sequences, tf.int32), (models, batch, 1, 1, 1)) + starts
    steps, unroll = _blocks(batch, min(UNROLL_ROWS, batch))
    # A quarter at a time: unused kernels cost nothing, and the sums stay in the first-level cache.
    width = kernels if on_gpu() else -(-kernels // (4 * LANES)) * LANES
    number = -(-kernels // width)
    fill = [[0, 0], [0, 0], [0, number * width - kernels]]
    position, d_score = tf.pad(position, fill), tf.pad(d_score, fill)
    further = None if reverse is None else tf.pad(batch * tf.cast(reverse, tf.int32), fill)
    to_sign_bit = tf.reshape(31 - tf.range(4 * NIBBLES), (1, 1, 1, 4 * NIBBLES, 1))

    def of_kernels(block: tf.Tensor) -> tuple[tf.Tensor]:
        here = (0, 0, block * width), (models, batch, width)
        index = tf.slice(position, *here)[:, :, None, None] * (models * strands * batch) + rows
        if further is not None:
            index += tf.slice(further, *here)[:, :, None, None]
        # The letters of each best window, and its d_score: (models, batch, groups, 1, kernels).
        fill = [[0, 0], [0, steps * unroll - batch], [0, 0], [0, 0], [0, 0]]
        letters = tf.pad(tf.gather(flat, index), fill)
        d_block = tf.pad(tf.slice(d_score, *here)[:, :, None, None], fill)

        def step(index: tf.Tensor, total: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            for row in range(unroll):  # one slice each, as above
                window, d_row = (
                    tf.slice(values, (0, index * unroll + row, 0, 0, 0), (models, 1, *values.shape[2:]))
                    for values in (letters, d_block)
                )
                total += tf.where(tf.bitwise.left_shift(window, to_sign_bit) < 0, d_row, 0.0)
            return index + 1, total

        _, total = tf.while_loop(lambda index, _: index < steps, step, (0, tf.zeros(of_block.shape)))
        return (total,)

    of_block = tf.TensorSpec((models, 1, groups, 4 * NIBBLES, width), tf.float32)
    (blocks,) = _each(of_kernels, tf.range(number), (used + width - 1) // width, of_block)
    gradient = tf.transpose(tf.reshape(blocks, (number, models, groups * NIBBLES, 4, width)), (1, 2, 3, 0, 4))
    return tf.reshape(gradient, (models, groups * NIBBLES, 4, -1))[:, :kernel_length, :, :kernels]


def _nibbles(letters: tf.Tensor, zero: tf.Tensor) -> tf.Tensor:
    """Return eight letters from each position on, one-hot in four bits each, N as zeros: int32 (positions, rows)."""
    one_hot = tf.bitwise.bitwise_and(tf.bitwise.left_shift(tf.constant(1, tf.uint8), letters), 15)
    shape = letters.shape[0] - NIBBLES + 1, letters.shape[1]

    def step(first: tf.Tensor, nibbles: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        for place in range(NIBBLES // 2):
            letter = tf.cast(tf.slice(one_hot, (first + place, 0), shape), tf.int32)
            nibbles += tf.bitwise.left_shift(letter, 4 * (first + place))
        return first + NIBBLES // 2, nibbles

    # A loop of two steps makes its input once. Otherwise XLA would make each letter again for each of eight positions.
    return tf.while_loop(lambda first, _: first < NIBBLES, step, (zero, tf.zeros(shape, tf.int32)))[1]
