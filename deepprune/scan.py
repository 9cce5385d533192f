"""Convolution and global max pooling of coded DNA: the hot spot of training.

One-hot input turns a convolution into a table look-up. The kernel is cut into pieces of three bases and each piece's
scores of all 125 three-letter words (A C G T N) are tabulated, so that a window of 24 bases costs 8 look-ups and 7
additions instead of 96 multiplications. Only the best window of each kernel receives gradient, which is therefore a
scatter-add of batch x kernels entries into the same tables. N scores zero, as a zero column of the one-hot input would.
"""

import tensorflow as tf

PIECE = 3
LETTERS = 5  # A C G T N
WORDS = LETTERS**PIECE
N_CODE = LETTERS - 1
# Windows scored between two updates of the running maximum: fewer passes over it, at the price of compile time.
UNROLL = 4
# Batch rows x kernels of one block: the running maximum, its position and UNROLL scores stay in the second-level cache.
BLOCK_ELEMENTS = 16_384


@tf.custom_gradient
def _best(words: tf.Tensor, kernels: tf.Tensor):  # type: ignore[no-untyped-def]
    """Best score and its first position; words: int32 (positions + offsets, batch), kernels: (length, 4, kernels)."""
    tables = _tables(kernels)
    score, position = _scan_blocks(words, tables)

    def gradient(d_score: tf.Tensor, _: tf.Tensor) -> tuple[None, tf.Tensor]:
        return None, _fold(_scatter(words, position, d_score, tables.shape), kernels.shape[0])

    return (score, position), gradient


def scan(codes: tf.Tensor, kernels: tf.Tensor, bias: tf.Tensor, padding: str = "valid") -> tuple[tf.Tensor, tf.Tensor]:
    """Score every window with every kernel and keep the best.

    codes: uint8, shape (batch, length), 0-3 for A C G T and 4 for N.  kernels: float32, (kernel length, 4, kernels).
    bias: float32, (kernels,).  padding: "valid", or "same" as TensorFlow defines it.
    Returns the largest score + bias, float32 (batch, kernels), differentiable in kernels and bias, and the position of
    its window (the first where several tie; counted from the first window, which "same" starts before the sequence),
    int32 of the same shape. All shapes must be static. Meant to be compiled by XLA.
    """
    length, kernel_length = codes.shape[1], kernels.shape[0]
    if padding == "same":
        before = (kernel_length - 1) // 2
        codes = tf.pad(codes, [[0, 0], [before, kernel_length - 1 - before]], constant_values=N_CODE)
    elif length < kernel_length:
        raise ValueError(f"a kernel of length {kernel_length} does not fit into sequences of length {length}")
    score, position = _best(_words(codes, kernel_length), kernels)
    return score + bias, position


def _pieces(kernel_length: int) -> int:
    return -(-kernel_length // PIECE)


def _tables(kernels: tf.Tensor) -> tf.Tensor:
    """Scores of every word for every piece of the kernels: float32 (pieces, WORDS, kernels)."""
    length, _, count = kernels.shape
    pieces = _pieces(length)
    padded = tf.pad(kernels, [[0, pieces * PIECE - length], [0, LETTERS - 4], [0, 0]])
    padded = tf.reshape(padded, (pieces, PIECE, LETTERS, count))
    tables = padded[:, 0]
    for base in range(1, PIECE):
        tables = tables[:, :, None, :] + padded[:, base, None, :, :]
        tables = tf.reshape(tables, (pieces, -1, count))
    return tables


def _words(codes: tf.Tensor, kernel_length: int) -> tf.Tensor:
    """The word that starts at each position, position first: int32 (positions + offsets of the pieces, batch)."""
    beyond = _pieces(kernel_length) * PIECE - kernel_length
    letters = tf.transpose(tf.cast(tf.pad(codes, [[0, 0], [0, beyond]], constant_values=N_CODE), tf.int32))
    starts = letters.shape[0] - PIECE + 1
    words = letters[:starts]
    for base in range(1, PIECE):
        words = words * LETTERS + letters[base : base + starts]
    return words


def _block_rows(batch: int, kernels: int) -> int:
    """The largest divisor of the batch whose block fits BLOCK_ELEMENTS."""
    return next(
        rows for rows in range(batch, 0, -1) if batch % rows == 0 and (rows == 1 or rows * kernels <= BLOCK_ELEMENTS)
    )


def _scan_blocks(words: tf.Tensor, tables: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Best score and position over all windows, a block of the batch at a time: (batch, kernels) each."""
    pieces, _, kernels = tables.shape
    batch = words.shape[1]
    windows = words.shape[0] - (pieces - 1) * PIECE
    rows = _block_rows(batch, kernels)
    unroll = min(UNROLL, windows)
    chunks = -(-windows // unroll)

    def first_window(chunk: tf.Tensor) -> tf.Tensor:
        # The last chunk overlaps the one before instead of running over the end: a maximum does not mind.
        return tf.minimum(chunk * unroll, windows - unroll)

    def block(words: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        def scores(first: tf.Tensor) -> tuple[tf.Tensor, ...]:
            return tuple(
                tf.add_n(
                    [
                        tf.gather(tables[piece], tf.slice(words, [first + window + piece * PIECE, 0], [1, rows])[0])
                        for piece in range(pieces)
                    ]
                )
                for window in range(unroll)
            )

        def step(chunk: tf.Tensor, best: tf.Tensor, position: tf.Tensor, *scored: tf.Tensor):  # type: ignore[no-untyped-def]
            # `scored` was computed one iteration ago: as a loop variable XLA keeps it in memory, where it would
            # otherwise look everything up once for the maximum and once more for the position.
            first = first_window(chunk)
            for window, score in enumerate(scored):
                position = tf.where(score > best, first + window, position)
                best = tf.maximum(best, score)
            return chunk + 1, best, position, *scores(first_window(tf.minimum(chunk + 1, chunks - 1)))

        start = (
            tf.constant(0),
            tf.fill((rows, kernels), tf.constant(float("-inf"))),
            tf.zeros((rows, kernels), tf.int32),
            *scores(first_window(tf.constant(0))),
        )
        _, best, position, *_ = tf.while_loop(lambda chunk, *_: chunk < chunks, step, start)
        return best, position

    if rows == batch:
        return block(words)
    blocked = tf.transpose(tf.reshape(words, (-1, batch // rows, rows)), (1, 0, 2))
    best, position = tf.map_fn(block, blocked, fn_output_signature=(tf.float32, tf.int32), parallel_iterations=1)
    return tf.reshape(best, (batch, kernels)), tf.reshape(position, (batch, kernels))


def _scatter(words: tf.Tensor, position: tf.Tensor, d_score: tf.Tensor, shape: tf.TensorShape) -> tf.Tensor:
    """Gradient of the tables: each kernel's d_score lands on the words of its best window."""
    pieces, _, kernels = shape
    batch = words.shape[1]
    flat = tf.reshape(words, (-1,))
    window = position * batch + tf.range(batch)[:, None]
    indices = [
        (tf.gather(flat, window + piece * PIECE * batch) + piece * WORDS) * kernels + tf.range(kernels)
        for piece in range(pieces)
    ]
    updates = tf.broadcast_to(d_score, (pieces, batch, kernels))
    gradient = tf.math.unsorted_segment_sum(updates, tf.stack(indices), pieces * WORDS * kernels)
    return tf.reshape(gradient, shape)


def _fold(d_tables: tf.Tensor, kernel_length: int) -> tf.Tensor:
    """Gradient of the kernels from that of their tables: (kernel length, 4, kernels)."""
    pieces, _, kernels = d_tables.shape
    letters = tf.reshape(d_tables, (pieces, *[LETTERS] * PIECE, kernels))
    axes = range(1, PIECE + 1)
    bases = [tf.reduce_sum(letters, [axis for axis in axes if axis != kept])[:, :4] for kept in axes]
    return tf.reshape(tf.stack(bases, axis=1), (pieces * PIECE, 4, kernels))[:kernel_length]
