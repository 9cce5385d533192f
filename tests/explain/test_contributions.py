from dataclasses import replace

import numpy as np
import pytest

from deepprune.dna.codes import one_hot, reverse_complement, to_codes
from deepprune.dna.words import background_words
from deepprune.explain.contributions import contributions
from deepprune.keys import NetworkKey
from deepprune.models.export import keras_model
from deepprune.models.few_kernel import FewKernel
from deepprune.models.model_file import Model, Use
from deepprune.models.parameters import Parameters, initial_parameters

KEY = NetworkKey("few_kernel", "deepprune", "loss", 6, 0)
USES = [
    Use(7),
    Use(7, "same", "clipped_leaky_relu"),
    Use(7, strands="both", background=4),
    Use(7, average_strands=True, background="gapped"),
]


def model(use: Use, seed: int = 0) -> Model:
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(use.width, 6, rng)._replace(bias=rng.normal(size=6).astype(np.float32))
    if words := background_words(use.background, merged=use.strands == "both"):
        parameters = parameters._replace(background=rng.normal(0, 0.1, (words.number, 1)).astype(np.float32))
    return Model(parameters._replace(intercept=np.array([0.3], np.float32)), KEY, use, 40, ("bound",))


@pytest.mark.parametrize("use", USES, ids=str)
def test_probabilities_are_those_of_the_exported_network(use: Use) -> None:
    codes = np.random.default_rng(1).integers(0, 5, (50, 40)).astype(np.uint8)
    own = model(use)
    words = background_words(use.background, merged=use.strands == "both")
    network = FewKernel(6, use.width, use.padding, use.activation, use.strands, use.average_strands, words=words)
    expected = keras_model(own.parameters, network).predict(one_hot(codes), verbose=0)[:, 0]
    found = contributions(own, codes)
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)
    sums = found.kernels.sum(axis=1) + found.background + found.intercept
    assert np.array_equal(found.logits, sums) and found.kernels.shape == (50, 6)


def test_a_sum_by_hand() -> None:
    kernel = np.eye(4, dtype=np.float32)[to_codes(["ACG"])[0]][None]
    parameters = Parameters(kernel, np.array([-1.0], np.float32), np.array([[2.0]], np.float32), np.array([-0.5]))
    parameters = parameters._replace(background=np.full((32, 1), 0.25, np.float32))
    own = Model(parameters, KEY, Use(3, strands="both", background=3), 5, ("bound",))
    found = contributions(own, to_codes(["TTCGT", "NNNNN"]))
    # CGT is ACG on the other strand: (3 - 1) * 2; of three words 0.25 each
    assert found.kernels.tolist() == [[4.0], [0.0]] and found.background.tolist() == [0.75, 0.0]
    assert found.logits.tolist() == [4.25, -0.5] and found.intercept == -0.5
    assert found.probabilities == pytest.approx([1 / (1 + np.exp(-4.25)), 1 / (1 + np.exp(0.5))])


def test_large_logits_do_not_overflow() -> None:
    far = replace(model(Use(7)), parameters=model(Use(7)).parameters._replace(intercept=np.array([-2000.0])))
    with np.errstate(all="raise"):
        assert contributions(far, np.zeros((1, 9), np.uint8)).probabilities.tolist() == [0.0]


def test_both_strands_of_a_sequence_have_one_probability() -> None:
    codes = np.random.default_rng(2).integers(0, 4, (20, 40)).astype(np.uint8)
    for use in USES[2:]:
        one, other = (contributions(model(use), strand).logits for strand in (codes, reverse_complement(codes)))
        np.testing.assert_allclose(one, other, atol=1e-6)
