import numpy as np
import tensorflow as tf

from deepprune.models.parameters import initial_parameters
from deepprune.training.optimizers import start
from deepprune.training.stack import network, only, stacked


def networks(count: int) -> list:
    return [initial_parameters(5, 3, np.random.default_rng(seed)) for seed in range(count)]


def test_room_is_filled_with_zeros_and_left_again() -> None:
    given = networks(2)
    stack = stacked(given, room=4)
    assert [tuple(value.shape) for value in stack] == [(2, 5, 4, 4), (2, 4), (2, 4), (2,)]
    assert not any(np.any(value[..., 3:]) for value in stack[:3])
    for place, one in enumerate(given):
        for found, expected in zip(network(stack, place, 3), one, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_without_room_nothing_is_filled() -> None:
    assert [tuple(value.shape) for value in stacked(networks(1), room=2)] == [(1, 5, 4, 3), (1, 3), (1, 3), (1,)]


def test_only_some_stay_with_all_that_is_theirs() -> None:
    given = networks(3)
    state = start(stacked(given))._replace(step=tf.constant(7.0), mean=stacked(given[::-1]))
    left = only(state, [2])
    np.testing.assert_array_equal(left.parameters.kernels[0], given[2].kernels)
    np.testing.assert_array_equal(left.mean.kernels[0], given[0].kernels)
    assert len(left.variance.bias) == 1 and left.step == 7
