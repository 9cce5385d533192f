import numpy as np
import pytest
from graphs import probabilities, with_background

from deepprune.dna.codes import reverse_complement
from deepprune.dna.words import Words
from deepprune.models import few_kernel
from deepprune.models.few_kernel import FewKernel, padded_width
from deepprune.models.parameters import Pruned
from deepprune.training.stack import stacked


def test_packing_standardizes_the_background_and_is_undone(weights):
    words = Words(3, merged=True)
    weights, standard = with_background(weights, words, True)
    network = FewKernel(16, 9, tasks=len(weights.intercept), words=words, standard=standard)
    packed, state = network.packed(weights), network.initial_state()
    np.testing.assert_allclose(packed.background * state.scale[:, None], weights.background, rtol=1e-5)
    for found, expected in zip(network.unpacked(packed), weights, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)
    penalty = network.penalty(stacked([packed, packed]), stacked([state, state]))
    assert float(penalty) == pytest.approx(2 * 0.1 / 2 * (packed.background**2).sum(), rel=1e-5)


def test_of_the_features_the_first_is_the_background_and_a_pruned_network_keeps_it():
    network = FewKernel(3, 9, words=Words(3))
    features = np.arange(8, dtype=np.float32).reshape(2, 4)
    assert network.activations(features).tolist() == [[1, 2, 3], [5, 6, 7]]
    pruned = Pruned(network.initial(np.random.default_rng(0)), np.array([0, 2]), share=0.5)
    assert network.of_pruned(features, pruned).tolist() == [[0, 1, 3], [2, 5, 7]]
    assert network.initial(np.random.default_rng(0)).background.shape == (64, 1)


def test_both_strands_of_a_sequence_are_worth_the_same(weights, codes):
    for padding in ("valid", "same"):
        found, other = (
            probabilities(weights, strand, padding=padding, strands="both")
            for strand in (codes, reverse_complement(codes))
        )
        # Padded windows of a kernel of odd width are the same on both strands.
        np.testing.assert_allclose(found, other, rtol=1e-4, atol=1e-6)
    assert np.abs(found - probabilities(weights, codes, padding="same")).max() > 1e-3


def test_padded_widths_are_few_and_on_a_gpu_there_is_no_padding(monkeypatch):
    sizes = [1, 32, 33, 256, 257]
    assert [padded_width(kernels) for kernels in sizes] == [32, 32, 256, 256, 257]
    monkeypatch.setattr(few_kernel, "on_gpu", lambda: True)
    assert [padded_width(kernels) for kernels in sizes] == sizes


def test_packing_fills_with_zeros_and_is_undone(weights):
    network = FewKernel(16, 9, tasks=len(weights.intercept))
    packed = network.packed(weights)
    assert packed.kernels.shape == (9, 4, 32) and packed.bias.shape == (32,)
    assert packed.weights.shape == (32, len(weights.intercept)) and packed.intercept is weights.intercept
    assert not packed.kernels[..., 16:].any() and not packed.bias[16:].any() and not packed.weights[16:].any()
    for found, expected in zip(network.unpacked(packed), weights, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_the_start_is_of_the_size_and_tasks_of_the_network():
    network = FewKernel(5, 9, tasks=2)
    start = network.initial(np.random.default_rng(3))
    assert [value.shape for value in start[:4]] == [(5, 9, 4), (5,), (5, 2), (2,)] and start.background == ()
    assert network.feature_count(start) == 5 and network.initial_state().used == 5
    assert FewKernel(7, 9, tasks=2).program == network.program != FewKernel(5, 9).program
