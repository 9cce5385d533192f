"""Dropout whose random bits are an integer hash of a seed and of the place of each unit.

TensorFlow's own random numbers would take most of the time of a compiled epoch.
"""

import numpy as np
import tensorflow as tf

# The finalizer of MurmurHash3 (https://github.com/aappleby/smhasher), a bijection of 32 bits
STEPS = ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1))


def drop(values: tf.Tensor, rate: float, seed: tf.Tensor, layer: int) -> tf.Tensor:
    """Return values with a share `rate` of them zero, and the others scaled so that the mean stays.

    seed: int32 (2,).  layer: number of the layer; layers draw independently.
    """
    if not rate:
        return values
    keep = random_bits(values.shape, seed, layer) >= tf.constant(round(rate * 2**32), tf.uint32)
    return tf.where(keep, values * (1 / (1 - rate)), 0.0)


def random_bits(shape: tf.TensorShape, seed: tf.Tensor, layer: int) -> tf.Tensor:
    """Return a random uint32 for each place, a function of the seed, int32 (2,), and of the layer."""
    first, second = (tf.cast(seed[place], tf.uint32) for place in range(2))
    places = tf.reshape(tf.range(np.prod(shape), dtype=tf.int32), shape)
    bits = _mixed(tf.cast(places, tf.uint32) + _mixed(first + tf.constant(layer, tf.uint32) * 0x9E3779B9))
    return _mixed(bits ^ _mixed(second))


def _mixed(bits: tf.Tensor) -> tf.Tensor:
    for shift, factor in STEPS:
        bits = tf.bitwise.bitwise_xor(bits, tf.bitwise.right_shift(bits, tf.constant(shift, tf.uint32)))
        bits *= tf.constant(factor, tf.uint32)
    return bits
