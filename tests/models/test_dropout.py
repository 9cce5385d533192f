import numpy as np
import pytest
import tensorflow as tf

from deepprune.models.dropout import drop, random_bits

pytestmark = pytest.mark.slow

SHAPE = tf.TensorShape((200, 500))


def bits(first: int, second: int, layer: int = 1) -> np.ndarray:
    return random_bits(SHAPE, tf.constant([first, second]), layer).numpy()


def test_each_bit_is_set_in_half_of_the_places() -> None:
    found = bits(1, 2).ravel()
    share = [float((found >> bit & 1).mean()) for bit in range(32)]
    # 100,000 places: a standard deviation of 0.0016
    assert max(abs(np.array(share) - 0.5)) < 0.007


def test_numbers_are_uniform_and_neighbours_independent() -> None:
    found = bits(5, 6) / 2**32
    counts = np.histogram(found, bins=100, range=(0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 160  # 99 degrees of freedom: 149 at p 0.001
    for other in (np.roll(found, 1, 1), np.roll(found, 1, 0), np.roll(found, 512, 1)):
        assert abs(np.corrcoef(found.ravel(), other.ravel())[0, 1]) < 0.015


@pytest.mark.parametrize("other", [(2, 2, 1), (1, 3, 1), (1, 2, 2), (0x7FFFFFFE, 2, 1)])
def test_seeds_and_layers_are_independent(other: tuple[int, int, int]) -> None:
    first, second = bits(1, 2), bits(*other)
    assert abs(np.corrcoef((first < 2**31).ravel(), (second < 2**31).ravel())[0, 1]) < 0.015
    np.testing.assert_array_equal(first, bits(1, 2))


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_a_share_is_dropped_and_the_mean_stays(rate: float) -> None:
    found = drop(tf.ones(SHAPE), rate, tf.constant([3, 4]), 1).numpy()
    assert set(np.unique(found)) == {np.float32(0), np.float32(1 / (1 - rate))}
    assert (found == 0).mean() == pytest.approx(rate, abs=0.006)
    assert found.mean() == pytest.approx(1, abs=0.02)
