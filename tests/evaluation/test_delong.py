import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.evaluation.delong import difference_of, interval, interval_of, paired_difference
from deepprune.evaluation.metrics import auroc, auroc_components, auroc_se

LABELS = np.array([1, 1, 1, 0, 0, 0])
SCORES = st.lists(st.integers(-3, 3), min_size=6, max_size=6).map(np.array)


def test_the_interval_is_1_96_standard_errors_wide_within_0_and_1() -> None:
    scores = np.array([3, 2, 0, 2, 1, -1])
    middle, se = auroc(LABELS, scores), auroc_se(LABELS, scores)
    low, high = interval(LABELS, scores)
    assert (low, high) == (pytest.approx(middle - 1.959964 * se), 1) and middle + 1.959964 * se > 1
    assert interval(LABELS, LABELS) == (1, 1)
    assert all(map(math.isnan, interval(LABELS[2:], scores[2:])))  # a class of one sequence


@given(scores=SCORES, others=SCORES)
def test_a_difference_has_two_directions(scores: np.ndarray, others: np.ndarray) -> None:
    gain, low, high, p = paired_difference(LABELS, scores, others)
    assert gain == pytest.approx(auroc(LABELS, scores) - auroc(LABELS, others), abs=1e-6)
    back = paired_difference(LABELS, others, scores)
    assert back == pytest.approx((-gain, -high, -low, p), abs=1e-6) and 0 <= p <= 1 and low <= gain <= high


def test_the_interval_and_the_difference_of_components() -> None:
    own, other = (auroc_components(LABELS, np.array(scores)) for scores in ([3, 2, 0, 2, 1, -1], [1, 0, 0, 1, 0, 0]))
    mean = tuple((one + two) / 2 for one, two in zip(own, other, strict=True))
    low, high = interval_of((mean[0], mean[1]))
    assert low < np.mean(mean[0]) < high
    assert difference_of(own, own) == (0, 0, 0, 1)
