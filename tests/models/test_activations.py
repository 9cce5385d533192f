import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from planted import detector

from deepprune.dna.codes import one_hot, reverse_complement, to_codes
from deepprune.models.activations import BATCH, Activations, KernelActivations
from deepprune.models.conv_settings import Convolution, ConvSettings
from deepprune.models.conv_stack import conv_stack
from deepprune.models.few_kernel import FewKernel
from deepprune.models.keras_network import KerasNetwork
from deepprune.training.stack import stacked

pytestmark = pytest.mark.slow

# With dropout, which must not act here, and with overlapping pools
SETTINGS = ConvSettings(
    (Convolution(6, 7), Convolution(5, 3, 6, 2), Convolution(4, 3)), (10,), conv_dropout=0.3, dense_dropout=0.5
)
CODES = np.random.default_rng(0).integers(0, 5, (2 * BATCH + 30, 24)).astype(np.uint8)


def fitted(network: KerasNetwork) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return random weights and moving averages."""
    rng = np.random.default_rng(1)
    weights = [weight + rng.normal(0, 0.2, weight.shape) for weight in network.initial(rng)]
    return weights, [state + rng.random(state.shape) for state in network.initial_state()]


@pytest.fixture(scope="module")
def network() -> KerasNetwork:
    return conv_stack("cnn", SETTINGS, 24, 2)


@pytest.mark.parametrize(
    ("layer", "shape"), [("conv1_active", (24, 6)), ("conv2_active", (24, 5)), ("conv3", (12, 4)), ("logits", (2,))]
)
def test_they_are_those_of_the_model_with_these_weights(
    network: KerasNetwork, layer: str, shape: tuple[int, ...]
) -> None:
    weights, state = fitted(network)
    model = network.build()
    model.set_weights(ordered(model, weights, state))
    expected = keras.Model(model.input, model.get_layer(layer).output)(one_hot(CODES), training=False)
    batches = list(Activations(network, (weights, state), layer, CODES).batches())
    assert [len(codes) for codes, _ in batches] == [BATCH, BATCH, 30]
    assert np.array_equal(np.concatenate([codes for codes, _ in batches]), CODES)
    found = np.concatenate([values for _, values in batches])
    assert found.shape == (len(CODES), *shape) and found.dtype == np.float32
    np.testing.assert_allclose(found, np.asarray(expected), rtol=1e-5, atol=1e-5)
    assert found.std() > 0.02


def ordered(model: keras.Model, weights: list[np.ndarray], state: list[np.ndarray]) -> list[np.ndarray]:
    """Return weights and state in the order of the model's own weights."""
    trained, others = iter(weights), iter(state)
    return [next(trained) if weight.trainable else next(others) for weight in model.weights]


def test_the_logits_are_those_of_the_architecture(network: KerasNetwork) -> None:
    weights, state = fitted(network)
    (_, found), *_ = Activations(network, (weights, state), "logits", CODES[:9]).batches()
    stack, states = ([np.float32(value)[None] for value in values] for values in (weights, state))
    np.testing.assert_allclose(found, network.features(stack, states, CODES[None, :9])[0], rtol=1e-4, atol=1e-4)


def test_each_call_begins_anew(network: KerasNetwork) -> None:
    active = Activations(network, fitted(network), "conv1_active", CODES[:40])
    first, second = (np.concatenate([values for _, values in active.batches()]) for _ in range(2))
    assert np.array_equal(first, second)


@hypothesis(max_examples=20, deadline=None)
@given(st.integers(0, 2 * BATCH + 60))
def test_of_the_first_sequences_alone(most: int) -> None:
    network = conv_stack("small", ConvSettings((Convolution(2, 3),)), 24, 1)
    active = Activations(network, (network.initial(np.random.default_rng(0)), network.initial_state()), "conv1", CODES)
    found = [codes for codes, _ in active.batches(most)]
    assert sum(map(len, found)) == min(most, len(CODES)) and all(0 < len(codes) <= BATCH for codes in found)
    assert not found or np.array_equal(np.concatenate(found), CODES[:most])


def test_weights_of_another_network_are_refused(network: KerasNetwork) -> None:
    weights, state = fitted(network)
    with pytest.raises(ValueError, match=r"zip|shape"):
        Activations(network, (weights[:-1], state), "conv1", CODES)


@pytest.mark.parametrize("strands", ["one", "both"])
def test_of_few_kernels_the_best_is_what_the_network_reads(strands: str) -> None:
    few = FewKernel(6, 7, strands=strands)
    weights = few.initial(np.random.default_rng(0))
    weights = weights._replace(bias=np.linspace(-2, 1, 6, dtype=np.float32), kernels=weights.kernels * 5)
    active = KernelActivations(weights, CODES, strands)
    codes, values = (np.concatenate(parts) for parts in zip(*active.batches(), strict=True))
    each = 2 if strands == "both" else 1
    assert values.shape == (each * len(CODES), 24, 6) and (values[:, 18:] == 0).all() and values.min() == 0
    assert np.array_equal(codes[::each], CODES)
    assert strands == "one" or np.array_equal(codes[1::2], reverse_complement(CODES))
    best = values.max(axis=1).reshape(len(CODES), each, 6).max(axis=1)
    state = stacked([few.initial_state()])
    expected = few.features(stacked([few.packed(weights)]), state, tf.constant(CODES[None]))[0, :, :6]
    np.testing.assert_allclose(best, expected, rtol=1e-4, atol=1e-4)


def test_windows_of_few_kernels_by_hand() -> None:
    (codes, values), *rest = KernelActivations(detector(["ACG"], [1.0]), to_codes(["TACGACGN"]), "both").batches()
    assert not rest and [row.nonzero()[0].tolist() for row in values[:, :, 0]] == [[1, 4], []]
    assert values.max() == 1 and codes.shape == (2, 8)


@hypothesis(max_examples=20, deadline=None)
@given(st.integers(0, 2 * BATCH + 60), st.sampled_from(["one", "both"]))
def test_of_the_first_sequences_of_few_kernels_alone(most: int, strands: str) -> None:
    active = KernelActivations(detector(["ACG"], [1.0]), CODES[:300], strands)
    found = [codes for codes, _ in active.batches(most)]
    assert sum(map(len, found)) == min(most, len(active.codes)) and all(0 < len(codes) <= BATCH for codes in found)
