import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from deepprune.evaluation import decisions as module
from deepprune.evaluation.decisions import decisions, f1_threshold


def f1(truth: np.ndarray, yes: np.ndarray) -> float:
    """Return F1 by its definition, the harmonic mean of precision and recall."""
    right = (yes & (truth == 1)).sum()
    return 2 / (yes.sum() / right + truth.sum() / right) if right else 0.0


def test_the_threshold_by_hand() -> None:
    labels, logits = np.array([1, 0, 1, 0, 0]), np.array([3.0, 2.0, 1.0, 0.0, -1.0])
    # With a yes from 3, 2, 1, 0 and -1 on, F1 is 2/3, 1/2, 4/5, 2/3 and 4/7.
    assert f1_threshold(labels, logits) == 1
    # A tie enters as a whole: from 1 on, three yes of which two are right.
    assert f1_threshold(np.array([1, 1, 0, 0]), np.array([1.0, 1, 1, 0])) == 1
    # From 4 and from 1 on, F1 is 2/3: the higher counts.
    assert f1_threshold(np.array([1, 0, 0, 1]), np.array([4.0, 3, 2, 1])) == 4


def test_without_a_positive_there_is_no_threshold() -> None:
    with pytest.raises(ValueError, match="no positive"):
        f1_threshold(np.zeros(3), np.arange(3.0))


@given(
    arrays.arrays(np.uint8, st.integers(1, 40), elements=st.integers(0, 1)),
    st.integers(1, 12),
    st.sampled_from([np.float32, np.float64]),
    st.integers(0, 2**32 - 1),
)
def test_no_threshold_is_better(labels: np.ndarray, levels: int, dtype: type, seed: int) -> None:
    labels[0] = 1
    logits = (np.random.default_rng(seed).integers(0, levels, len(labels)) / 7).astype(dtype)
    found = {float(level): f1(labels, logits >= level) for level in np.unique(logits)}
    best = f1_threshold(labels, logits)
    assert found[best] == pytest.approx(max(found.values()))
    assert all(value < found[best] + 1e-12 for level, value in found.items() if level > best)


LABELS = np.array([[1, 0, 0], [0, 0, 0], [1, 1, 0], [0, 0, 0]], np.uint8)
LOGITS = np.array([[2, -1, -1], [1, -2, -1], [-1, 3, -2], [-3, -1, -3]], np.float32)


def test_decisions_by_hand() -> None:
    found = decisions(LABELS, LOGITS, np.array([1.5, -1, np.nan]))
    # Task 1: one yes, right, of two positives. Task 2: three yes, one right. Task 3: never yes, no positive.
    assert found.f1.tolist() == pytest.approx([2 / 3, 1 / 2, 0])
    assert found.precision.tolist() == pytest.approx([1, 1 / 3, 0])
    assert found.recall.tolist() == [0.5, 1, 0]
    # A logit of 0 is a no: wrong are sequences 2 and 3 in task 1.
    assert found.accuracy.tolist() == [0.5, 1, 1]
    assert (found.exact, found.exact_always_no) == (0.5, 0.5)
    assert decisions(LABELS * 0, LOGITS * 0, np.zeros(3)).exact == 1


@given(st.integers(1, 30), st.integers(1, 5), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_decisions_are_those_of_their_definitions_in_any_steps(rows: int, tasks: int, cells: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    labels, logits = random.integers(0, 2, (rows, tasks)), random.normal(size=(rows, tasks)).round(1)
    thresholds = random.normal(size=tasks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CELLS", cells)
        found = decisions(labels.astype(np.uint8), logits, thresholds)
    for task in range(tasks):
        truth, yes = labels[:, task], logits[:, task] >= thresholds[task]
        assert found.f1[task] == pytest.approx(f1(truth, yes))
        assert found.precision[task] == pytest.approx(truth[yes].mean() if yes.any() else 0)
        assert found.recall[task] == pytest.approx(yes[truth == 1].mean() if truth.any() else 0)
        assert found.accuracy[task] == pytest.approx(((logits[:, task] > 0) == truth).mean())
    assert found.exact == pytest.approx(((logits > 0) == labels).all(axis=1).mean())
    assert found.exact_always_no == pytest.approx((labels == 0).all(axis=1).mean())
