"""Convolution and global max pooling of coded DNA: the hot spot of training.

One-hot input turns a convolution into a table look-up. The kernel is cut into pieces of three bases and each piece's
scores of all 125 three-letter words (A C G T N) are tabulated, so that a window of 24 bases costs 8 look-ups and 7
additions instead of 96 multiplications. Only the best window of each kernel receives gradient: each of its letters
adds the score's gradient to one weight. N scores zero, as a zero column of the one-hot input would.
"""

import tensorflow as tf

PIECE = 3
LETTERS = 5  # A C G T N
WORDS = LETTERS**PIECE
N_CODE = LETTERS - 1
NIBBLES = 8  # one-hot letters of four bits in an int32
# Windows between two writings of the running maximum, and rows between two of the gradient: fewer passes over memory,
# at the price of compile time.
UNROLL = 4
# On a processor, tables of 64 kernels stay in the second-level cache, and so do this many running maxima. Fewer kernels
# at a time are for numbers that are no multiple of 64: loops over other than powers of two are slow.
BLOCK_KERNELS = (64, 32, 16, 8)
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
    score, position = _scan_blocks(_words(codes, kernels.shape[1]), _tables(kernels))
    shape = (*codes.shape[:2], kernels.shape[3])
    position = tf.reshape(position, shape)

    def gradient(d_score: tf.Tensor, _: tf.Tensor) -> tuple[None, tf.Tensor]:
        return None, _kernel_gradient(codes, position, d_score, kernels.shape[1])

    return (tf.reshape(score, shape), position), gradient


def _pieces(kernel_length: int) -> int:
    return -(-kernel_length // PIECE)


def _tables(kernels: tf.Tensor) -> tf.Tensor:
    """Scores of every word for every piece of the kernels: float32 (pieces, models x WORDS, kernels)."""
    models, length, _, count = kernels.shape
    pieces = _pieces(length)
    padded = tf.pad(kernels, [[0, 0], [0, pieces * PIECE - length], [0, LETTERS - 4], [0, 0]])
    padded = tf.transpose(tf.reshape(padded, (models, pieces, PIECE, LETTERS, count)), (2, 1, 0, 3, 4))
    tables = padded[0]
    for base in range(1, PIECE):
        tables = tables[..., :, None, :] + padded[base, :, :, None, :, :]
        tables = tf.reshape(tables, (pieces, models, -1, count))
    return tf.reshape(tables, (pieces, models * WORDS, count))


def _position_first(codes: tf.Tensor, beyond: int) -> tf.Tensor:
    """The letters, extended by so many Ns: uint8 (length + beyond, models x batch)."""
    models, batch, length = codes.shape
    extended = tf.pad(tf.reshape(codes, (models * batch, length)), [[0, 0], [0, beyond]], constant_values=N_CODE)
    return tf.transpose(extended)


def _words(codes: tf.Tensor, kernel_length: int) -> tf.Tensor:
    """Row of its model's table for the word at each position: int32 (positions + offsets, models x batch)."""
    models, batch, _ = codes.shape
    letters = tf.cast(_position_first(codes, _pieces(kernel_length) * PIECE - kernel_length), tf.int32)
    starts = letters.shape[0] - PIECE + 1
    words = tf.repeat(tf.range(models), batch)[None]
    for base in range(PIECE):
        words = words * LETTERS + letters[base : base + starts]
    return words


def _blocks(count: int, limit: int) -> tuple[int, int]:
    """Number and size of equal blocks of at most `limit` that hold `count` and little more."""
    number = -(-count // max(limit, 1))
    return number, -(-count // number)


def _block_of_kernels(kernels: int) -> int:
    """The largest block whose multiple is at most an eighth above the number of kernels."""
    return next((size for size in BLOCK_KERNELS if -(-kernels // size) * size <= kernels * 9 / 8), min(kernels, 8))


def _scan_blocks(words: tf.Tensor, tables: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Best score and position over all windows, (rows, kernels) each, a block of rows and of kernels at a time."""
    pieces, _, kernels = tables.shape
    rows = words.shape[1]
    if on_gpu():  # many small cores: all at once
        block_kernels, limit_rows = kernels, rows
    else:
        block_kernels = _block_of_kernels(kernels)
        limit_rows = BLOCK_ELEMENTS // block_kernels
    kernel_blocks = -(-kernels // block_kernels)
    row_blocks, block_rows = _blocks(rows, limit_rows)
    words = tf.pad(words, [[0, 0], [0, row_blocks * block_rows - rows]])
    tables = tf.pad(tables, [[0, 0], [0, 0], [0, kernel_blocks * block_kernels - kernels]])
    words = tf.transpose(tf.reshape(words, (-1, row_blocks, block_rows)), (1, 0, 2))
    tables = tf.transpose(tf.reshape(tables, (pieces, -1, kernel_blocks, block_kernels)), (2, 0, 1, 3))

    def of_tables(tables: tf.Tensor) -> tf.Tensor:
        return _each(lambda words: _scan_block(words, tables), words)

    best = tf.transpose(_each(of_tables, tables), (1, 2, 0, 3))
    best = tf.reshape(best, (row_blocks * block_rows, kernel_blocks * block_kernels))[:rows, :kernels]
    return tf.math.real(best), tf.cast(tf.math.imag(best), tf.int32)


def _each(function, blocks: tf.Tensor) -> tf.Tensor:  # type: ignore[no-untyped-def]
    """The function of each block, one after the other."""
    if blocks.shape[0] == 1:
        return function(blocks[0])[None]
    return tf.map_fn(function, blocks, fn_output_signature=tf.complex64, parallel_iterations=1)


def _scan_block(words: tf.Tensor, tables: tf.Tensor) -> tf.Tensor:
    """Best score and, as imaginary part, its position: complex64 (rows, kernels).

    A complex number, because XLA compiles whatever has one result into one loop: scores stay in registers, where two
    results would be computed in two loops that each look everything up again.
    """
    pieces, _, kernels = tables.shape
    rows = words.shape[1]
    windows = words.shape[0] - (pieces - 1) * PIECE
    unroll = min(UNROLL, windows)
    chunks = -(-windows // unroll)

    by_piece = tf.unstack(tables)

    def step(chunk: tf.Tensor, best: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        # The last chunk overlaps the one before instead of running over the end: a maximum does not mind.
        first = tf.minimum(chunk * unroll, windows - unroll)
        here = tf.unstack(tf.slice(words, [first, 0], [unroll + (pieces - 1) * PIECE, rows]))
        score, position = tf.math.real(best), tf.math.imag(best)
        for window in range(unroll):
            candidate = tf.add_n([tf.gather(table, here[window + n * PIECE]) for n, table in enumerate(by_piece)])
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
    letters = _nibbles(_position_first(codes, groups * NIBBLES - kernel_length))
    rows = tf.reshape(tf.range(models * batch), (models, batch, 1))
    index = position * (models * batch) + rows
    flat = tf.reshape(letters, (-1,))
    # The letters of each best window, and its d_score: (models, batch, groups, 1, kernels).
    windows = tf.stack([tf.gather(flat, index + group * NIBBLES * models * batch) for group in range(groups)], axis=2)
    steps, unroll = _blocks(batch, min(UNROLL, batch))
    width = max(kernels, LANES)
    fill = [[0, 0], [0, steps * unroll - batch], [0, 0], [0, 0], [0, width - kernels]]
    windows = tf.pad(windows[:, :, :, None], fill)
    d_score = tf.pad(d_score[:, :, None, None], fill)
    to_sign_bit = tf.reshape(31 - tf.range(4 * NIBBLES), (1, 1, 4 * NIBBLES, 1))

    def step(index: tf.Tensor, total: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        for row in range(unroll):  # a slice each: XLA makes one slice of all rows a detour through memory
            window, d_row = (
                tf.slice(values, [0, index * unroll + row, 0, 0, 0], [models, 1, *values.shape[2:]])[:, 0]
                for values in (windows, d_score)
            )
            total += tf.where(tf.bitwise.left_shift(window, to_sign_bit) < 0, d_row, 0.0)
        return index + 1, total

    total = tf.zeros((models, groups, 4 * NIBBLES, width))
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
