import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import mannwhitneyu

from deepprune.metrics import auprc, auroc


def test_auroc_by_hand():
    # Of the six pairs of a positive and a negative, four are in order and one is a tie.
    assert auroc(np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.4, 0.4, 0.6, 0.1])) == pytest.approx(4.5 / 6)


def test_auprc_by_hand():
    # Precision is 1 at the first positive and 2/3 at the second.
    assert auprc(np.array([1, 0, 1, 0]), np.array([4.0, 3.0, 2.0, 1.0])) == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("measure", [auroc, auprc])
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
