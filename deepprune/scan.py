"""Convolution and global max pooling of coded DNA: the hot spot of training.

One-hot input turns a convolution into a table look-up. The kernel is cut into pieces of three or four bases and each
piece's scores of all words of so many letters (A C G T N) are tabulated, so that a window of 24 bases costs 6 look-ups
and 5 additions instead of 96 multiplications. Only the best window of each kernel receives gradient: each of its
letters adds the score's gradient to one weight. N scores zero, as a zero column of the one-hot input would.
"""

import numpy as np
import tensorflow as tf

LETTERS = 5  # A C G T N
N_CODE = LETTERS - 1
PIECES = (3, 4)  # letters a piece may have
TABULATION = 14  # to write a score into a table takes as long as so many look-ups
NIBBLES = 8  # one-hot letters of four bits in an int32
# Windows between two writings of the running maximum, and rows between two of the gradient: fewer passes over memory,
# at the price of compile time.
UNROLL_WINDOWS = 8
UNROLL_ROWS = 4
# On a processor, tables of 32 kernels stay in the second-level cache, and so do this many running maxima. Fewer kernels
# at a time are for numbers that are no multiple of 32: loops over other than powers of two are slow.
BLOCK_KERNELS = (32, 16, 8)
BLOCK_ELEMENTS = 8192
LANES = 16  # the gradient of fewer kernels takes longer than that of so many


def on_gpu() -> bool:
    """Whether TensorFlow sees a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))


def scan(codes: tf.Tensor, kernels: tf.Tensor, bias: tf.Tensor, padding: str = "valid") -> tuple[tf.Tensor, tf.Tensor]:
    """Score every window with every kernel and keep the best; for several models at once, each with its own sequences.

    codes: uint8, shape (models, batch, length), 0-3 for A C G T and 4 for N.  kernels: float32, (models, kernel
    length, 4, kernels).  bias: float32, (models, kernels).  padding: "valid", or "same" as TensorFlow defines it.
    Returns the largest score + bias, float32 (models, batch, kernels), differentiable in kernels and bias, and the
    position of its window (the first where several tie; counted from the first window, which "same" starts before the
    sequence), int32 of the same shape. All shapes must be static. Meant to be compiled by XLA.
    """
    length, kernel_length = codes.shape[2], kernels.shape[1]
    if padding == "same":
        before = (kernel_length - 1) // 2
        codes = tf.pad(codes, [[0, 0], [0, 0], [before, kernel_length - 1 - before]], constant_values=N_CODE)
    elif length < kernel_length:
        raise ValueError(f"a kernel of length {kernel_length} does not fit into sequences of length {length}")
    score, position = _best(codes, kernels)
    return score + bias[:, None, :], position


@tf.custom_gradient
def _best(codes: tf.Tensor, kernels: tf.Tensor):  # type: ignore[no-untyped-def]
    """Best score and its first position: (models, batch, kernels) each."""
    score, position = _scan_blocks(codes, kernels)
    shape = (*codes.shape[:2], kernels.shape[3])
    position = tf.reshape(position, shape)

    def gradient(d_score: tf.Tensor, _: tf.Tensor) -> tuple[None, tf.Tensor]:
        return None, _kernel_gradient(codes, position, d_score, kernels.shape[1])

    return (tf.reshape(score, shape), position), gradient


def _piece(kernel_length: int, windows: int) -> int:
    """Letters of a piece: of four where there are windows enough, for each model, to pay for tables of 625 words.

    The number of models has no say, since a score's last bits depend on the pieces that it is summed of.
    """

    def cost(letters: int) -> int:
        return -(-kernel_length // letters) * (windows + TABULATION * LETTERS**letters)

    return PIECES[0] if on_gpu() else min(PIECES, key=cost)


def _tables(kernels: tf.Tensor, piece: int) -> list[tf.Tensor]:
    """Scores of every word for every piece of the kernels: float32 (models x words, kernels) each."""
    models, length, _, count = kernels.shape
    pieces = -(-length // piece)
    padded = tf.pad(kernels, [[0, 0], [0, pieces * piece - length], [0, LETTERS - 4], [0, 0]])
    tables, *others = tf.unstack(tf.reshape(padded, (models, pieces, piece, LETTERS, count)), axis=2)
    for letter in others:
        tables = tf.expand_dims(tables, 3) + tf.expand_dims(letter, 2)
        tables = tf.reshape(tables, (models, pieces, -1, count))
    return [tf.reshape(table, (-1, count)) for table in tf.unstack(tables, axis=1)]


def _extended(codes: tf.Tensor, beyond: int) -> tf.Tensor:
    """The letters and so many Ns: uint8 (models x batch, length + beyond)."""
    models, batch, length = codes.shape
    return tf.pad(tf.reshape(codes, (models * batch, length)), [[0, 0], [0, beyond]], constant_values=N_CODE)


def _words(codes: tf.Tensor, kernel_length: int, piece: int) -> tf.Tensor:
    """Row of its model's table for the word at each position: (models x batch, positions + offsets).

    Of the smallest type that holds them: fewer bytes, and the look-up in a table needs no check for negative rows.
    """
    models, batch, _ = codes.shape
    rows = models * LETTERS**piece
    kind = tf.uint8 if rows <= 2**8 else tf.uint16 if rows <= 2**16 else tf.int32
    letters = tf.cast(_extended(codes, -kernel_length % piece), kind)
    shape = models * batch, letters.shape[1] - piece + 1
    words = tf.constant(np.repeat(np.arange(models), batch)[:, None], kind)
    for base in range(piece):
        words = words * LETTERS + tf.slice(letters, (0, base), shape)
    return words


def _blocks(count: int, limit: int) -> tuple[int, int]:
    """Number and size of equal blocks of at most `limit` that hold `count` and little more."""
    number = -(-count // max(limit, 1))
    return number, -(-count // number)


def _block_of_kernels(kernels: int) -> int:
    """The largest block whose multiple is at most an eighth above the number of kernels."""
    return next((size for size in BLOCK_KERNELS if -(-kernels // size) * size <= kernels * 9 / 8), BLOCK_KERNELS[-1])


@tf.function(autograph=False)
def _scan_blocks(codes: tf.Tensor, kernels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Best score and position over all windows, (rows, kernels) each, a block of kernels and of rows at a time."""
    models, length, _, count = kernels.shape
    piece = _piece(length, codes.shape[1] * (codes.shape[2] - length + 1))
    words = _words(codes, length, piece)
    rows = words.shape[0]
    if on_gpu():  # many small cores: all at once
        block_kernels, limit_rows = count, rows
    else:
        block_kernels = _block_of_kernels(count)
        limit_rows = BLOCK_ELEMENTS // block_kernels
    kernel_blocks = -(-count // block_kernels)
    row_blocks, block_rows = _blocks(rows, limit_rows)
    words = tf.pad(words, [[0, row_blocks * block_rows - rows], [0, 0]])
    words = tf.transpose(tf.reshape(words, (row_blocks, block_rows, -1)), (0, 2, 1))
    kernels = tf.pad(kernels, [[0, 0], [0, 0], [0, 0], [0, kernel_blocks * block_kernels - count]])
    kernels = tf.transpose(tf.reshape(kernels, (models, length, 4, kernel_blocks, block_kernels)), (3, 0, 1, 2, 4))

    def of_kernels(kernels: tf.Tensor) -> tf.Tensor:
        tables = _tables(kernels, piece)  # made just before they are read: in the cache
        return _each(lambda words: _scan_block(words, tables, piece), words)

    best = tf.transpose(_each(of_kernels, kernels), (1, 2, 0, 3))
    best = tf.reshape(best, (row_blocks * block_rows, kernel_blocks * block_kernels))[:rows, :count]
    return tf.math.real(best), tf.cast(tf.math.imag(best), tf.int32)


def _each(function, blocks: tf.Tensor) -> tf.Tensor:  # type: ignore[no-untyped-def]
    """The function of each block, one after the other."""
    if blocks.shape[0] == 1:
        return function(blocks[0])[None]
    return tf.map_fn(function, blocks, fn_output_signature=tf.complex64, parallel_iterations=1)


@tf.function(autograph=False)
def _scan_block(words: tf.Tensor, tables: list[tf.Tensor], piece: int) -> tf.Tensor:
    """Best score and, as imaginary part, its position: complex64 (rows, kernels).  words: (positions + offsets, rows).

    A complex number, because XLA compiles whatever has one result into one loop: scores stay in registers, where two
    results would be computed in two loops that each look everything up again. A function of its own, because tracing it
    takes longer than all the rest: so it is traced once for all networks whose blocks are alike.
    """
    rows, kernels = words.shape[1], tables[0].shape[1]
    offsets = [number * piece for number in range(len(tables))]
    windows = words.shape[0] - offsets[-1]
    unroll = min(UNROLL_WINDOWS, windows)
    chunks = -(-windows // unroll)

    def step(chunk: tf.Tensor, best: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        # The last chunk overlaps the one before instead of running over the end: a maximum does not mind.
        first = tf.minimum(chunk * unroll, windows - unroll)
        here = {}
        for at in sorted({window + offset for window in range(unroll) for offset in offsets}):
            # A slice each: XLA makes one slice of all a detour through memory.
            here[at] = tf.cast(tf.reshape(tf.slice(words, (first + at, 0), (1, rows)), (rows,)), tf.int32)
        score, position = tf.math.real(best), tf.math.imag(best)
        for window in range(unroll):
            scores = [tf.gather(table, here[window + offset]) for table, offset in zip(tables, offsets, strict=True)]
            candidate = tf.add_n(scores)
            better = candidate > score
            score = tf.where(better, candidate, score)
            position = tf.where(better, tf.cast(first + window, tf.float32), position)
        return chunk + 1, tf.complex(score, position)

    start = tf.complex(tf.fill((rows, kernels), float("-inf")), tf.zeros((rows, kernels)))
    return tf.while_loop(lambda chunk, _: chunk < chunks, step, (0, start))[1]


def _kernel_gradient(codes: tf.Tensor, position: tf.Tensor, d_score: tf.Tensor, kernel_length: int) -> tf.Tensor:
    """Sum of the best windows' one-hot letters, each times its d_score: float32 (models, kernel length, 4, kernels)."""
    models, batch, kernels = position.shape
    groups = -(-kernel_length // NIBBLES)
    letters = _nibbles(tf.transpose(_extended(codes, groups * NIBBLES - kernel_length)))
    rows = tf.reshape(tf.range(models * batch), (models, batch, 1))
    index = position * (models * batch) + rows
    flat = tf.reshape(letters, (-1,))
    # The letters of each best window, and its d_score: (models, batch, groups, 1, kernels).
    windows = tf.stack([tf.gather(flat, index + group * NIBBLES * models * batch) for group in range(groups)], axis=2)
    steps, unroll = _blocks(batch, min(UNROLL_ROWS, batch))
    width = max(kernels, LANES)
    fill = [[0, 0], [0, steps * unroll - batch], [0, 0], [0, 0], [0, width - kernels]]
    windows = tf.pad(tf.expand_dims(windows, 3), fill)
    d_score = tf.pad(tf.reshape(d_score, (models, batch, 1, 1, kernels)), fill)
    to_sign_bit = tf.reshape(31 - tf.range(4 * NIBBLES), (1, 1, 1, 4 * NIBBLES, 1))

    def step(index: tf.Tensor, total: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        for row in range(unroll):  # a slice each, as above
            window, d_row = (
                tf.slice(values, (0, index * unroll + row, 0, 0, 0), (models, 1, *values.shape[2:]))
                for values in (windows, d_score)
            )
            total += tf.where(tf.bitwise.left_shift(window, to_sign_bit) < 0, d_row, 0.0)
        return index + 1, total

    total = tf.zeros((models, 1, groups, 4 * NIBBLES, width))
    _, total = tf.while_loop(lambda index, _: index < steps, step, (0, total))
    return tf.reshape(total, (models, groups * NIBBLES, 4, width))[:, :kernel_length, :, :kernels]


def _nibbles(letters: tf.Tensor) -> tf.Tensor:
    """Eight letters from each position on, one-hot in four bits each, N in none: int32 (positions, ...)."""
    nibbles = tf.bitwise.bitwise_and(tf.bitwise.left_shift(1, tf.cast(letters, tf.int32)), 15)
    width = 1
    while width < NIBBLES:  # two neighbours become one of twice the width
        nibbles = nibbles[:-width] + tf.bitwise.left_shift(nibbles[width:], 4 * width)
        width *= 2
    return nibbles
