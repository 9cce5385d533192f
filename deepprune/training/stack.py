"""Networks of one size side by side: parameters along a first axis, the models, and room for more kernels."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from deepprune.models.parameters import Parameters
from deepprune.training.optimizers import State


def stacked(networks: Sequence[Parameters], room: int = 0) -> Parameters:
    """Parameters of several networks as tensors; kernels of zeros fill them up to so many."""
    spare = max(0, room - len(networks[0].weights))

    def filled(values: Sequence[np.ndarray]) -> tf.Tensor:
        together = np.stack([np.asarray(value, np.float32) for value in values])
        if together.ndim > 1:  # kernels are the last axis of all but the intercept
            together = np.pad(together, [(0, 0)] * (together.ndim - 1) + [(0, spare)])
        return tf.constant(together)

    return Parameters(*map(filled, zip(*networks, strict=True)))


def network(stack: Parameters, place: int, kernels: int) -> Parameters:
    """The network at a place of a stack, as arrays, without what it was filled up with."""
    values = (value[place].numpy() for value in stack)
    return Parameters(*(value[..., :kernels] if value.ndim else value for value in values))


def only(state: State, places: Sequence[int]) -> State:
    """The state of the networks at these places alone."""
    parameters, mean, variance = (Parameters(*(tf.gather(value, places) for value in part)) for part in state[:3])
    return State(parameters, mean, variance, state.step)
