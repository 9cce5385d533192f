import numpy as np
import pytest

from deepprune.models.architecture import Architecture
from deepprune.models.circular import Circular
from deepprune.models.few_kernel import FewKernel


class Constant(Architecture):
    """Says the same of every sequence."""

    name = "constant"

    def initial(self, rng):
        return [np.float32(2)]

    def logits(self, weights, state, codes, training, random):
        assert not training and random.shape == (len(codes), 2)
        return np.full((*codes.shape[:2], 1), weights[0]), state

    def feature_count(self, weights):
        return 1


def test_defaults_predict_by_the_logits_and_keep_weights_as_they_are():
    network = Constant()
    weights = network.initial(np.random.default_rng(0))
    assert network.initial_state() == () and network.penalty(weights, ()) == 0
    assert network.packed(weights) is weights and network.unpacked(weights) is weights
    features = network.features(weights, (), np.zeros((1, 3, 5), np.uint8))
    logits = network.head(features[0], weights)
    assert logits.dtype == np.float64 and logits.tolist() == [[2], [2], [2]]


def test_an_architecture_without_logits_is_none():
    with pytest.raises(TypeError, match="abstract"):
        Architecture()


def test_networks_of_many_sizes_share_a_program_and_other_settings_do_not():
    assert FewKernel(4, 15).program == FewKernel(256, 15).program
    others = [FewKernel(4, 24), FewKernel(4, 15, "same"), FewKernel(4, 15, tasks=2), Circular(15)]
    assert len({network.program for network in [FewKernel(4, 15), *others]}) == 5
