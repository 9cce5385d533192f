import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.dna.words import Words
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters
from deepprune.pruning.criteria import Subject, importance, prune


class Pooled:
    """Training sequences that stand for the activations of kernels, which are known."""

    def __init__(self, activations, labels):
        self.table = np.asarray(activations, np.float32)
        self.training = self
        self.labels = np.asarray(labels)[:, None]

    def __getitem__(self, rows):
        return self.table[rows]

    def features(self, network, parameters, table):
        return table

    def of(self, parameters):
        """Return a network whose kernels have these activations, after its background's logit if it has one."""
        words = Words(3) if np.size(parameters.background) else None
        return Subject(FewKernel(len(parameters.bias), 1, words=words), parameters, self)


def network(weights, intercept=0.0):
    weights = np.asarray(weights, np.float32)[:, None]
    kernels = np.arange(len(weights), dtype=np.float32)[:, None, None].repeat(4, axis=2)
    return Parameters(kernels, np.zeros(len(weights), np.float32), weights, np.array([intercept], np.float32))


def test_importance_by_hand():
    pooled = Pooled([[3, 0, 1], [5, 0, 1], [1, 2, 1], [1, 4, 1]], [1, 1, 0, 0])
    whole = network([-2.0, 0.5, 3.0])
    # Means over positives 4, 0, 1 and over negatives 1, 3, 1.
    assert importance("weight", pooled.of(whole)).tolist() == [2, 0.5, 3]
    assert importance("score", pooled.of(whole)).tolist() == [3, 3, 0]
    assert importance("score_weight", pooled.of(whole)).tolist() == [6, 1.5, 0]
    assert prune("score_weight", pooled.of(whole), 2).kept.tolist() == [0, 1]
    assert prune("weight", pooled.of(whole), 2).kept.tolist() == [0, 2]


def loss(pooled, network, kept=slice(None)):
    logit = pooled.table[:, kept].astype(float) @ network.weights + network.intercept
    return np.mean(np.logaddexp(0, logit) - logit * pooled.labels)


@pytest.fixture
def study():
    """Activations of six kernels: 0 and 1 do the same work, 2 other work, 3 is dead, 4 and 5 are noise."""
    rng = np.random.default_rng(5)
    labels = rng.integers(0, 2, 3000)
    first, second = (np.maximum(0, rng.normal(labels * shift, 1)) for shift in (1.5, 1.0))
    noise = np.maximum(0, rng.normal(0.3, 1, (2, 3000)))
    return Pooled(np.column_stack([first, 0.5 * first, second, 0 * first, *noise]), labels)


def test_loss_keeps_one_of_two_kernels_that_do_the_same_and_moves_its_weight(study):
    whole = network([0.6, 1.3, 0.8, 0.9, 0.02, -0.03], -1.5)  # 0 and 1 add up to 1.25 on `first`
    by_loss, by_weight = (prune(criterion, study.of(whole), 2) for criterion in ("loss", "weight"))
    assert by_weight.kept.tolist() == [1, 3]  # the dead kernel, too, has its weight
    assert 2 in by_loss.kept and set(by_loss.kept) & {0, 1} and len(by_loss.kept) == 2
    # the contribution of the other one is compensated
    assert loss(study, *by_loss[:2]) < loss(study, whole) + 0.02
    assert loss(study, *by_weight[:2]) > loss(study, whole) + 0.05
    places = by_loss.kept
    np.testing.assert_array_equal(by_loss.parameters.kernels, whole.kernels[places])
    assert by_loss.parameters.weights.dtype == np.float32


def test_loss_folds_what_is_constant_into_the_intercept():
    labels = np.tile([0, 1], 500)
    signal = labels + np.random.default_rng(0).normal(0, 0.5, 1000)
    pooled = Pooled(np.column_stack([np.full(1000, 4.0), signal]), labels)
    (kept, left) = ((p := prune("loss", pooled.of(network([1.0, 2.0], -5.0)), 1)).kept, p.parameters)
    assert kept.tolist() == [1]
    assert left.intercept[0] == pytest.approx(-1.0, abs=1e-5)  # 4 x 1.0 is added
    assert left.weights[:, 0].tolist() == pytest.approx([2.0], abs=1e-5)


def test_by_loss_the_background_stays_and_makes_up_for_a_kernel_that_reads_composition():
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 2, 4000)
    composition, motif = rng.normal(labels, 1), np.maximum(0, rng.normal(labels, 1))
    pooled = Pooled(np.column_stack([composition - 3, composition + 5, motif]), labels)
    whole = network([0.4, 0.8], -3)._replace(background=np.full((64, 1), 0.5, np.float32))
    pruned = prune("loss", pooled.of(whole), 1)
    assert pruned.kept.tolist() == [1]
    # The background's logit, whose coefficient was 1, takes the 0.4 over, but for the damping of the kernels.
    assert pruned.share == pytest.approx(1.4, abs=0.05)
    np.testing.assert_allclose(pruned.parameters.background, 0.5 * pruned.share, rtol=1e-6)
    assert pruned.parameters.weights[0, 0] == pytest.approx(0.8, abs=0.05)
    assert pruned.parameters.intercept[0] == pytest.approx(-3 + 0.4 * 5 + 0.4 * 3, abs=0.3)
    by_weight = prune("weight", pooled.of(whole), 1)
    assert by_weight.share == 1 and (by_weight.parameters.background == 0.5).all()


def test_a_background_that_is_the_same_for_all_sequences_stays_as_it_is():
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, 1000)
    motif = np.maximum(0, rng.normal(labels, 1))
    pooled = Pooled(np.column_stack([np.full(1000, 2.5), motif, 0.1 * rng.random(1000)]), labels)
    pruned = prune("loss", pooled.of(network([1.0, 0.1])._replace(background=np.ones((64, 1), np.float32))), 1)
    assert pruned.kept.tolist() == [0] and pruned.share == pytest.approx(1)
    assert np.isfinite(pruned.parameters.intercept).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12), st.data())
def test_any_criterion_keeps_the_number_that_is_asked_for(seed, kernels, data):
    rng = np.random.default_rng(seed)
    count = data.draw(st.integers(1, kernels - 1))
    criterion = data.draw(st.sampled_from(["weight", "score", "score_weight", "loss"]))
    activations = np.maximum(0, rng.normal(size=(60, kernels))) * rng.integers(0, 2, kernels)  # some are dead
    pooled = Pooled(activations, rng.permutation(np.tile([0, 1], 30)))
    weights = rng.normal(size=kernels) * rng.integers(0, 2, kernels)  # some weights are zero
    pruned = prune(criterion, pooled.of(network(weights)), count)
    assert len(pruned.kept) == len(pruned.parameters.weights) == count
    assert (np.diff(pruned.kept) > 0).all() and np.isfinite(pruned.parameters.weights).all()
