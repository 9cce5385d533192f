"""Stacks of networks of one architecture.

A stack is a nest of arrays whose first axis is the models.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf


def stacked(nests: Sequence[Any]) -> Any:
    """Return nests of equal shapes as one nest of tensors, stacked along a first axis; floats become float32."""

    def together(*values: Any) -> tf.Tensor:
        array = np.stack([np.asarray(value) for value in values])
        return tf.constant(array.astype(np.float32) if array.dtype.kind == "f" else array)

    return tf.nest.map_structure(together, *nests)


def one_of(stack: Any, place: int) -> Any:
    """Return the nest at a place of a stack, as arrays."""
    return tf.nest.map_structure(lambda value: value[place].numpy(), stack)


def only(stack: Any, places: Sequence[int]) -> Any:
    """Return the stack of the networks at these places."""
    return tf.nest.map_structure(lambda value: tf.gather(value, places), stack)
