import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import planted

from deepprune.data.dataset import TEST, VALIDATION
from deepprune.dna.codes import reverse_complement
from deepprune.models.conv_settings import VALID, Convolution, ConvSettings, FewSettings
from deepprune.models.networks import network_of
from deepprune.training.fits import Fit
from deepprune.training.predictions import mean_logits, predictions
from deepprune.training.sequences import Part
from deepprune.training.trainer import Options, Trainer


def probabilities(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def test_means_by_hand() -> None:
    # Probabilities of 3/4 and 1/4; of 4/5 and 1/5 + 2/5
    found = mean_logits(np.log([[3.0, 4.0]]), np.log([[1 / 3, 1.5]]))
    np.testing.assert_allclose(found, np.log([[1.0, 7 / 3]]), atol=1e-12)


@given(st.floats(-20, 20), st.floats(-20, 20))
def test_the_mean_is_that_of_the_probabilities(one: float, other: float) -> None:
    first, second = np.array([one]), np.array([other])
    found = mean_logits(first, second)
    np.testing.assert_allclose(
        probabilities(found), (probabilities(first) + probabilities(second)) / 2, rtol=1e-9, atol=1e-15
    )
    np.testing.assert_array_equal(found, mean_logits(second, first))
    assert min(one, other) - 1e-9 <= found[0] <= max(one, other) + 1e-9


def test_probabilities_near_0_and_1_keep_their_logits() -> None:
    np.testing.assert_allclose(mean_logits(np.array([800.0, -800.0]), np.array([800.0, -800.0])), [800, -800])
    np.testing.assert_allclose(mean_logits(np.array([-800.0]), np.array([-900.0])), [-800 - np.log(2)])


STACK = ConvSettings((Convolution(4, 7, 10),), (8,), padding=VALID, lstm=3)


@pytest.mark.slow
@pytest.mark.parametrize("settings", [STACK, ConvSettings((Convolution(4, 7, 10),)), FewSettings(4, 7, "one")])
def test_only_networks_that_average_strands_read_both(settings) -> None:
    data = planted(300)
    trainer = Trainer(data, Options(32), print)
    network = network_of("cnn", settings, data.codes.shape[1], 1)
    fit = Fit(network.initial(np.random.default_rng(0)), network.initial_state(), 1, 0, 0, 0, False)
    part = Part(data, TEST)
    (codes, _), (given, turned) = (
        data.part(TEST),
        (trainer.predict(network, fit.weights, codes, fit.state) for codes in (part[:], reverse_complement(part[:]))),
    )
    np.testing.assert_array_equal(predictions(trainer, network, fit, part), given)
    if isinstance(settings, FewSettings):
        return
    both = network_of("cnn", settings._replace(average_strands=True), data.codes.shape[1], 1)
    for sequences in (part, codes):
        np.testing.assert_array_equal(predictions(trainer, both, fit, sequences), mean_logits(given, turned))
    np.testing.assert_allclose(
        predictions(trainer, both, fit, reverse_complement(codes)), mean_logits(given, turned), atol=1e-6
    )
    assert len(predictions(trainer, both, fit, Part(data, VALIDATION))) == len(data.rows(VALIDATION))
