import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import mannwhitneyu

from deepprune.evaluation.metrics import accuracy, auprc, auroc, auroc_components, auroc_se, delong_variance


def test_auroc_by_hand():
    # Of the six pairs of a positive and a negative, four are in order and one is a tie.
    assert auroc(np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.4, 0.4, 0.6, 0.1])) == pytest.approx(4.5 / 6)


def test_auprc_by_hand():
    # Precision is 1 at the first positive and 2/3 at the second.
    assert auprc(np.array([1, 0, 1, 0]), np.array([4.0, 3.0, 2.0, 1.0])) == pytest.approx((1 + 2 / 3) / 2)


def test_components_and_their_variance_by_hand():
    # The scores of test_auroc_by_hand: 0.9 outranks all three negatives, 0.4 one of them and a half.
    positives, negatives = auroc_components(np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.4, 0.4, 0.6, 0.1]))
    assert positives.tolist() == [1, 0.5]
    assert negatives.tolist() == [0.75, 0.5, 1]
    # Variances 1/8 and 1/16, of two and of three.
    assert delong_variance(positives, negatives) == pytest.approx(1 / 16 + 1 / 48)


def test_perfect_order_has_no_variance_and_a_single_sequence_an_unknown_one():
    assert auroc_se(np.array([0, 1, 0, 1]), np.array([1, 3, 2, 4])) == 0
    assert auroc_se(np.array([0, 1, 0, 1]), np.array([3, 1, 4, 2])) == 0
    assert auroc_se(np.array([0, 1, 0, 1]), np.zeros(4)) == 0
    assert np.isnan(auroc_se(np.array([0, 1, 1]), np.array([3, 1, 4])))


def test_standard_error_covers_what_other_samples_give():
    rng = np.random.default_rng(0)
    labels = np.repeat([1, 0], [300, 500])
    samples = [(rng.normal(size=800) + labels).astype(np.float32) for _ in range(400)]
    observed = np.std([auroc(labels, scores) for scores in samples])
    assert np.mean([auroc_se(labels, scores) for scores in samples]) == pytest.approx(observed, rel=0.1)


@pytest.mark.parametrize("measure", [auroc, auprc, auroc_components, auroc_se])
def test_one_class_is_refused(measure):
    with pytest.raises(ValueError, match="both classes"):
        measure(np.ones(4), np.arange(4))


@given(
    arrays.arrays(np.uint8, st.integers(2, 80), elements=st.integers(0, 1)),
    st.integers(1, 6),
    st.integers(0, 2**32 - 1),
)
def test_agree_with_their_definitions_also_on_ties(labels, levels, seed):
    labels[:2] = 0, 1
    scores = np.random.default_rng(seed).integers(0, levels, len(labels)) / 7
    bound = labels == 1
    u = mannwhitneyu(scores[bound], scores[~bound]).statistic
    assert auroc(labels, scores) == pytest.approx(u / (bound.sum() * (~bound).sum()), abs=1e-9)
    # Precision at each score that a positive has, by the positives that have it.
    precision = [labels[scores >= score].mean() for score in scores[bound]]
    assert auprc(labels, scores) == pytest.approx(np.mean(precision), abs=1e-9)


def brute_components(labels, scores):
    """Every pair of a positive and a negative, one by one."""
    pairs = [
        [float(above > below) + float(above == below) / 2 for below in scores[labels == 0]]
        for above in scores[labels == 1]
    ]
    return np.mean(pairs, axis=1), np.mean(pairs, axis=0)


@given(
    arrays.arrays(np.uint8, st.integers(4, 60), elements=st.integers(0, 1)),
    st.integers(1, 40),
    st.integers(0, 2**32 - 1),
)
def test_components_are_those_of_all_pairs(labels, levels, seed):
    labels[:4] = 0, 1, 0, 1
    rng = np.random.default_rng(seed)
    scores, others = rng.integers(0, levels, (2, len(labels))) / 7
    found, expected = auroc_components(labels, scores), brute_components(labels, scores)
    assert found[0] == pytest.approx(expected[0])
    assert found[1] == pytest.approx(expected[1])
    assert found[0].mean() == pytest.approx(auroc(labels, scores))
    assert found[1].mean() == pytest.approx(auroc(labels, scores))
    # The variance of a difference, by the covariances of DeLong's paper.
    other = brute_components(labels, others)
    covariance = sum(np.cov(one, two) / len(one) for one, two in zip(expected, other, strict=True))
    difference = [one - two for one, two in zip(found, auroc_components(labels, others), strict=True)]
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert delong_variance(*difference) == pytest.approx(variance, abs=1e-12)


def test_accuracy_counts_right_predictions_of_all_tasks():
    labels = np.array([[1, 0], [0, 0], [1, 1]])
    assert accuracy(labels, np.array([[0.1, -1], [0.0, 3], [-1, 2]])) == pytest.approx(4 / 6)
