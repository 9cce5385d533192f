import keras
import numpy as np
import pytest
import tensorflow as tf
from two_layers import two_layers

from deepprune.dna.codes import one_hot
from deepprune.models.keras_network import KerasNetwork

pytestmark = pytest.mark.slow

CODES = np.random.default_rng(0).integers(0, 5, (2, 6, 40)).astype(np.uint8)
SEEDS = np.array([[1, 2], [3, 4]], np.int32)


def stack(nests):
    return [tf.constant(np.stack(values)) for values in zip(*nests, strict=True)]


def logits(network, weights, state, training, random=SEEDS):
    found, after = network.logits(weights, state, tf.constant(CODES), training, tf.constant(random))
    return found.numpy(), [value.numpy() for value in after]


@pytest.fixture
def two():
    """Two networks of one architecture, stacked, and the weights of each."""
    network = two_layers(40, 3, dropout=0.5)
    weights = [network.initial(np.random.default_rng(seed)) for seed in (0, 1)]
    return network, weights, stack([network.initial_state()] * 2)


def test_logits_are_those_of_the_model(two):
    network, weights, state = two
    found, after = logits(network, stack(weights), state, training=False)
    assert found.shape == (2, 6, 3) and all(np.array_equal(a, b) for a, b in zip(after, state, strict=True))
    for place, own in enumerate(weights):
        model = network.build()
        for variable, value in zip(model.trainable_weights, own, strict=True):
            variable.assign(value)
        np.testing.assert_allclose(found[place], model(one_hot(CODES[place]), training=False), atol=1e-5)
    assert network.feature_count(stack(weights)) == 3


def test_the_seed_decides_the_start(two):
    network, (first, second), _ = two
    again = network.initial(np.random.default_rng(0))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert {value.dtype for value in first} == {np.dtype(np.float32)}


def test_the_random_seeds_decide_what_drops_out(two):
    network, weights, state = two
    first, after = logits(network, stack(weights), state, training=True)
    again, _ = logits(network, stack(weights), state, training=True)
    other, _ = logits(network, stack(weights), state, training=True, random=SEEDS + 1)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)
    assert not any(np.array_equal(a, b) for a, b in zip(after, state, strict=True))  # moving averages move


def test_no_two_layers_drop_the_same_out_not_even_in_successive_batches():
    def build():
        one_hot = keras.Input((40, 4))
        flat = keras.layers.Flatten()(one_hot)
        ones = keras.ops.ones_like(flat)
        return keras.Model(one_hot, keras.layers.Concatenate()([keras.layers.Dropout(0.5)(ones) for _ in range(3)]))

    network = KerasNetwork("masks", build)
    masks = []
    for step in ([0, 0], [1, 0], [2, 0], [1, 1], [2, 2]):
        found, _ = logits(network, [], [], training=True, random=SEEDS * 100 + np.array(step, np.int32))
        masks += [mask.tobytes() for model in found for mask in np.split(model, 3, axis=1)]
    assert len(set(masks)) == len(masks) == 5 * 2 * 3


def test_n_is_no_base(two):
    network, weights, state = two
    network = two_layers(40, 3)
    blank = np.full((2, 6, 40), 4, np.uint8)
    model = network.build()
    for variable, value in zip(model.trainable_weights, weights[0], strict=True):
        variable.assign(value)
    found, _ = network.logits(stack(weights), state, tf.constant(blank), False, tf.constant(SEEDS))
    np.testing.assert_allclose(found[0], model(np.zeros((6, 40, 4), np.float32), training=False), atol=1e-6)
