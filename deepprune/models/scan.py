"""Convolution and global max pooling of coded DNA, with its gradient.

Only the best window of each kernel receives gradient: each of its letters adds the score's gradient to one weight.
"""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from deepprune.models.look_ups import N_CODE, each_block, equal_blocks, extended, on_gpu, scan_blocks
from deepprune.models.parameters import padding_sizes

NIBBLES = 8  # one-hot letters of four bits in an int32
# Rows between two writes of the gradient: larger numbers mean fewer passes over memory, but a longer compilation.
UNROLL_ROWS = 4
LANES = 16  # blocks of fewer kernels make the gradient slower


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
        codes = tf.pad(codes, [[0, 0], [0, 0], padding_sizes(padding, width)], constant_values=N_CODE)
    elif length < width:
        raise ValueError(f"a kernel of length {width} does not fit into sequences of length {length}")
    every = tf.constant(kernels.shape[3]) if used is None else used
    score, *window = _best_of_both(codes, kernels, every) if strands == "both" else _best(codes, kernels, every)
    return Best(score + bias[:, None, :], *window)


@tf.custom_gradient
def _best(codes: tf.Tensor, kernels: tf.Tensor, used: tf.Tensor):  # type: ignore[no-untyped-def]
    """Return the best score and its first position: (models, batch, kernels) each."""
    score, position = scan_blocks(codes, kernels, used)
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
    strands = (scan_blocks(codes, strand, used) for strand in (kernels, kernels[:, ::-1, ::-1]))
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
    letters = _nibbles(tf.transpose(extended(codes, groups * NIBBLES - kernel_length)), zero)
    flat = tf.reshape(letters, (-1,))
    starts = tf.range(groups)[:, None, None] * (NIBBLES * models * strands * batch)
    sequences = np.arange(models)[:, None] * strands * batch + np.arange(batch)
    rows = tf.reshape(tf.constant(sequences, tf.int32), (models, batch, 1, 1, 1)) + starts
    steps, unroll = equal_blocks(batch, min(UNROLL_ROWS, batch))
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
    (blocks,) = each_block(of_kernels, tf.range(number), (used + width - 1) // width, of_block)
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
