import numpy as np
import tensorflow as tf

from deepprune.models.few_kernel import FewKernel
from deepprune.training.stack import one_of, only, stacked


def nests(count: int) -> list:
    return [{"a": np.full((2, 3), place, np.float64), "b": [np.int32(place), np.zeros(4)]} for place in range(count)]


def test_nests_are_stacked_and_taken_apart_again() -> None:
    given = nests(3)
    stack = stacked(given)
    assert stack["a"].shape == (3, 2, 3) and stack["a"].dtype == tf.float32 and stack["b"][0].dtype == tf.int32
    for place, nest in enumerate(given):
        found = one_of(stack, place)
        np.testing.assert_array_equal(found["a"], nest["a"])
        assert found["b"][0] == place and found["b"][1].tolist() == [0] * 4


def test_only_some_stay_with_all_that_is_theirs() -> None:
    left = only(stacked(nests(3)), [2, 0])
    assert left["a"][:, 0, 0].numpy().tolist() == [2, 0] and left["b"][0].numpy().tolist() == [2, 0]


def test_a_network_without_state_can_be_stacked() -> None:
    assert stacked([(), ()]) == () and only((), [0]) == () and one_of((), 0) == ()


def test_networks_come_out_of_a_stack_as_they_were_packed() -> None:
    network = FewKernel(3, 5)
    given = [network.initial(np.random.default_rng(seed)) for seed in range(2)]
    stack = stacked([network.packed(weights) for weights in given])
    assert [tuple(value.shape) for value in stack[:4]] == [(2, 5, 4, 32), (2, 32), (2, 32, 1), (2, 1)]
    assert not np.any(stack.kernels[..., 3:]) and not np.any(stack.weights[:, 3:])
    for place, weights in enumerate(given):
        for found, expected in zip(network.unpacked(one_of(stack, place)), weights, strict=True):
            np.testing.assert_array_equal(found, expected)
