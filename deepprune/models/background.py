"""The background of a few-kernel network: a linear term in the counts of words.

It takes what tells positives from negatives without any motif, so that the kernels need not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from scipy.sparse import csr_matrix

from deepprune.dna.words import Words


@dataclass(frozen=True, eq=False)
class Standard:
    """How the counts of a data set's words are standardized for training.

    mean: float32 (words,), of the counts.  scale: float32 (words,), what a count's distance from the mean is multiplied
    by, 0 for a word whose count does not vary.  penalty: of half the sum of squares of the standardized weights.
    """

    mean: np.ndarray
    scale: np.ndarray
    penalty: float

    def pack(self, weights: np.ndarray, intercept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the weights of standardized counts, and their intercept, from those of counts.

        weights: (words, tasks).  intercept: (tasks,).
        """
        divisor = np.where(self.scale > 0, self.scale, 1)[:, None]
        return np.where(self.scale[:, None] > 0, weights / divisor, 0), intercept + self.mean @ weights

    def unpack(self, weights: np.ndarray, intercept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the weights of counts, and their intercept, from those of standardized counts."""
        of_counts = weights * self.scale[:, None]
        return of_counts, intercept - self.mean @ of_counts


def standard_of(mean: np.ndarray, spread: np.ndarray, penalty: float) -> Standard:
    """Return how counts with this mean and standard deviation, (words,), are standardized.

    The sum of squares of a sequence's standardized counts is 1 in the mean whatever the number of words, so that one
    learning rate suits all. All words share a scale: with its own, a rare word, of which little is known, would be
    penalized least for each occurrence.
    """
    common = np.sqrt((spread**2).sum())
    scale = (spread > 0) / (common if common else 1)
    return Standard(mean.astype(np.float32), scale.astype(np.float32), penalty)


@tf.custom_gradient
def background_logits(words: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, Any]:
    """Return the sum of the weights of a sequence's words, float32 (models, batch, tasks).

    words: int32 (models, batch, positions), as Words.find numbers them.  weights: float32 (models, words, tasks), of
    counts. The positions of a batch are a few percent of its counts: look-ups take a fraction of the time of a product.
    """
    models, number, tasks = weights.shape
    table = tf.concat([weights, tf.zeros((models, 1, tasks))], axis=1)  # the last row: no word

    def gradient(upstream: tf.Tensor) -> tuple[None, tf.Tensor]:
        rows = words + (tf.range(models) * (number + 1))[:, None, None]
        summands = tf.repeat(upstream[:, :, None], words.shape[2], axis=2)
        summed = tf.math.unsorted_segment_sum(
            tf.reshape(summands, (-1, tasks)), tf.reshape(rows, (-1,)), models * (number + 1)
        )
        return None, tf.reshape(summed, (models, number + 1, tasks))[:, :number]

    return tf.reduce_sum(tf.gather(table, words, batch_dims=1), axis=2), gradient


def counted(words: Words, codes: np.ndarray) -> csr_matrix:
    """Return the counts of words in sequences, float64 (sequences, words)."""
    found = words.find(codes)
    ends = np.arange(len(codes) + 1) * found.shape[1]
    shape = len(codes), words.number + 1
    # The last column holds the positions without a word.
    counts = csr_matrix((np.ones(found.size), found.ravel().astype(np.int32), ends), shape)[:, :-1]
    counts.sum_duplicates()
    return counts
