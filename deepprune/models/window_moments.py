"""Mean and variance of a convolution of DNA over all positions of a batch, without computing it.

The score of a window is linear in its letters. The sum of the scores over all windows thus follows from the counts of
letters, and the sum of their squares from the counts of pairs of letters at each distance. Both are polynomials in the
kernel, whose gradient is that of batch norm.
"""

import numpy as np
import tensorflow as tf

from deepprune.dna.codes import N_CODE, one_hot


def pair_counts(codes: np.ndarray, width: int) -> np.ndarray:
    """Return how often each sequence holds letter a and, at each distance, letter b: uint16 (n, width, 4, 4).

    codes: uint8 (n, length).  width: distances from 0 to width - 1. N counts nowhere.
    """
    letters, length = one_hot(codes), codes.shape[1]
    counts = np.zeros((len(codes), width, 4, 4), np.uint16)
    for distance in range(min(width, length)):
        first, second = letters[:, : length - distance], letters[:, distance:]
        counts[:, distance] = np.matmul(first.transpose(0, 2, 1), second)
    return counts


def beyond(codes: tf.Tensor, width: int) -> tf.Tensor:
    """Return the windows that begin or end too far outside for padding "same", one-hot: float32 (windows, 4 width).

    codes: uint8 (batch, length).
    """
    fill, left, length = width - 1, (width - 1) // 2, codes.shape[1]
    padded = tf.pad(codes, [[0, 0], [fill, fill]], constant_values=N_CODE)
    starts = np.r_[: fill - left, fill - left + length : fill + length]
    windows = tf.gather(padded, starts[:, None] + np.arange(width), axis=1)
    return tf.reshape(tf.one_hot(tf.cast(windows, tf.int32), 4), (-1, 4 * width))


def window_moments(kernel: tf.Tensor, pairs: tf.Tensor, beyond: tf.Tensor, windows: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Return mean and variance, (filters,) each, of the scores of the windows of a batch.

    kernel: (width, 4, filters).  pairs: float32 (width, 4, 4), the batch's sums of `pair_counts`.  beyond: those of all
    windows with a letter that are not the convolution's.  windows: number of the convolution's windows.
    """
    width, _, filters = kernel.shape
    flat = tf.reshape(kernel, (4 * width, filters))
    letters = tf.tile(tf.linalg.diag_part(pairs[0]), [width])
    other = beyond @ flat
    mean = (tf.reduce_sum(letters[:, None] * flat, 0) - tf.reduce_sum(other, 0)) / windows
    squares = tf.reduce_sum(flat * (_pair_matrix(pairs) @ flat), 0) - tf.reduce_sum(other * other, 0)
    return mean, tf.maximum(squares / windows - mean**2, 0.0)


def _pair_matrix(pairs: tf.Tensor) -> tf.Tensor:
    """Return the counts of letter pairs, from those by distance, for all pairs of places: (4 width, 4 width)."""
    width = pairs.shape[0]
    both = tf.concat([tf.transpose(pairs[:0:-1], (0, 2, 1)), pairs], 0)  # distances from 1 - width to width - 1
    distance = np.arange(width)[None] - np.arange(width)[:, None]
    blocks = tf.gather(both, distance + width - 1)
    return tf.reshape(tf.transpose(blocks, (0, 2, 1, 3)), (4 * width, 4 * width))
