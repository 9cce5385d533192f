from dataclasses import replace

import numpy as np
import pytest
from modelled import USES, hand_model, model

from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk
from deepprune.dna.codes import one_hot, reverse_complement, to_codes
from deepprune.dna.words import background_words
from deepprune.errors import InputError
from deepprune.explain.contributions import check_length, contributions, readings
from deepprune.models.export import keras_model
from deepprune.models.few_kernel import FewKernel
from deepprune.models.model_file import Use


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
    found = contributions(hand_model(), to_codes(["TTCGT", "NNNNN"]))
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


def test_readings_are_windows_of_the_sequences() -> None:
    # ACG lies on the given strand from 0 and, as CGT, on the other from 1.
    codes = to_codes(["ACGTT"])
    (both,) = readings(hand_model(), codes)
    assert (both.start.tolist(), both.reverse.tolist()) == ([[0]], [[False]])
    given, other = readings(hand_model(average_strands=True), codes)
    assert (given.start.tolist(), given.reverse.tolist()) == ([[0]], [[False]])
    assert (other.start.tolist(), other.reverse.tolist()) == ([[1]], [[True]])
    assert given.activations.tolist() == other.activations.tolist() == [[2.0]]


def test_sequences_shorter_than_a_kernel_are_named() -> None:
    check_length(hand_model(), Chunk.whole(Origins.nowhere(1, ["a"]), to_codes(["ACG"])))
    with pytest.raises(InputError, match="the sequence 'a' has 2 bp, but the model's kernels have 3"):
        check_length(hand_model(), Chunk.whole(Origins.nowhere(1, ["a"]), to_codes(["AC"])))
