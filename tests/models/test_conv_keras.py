import numpy as np
import pytest

from deepprune.models.conv_keras import conv_model
from deepprune.models.conv_settings import ENTIRE, Convolution, ConvSettings
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
