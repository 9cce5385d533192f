import numpy as np
import pytest
import tensorflow as tf
from planted import planted

from deepprune.data.dataset import TRAIN
from deepprune.models.few_kernel import FewKernel
from deepprune.training.early_stopping import Run
from deepprune.training.epoch import FEATURE_BATCHES, Programs, Progress
from deepprune.training.optimizers import Rates, no_moments
from deepprune.training.sequences import Part, Resident, Source
from deepprune.training.stack import one_of, stacked

pytestmark = pytest.mark.slow

SIZE = 32


def begun(network, seeds=(0,)):
    weights = stacked([network.packed(network.initial(np.random.default_rng(seed))) for seed in seeds])
    return Progress(weights, stacked([network.initial_state()] * len(seeds)), no_moments(weights))


def chunk(part, network, seeds=(0,)):
    fed = Resident(Source(part, network), SIZE)
    runs = [Run(np.random.default_rng(seed), 1) for seed in seeds]
    (batches,) = fed.epoch(runs, fed.targets([part.labels] * len(seeds)), True)
    return batches


def test_the_loss_of_an_epoch_without_steps_is_the_mean_cross_entropy():
    part, network = Part(planted(300), TRAIN), FewKernel(4, 7)
    assert len(part) % SIZE  # the last batch is smaller
    epoch = Programs(network, SIZE).epochs["gradient_descent"]
    progress, losses = epoch(chunk(part, network), begun(network), Rates(0.0).tensors())
    weights = network.unpacked(one_of(progress.weights, 0))
    features = network.features(begun(network).weights, begun(network).state, tf.constant(part[:][None]))
    logits = network.head(features[0, :, : network.feature_count(weights)].numpy(), weights)
    expected = np.mean(np.logaddexp(0, logits) - logits * part.labels)
    assert losses.numpy()[0] == pytest.approx(expected, rel=1e-5)


def test_models_of_a_stack_are_trained_as_each_alone():
    part, network = Part(planted(300), TRAIN), FewKernel(4, 7)
    epoch = Programs(network, SIZE).epochs["adam"]
    together, losses = epoch(chunk(part, network, (0, 1)), begun(network, (0, 1)), Rates(0.01).tensors())
    for place in (0, 1):
        alone, loss = epoch(chunk(part, network, (place,)), begun(network, (place,)), Rates(0.01).tensors())
        assert losses.numpy()[place] == loss.numpy()[0]
        np.testing.assert_array_equal(one_of(together.weights, place).kernels, one_of(alone.weights, 0).kernels)


def test_features_are_computed_for_whole_batches_up_to_a_number():
    network = FewKernel(4, 7)
    progress = begun(network, (0, 1))
    codes = np.random.default_rng(0).integers(0, 4, (FEATURE_BATCHES * SIZE, 40)).astype(np.uint8)
    features = Programs(network, SIZE).features
    some = features(progress.weights, progress.state, tf.constant(codes), tf.constant(2)).numpy()
    every = features(progress.weights, progress.state, tf.constant(codes), tf.constant(FEATURE_BATCHES)).numpy()
    assert some.shape == (2, FEATURE_BATCHES * SIZE, 32)
    np.testing.assert_array_equal(some[:, : 2 * SIZE], every[:, : 2 * SIZE])
    assert not some[:, 2 * SIZE :].any() and every[0, 2 * SIZE :, :4].any()
