from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from deepprune.dna.codes import one_hot, reverse_complement
from deepprune.models.conv_keras import TiedConvolution, conv_model
from deepprune.models.conv_settings import (
    ENTIRE,
    SAME,
    VALID,
    Convolution,
    ConvSettings,
    check_settings,
    pooled_lengths,
    receptive_field,
)
from deepprune.models.keras_network import KerasNetwork

pytestmark = pytest.mark.slow

NORMED = ConvSettings((Convolution(30, 19, 25), Convolution(128, 5, 4)), (512,), l2=1e-6)


@pytest.mark.parametrize(
    ("settings", "length", "parameters"),
    [
        (NORMED, 200, 160_048),
        (NORMED, 1000, 684_336),
        (NORMED._replace(convolutions=(Convolution(30, 9, 4), Convolution(128, 5, 25))), 200, 158_848),
        (NORMED._replace(convolutions=(Convolution(30, 19, 50, 2), Convolution(64, 5, 50)), dense=(96,)), 200, 25_712),
        (
            NORMED._replace(convolutions=(Convolution(30, 19), Convolution(128, 5), Convolution(128, 5, 100))),
            200,
            242_224,
        ),
        # With biases: 4 (5 x 4 + 1), 6 (4 + 1), 12 (6 + 1)
        (ConvSettings((Convolution(4, 5, ENTIRE),), (6,), conv_norm=False, dense_norm=False), 40, 84 + 30 + 84),
    ],
)
def test_published_numbers_of_parameters(settings: ConvSettings, length: int, parameters: int) -> None:
    model = conv_model(settings, length, 12)
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == parameters
    assert model.output_shape == (None, 12)


def test_layers_have_names() -> None:
    model = conv_model(NORMED, 200, 12)
    assert model.get_layer("conv1_active").output.shape == (None, 200, 30)
    assert model.get_layer("conv2_active").output.shape == (None, 8, 128)
    assert model.get_layer("dense1").kernel.shape == (256, 512) and not model.get_layer("dense1").use_bias


def test_the_penalty_is_on_kernels() -> None:
    settings = NORMED._replace(convolutions=(Convolution(3, 5, 10),), dense=(4,), l2=0.5, l1_first=0.25)
    network = KerasNetwork("small", lambda: conv_model(settings, 20, 2))
    weights = [np.ones_like(weight) for weight in network.initial(np.random.default_rng(0))]
    kernels = 3 * 5 * 4, 6 * 4, 4 * 2
    stack = [np.stack([weight, weight]) for weight in weights]
    found = network.penalty(stack, [])
    assert float(found) == pytest.approx(2 * (0.5 * sum(kernels) + 0.25 * kernels[0]))


def test_without_a_penalty_there_is_none() -> None:
    network = KerasNetwork("small", lambda: conv_model(NORMED._replace(l2=0.0), 200, 2))
    assert network.penalty(network.initial(np.random.default_rng(0)), []) == 0


@st.composite
def stacks(draw: st.DrawFn) -> ConvSettings:
    """Draw one to three convolutions of sequences of 24 bp, with and without pools that may overlap, and padding."""
    length, layers, padding = 24, [], draw(st.sampled_from([SAME, VALID]))
    for _ in range(draw(st.integers(1, 3))):
        width = draw(st.integers(1, 7 if padding == SAME else min(7, length)))
        scored = length if padding == SAME else length - width + 1
        pool = draw(st.sampled_from([ENTIRE, *(pool for pool in range(1, scored + 1))]))
        strides = [step for step in range(1, pool + 1) if padding == VALID or length % step == 0]
        stride = draw(st.sampled_from(strides)) if pool else None
        layers.append(Convolution(2, width, pool, None if stride == pool else stride))
        *_, (_, length) = pooled_lengths(ConvSettings(tuple(layers), padding=padding), 24)
    return ConvSettings(tuple(layers), conv_norm=False, padding=padding)


@hypothesis(max_examples=40, deadline=None)
@given(stacks())
def test_a_unit_changes_with_the_letters_of_its_field_alone(settings: ConvSettings) -> None:
    check_settings("random", settings, 24)
    model = conv_model(settings, 24, 1)
    *_, (_, positions) = pooled_lengths(settings, 24)
    (flat,) = [layer for layer in model.layers if isinstance(layer, keras.layers.Flatten)]
    assert flat.input.shape == (None, positions, 2)
    for weight in model.trainable_weights:
        weight.assign(np.full(weight.shape, 1.0 if len(weight.shape) > 1 else 0.0))
    # In a sequence of one letter among Ns, only units that see the letter are active.
    single = np.eye(24)[:, :, None] * np.array([0, 1, 0, 0])
    for number in range(1, len(settings.convolutions) + 1):
        values = keras.Model(model.input, model.get_layer(f"conv{number}_active").output)(single)
        field = receptive_field(settings, number, 24)
        starts = np.arange(values.shape[1]) * field.jump + field.start
        seen = (starts <= np.arange(24)[:, None]) & (np.arange(24)[:, None] < starts + field.width)
        assert np.array_equal(np.asarray(values)[:, :, 0] > 0, seen)


TIED = ConvSettings((Convolution(6, 7, 10), Convolution(8, 3, 3)), (10,), tied_strands=True)


def scattered(settings: ConvSettings, length: int = 60) -> keras.Model:
    """Return a network of two tasks whose weights and moving averages are all random, and alike on both strands."""
    model, rng = conv_model(settings, length, 2), np.random.default_rng(0)
    for weight in model.weights:
        values = weight.numpy() + rng.normal(0, 0.3, weight.shape) ** 2
        if settings.conv_norm and weight.path.startswith("conv1_norm"):
            values[len(values) // 2 :] = values[: len(values) // 2]
        weight.assign(values)
    return model


CODES = np.random.default_rng(1).integers(0, 5, (9, 60)).astype(np.uint8)


@pytest.mark.parametrize(("norm", "padding", "positions"), [(True, SAME, 60), (False, SAME, 60), (False, VALID, 54)])
def test_tied_filters_read_the_other_strand(norm: bool, padding: str, positions: int) -> None:
    model = scattered(TIED._replace(conv_norm=norm, padding=padding))
    first = keras.Model(model.input, model.get_layer("conv1_active").output)
    given, turned = (np.asarray(first(one_hot(codes))) for codes in (CODES, reverse_complement(CODES)))
    assert given.shape == (9, positions, 6) and given.std(axis=(0, 1)).min() > 0
    forward, backward = turned[:, ::-1, :3], turned[:, ::-1, 3:]
    np.testing.assert_allclose(np.concatenate([backward, forward], axis=2), given, rtol=1e-4, atol=1e-5)
    assert not np.allclose(given[:, :, :3], given[:, :, 3:])


def test_tied_filters_are_half_as_many_weights() -> None:
    def weights(tied: bool, norm: bool) -> dict[str, int]:
        model = conv_model(TIED._replace(tied_strands=tied, conv_norm=norm), 60, 2)
        return {weight.path: int(np.prod(weight.shape)) for weight in model.trainable_weights}

    assert weights(True, True) == weights(False, True) | {"conv1/kernel": 3 * 7 * 4}
    assert weights(True, False) == weights(False, False) | {"conv1/kernel": 3 * 7 * 4, "conv1/bias": 3}


@pytest.mark.parametrize("norm", [True, False])
def test_a_model_with_tied_filters_is_saved_and_loaded(tmp_path: Path, norm: bool) -> None:
    model = scattered(TIED._replace(conv_norm=norm, l2=1e-3, l1_first=1e-3))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded.get_layer("conv1"), TiedConvolution)
    np.testing.assert_array_equal(np.asarray(loaded(one_hot(CODES))), np.asarray(model(one_hot(CODES))))
    assert float(sum(loaded.losses)) == pytest.approx(float(sum(model.losses)))
