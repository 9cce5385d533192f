import numpy as np
import pytest

from deepprune.models.parameters import Parameters, initial_parameters, output_layer, padding_sizes


def test_initial_parameters_have_the_limits_of_keras():
    start = initial_parameters(24, 256, np.random.default_rng(0))
    assert start.kernels.shape == (256, 24, 4) and start.weights.shape == (256, 1)
    # Glorot: sqrt(6 / (fan in + fan out)), with 24 x 4 inputs and 24 x 256 outputs for the convolution.
    limit = np.sqrt(6 / (24 * 4 + 24 * 256))
    assert 0.99 * limit < np.abs(start.kernels).max() <= limit
    assert np.abs(start.weights).max() <= np.sqrt(6 / 257)
    assert not start.bias.any() and start.intercept.tolist() == [0]
    assert {value.dtype for value in start[:4]} == {np.dtype(np.float32)}


def test_initial_output_weights_of_several_tasks_have_the_limits_of_keras():
    start = initial_parameters(9, 100, np.random.default_rng(0), tasks=20)
    assert start.weights.shape == (100, 20) and start.intercept.tolist() == [0] * 20
    limit = np.sqrt(6 / 120)
    assert 0.99 * limit < np.abs(start.weights).max() <= limit


def test_the_same_generator_gives_the_same_start():
    first, second = (initial_parameters(5, 3, np.random.default_rng(7)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_keep_slices_every_part():
    network = Parameters(
        np.arange(24.0).reshape(3, 2, 4),
        np.array([1, 2, 3]),
        np.array([[4, 40], [5, 50], [6, 60]]),
        np.array([7, 70]),
    )
    kept = network.keep([0, 2])
    assert kept.kernels.shape == (2, 2, 4) and kept.kernels[:, 0, 0].tolist() == [0, 16]
    assert kept.bias.tolist() == [1, 3] and kept.weights.tolist() == [[4, 40], [6, 60]]
    assert kept.intercept.tolist() == [7, 70]


def test_the_output_layer_by_hand():
    network = Parameters(None, None, np.array([[1, 2], [10, -1]], np.float32), np.array([0.5, -0.5], np.float32))
    logits = output_layer(np.array([[1, 2], [0, 3]], np.float32), network)
    assert logits.tolist() == [[21.5, -0.5], [30.5, -3.5]]
    assert logits.dtype == np.float64


@pytest.mark.parametrize(
    ("padding", "width", "sizes"), [("valid", 7, (0, 0)), ("same", 7, (3, 3)), ("same", 8, (3, 4))]
)
def test_padding_adds_as_many_positions_as_keras(padding, width, sizes):
    assert padding_sizes(padding, width) == sizes
