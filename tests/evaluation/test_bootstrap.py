import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.evaluation.bootstrap import by_network, interval, rungs, signed_rank
from deepprune.keys import KEY_COLUMNS, NetworkKind


def test_interval_by_hand() -> None:
    # Of 27 equally likely draws of three values one has the smallest mean, which is more than 2.5 %.
    assert interval(np.array([0.0, 3.0, 9.0])) == (0, 9)
    assert interval(np.full(4, 0.25)) == (0.25, 0.25)
    assert np.isnan(interval(np.array([1.0, 2.0]))).all()


def test_interval_of_many_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(1).normal(3, 2, 400)
    se = values.std() / 20
    assert interval(values) == pytest.approx((values.mean() - 1.96 * se, values.mean() + 1.96 * se), abs=0.1 * se)
    assert interval(values) == interval(values)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=20))
def test_interval_holds_the_mean_and_keeps_to_the_values(values: list[float]) -> None:
    low, high = interval(np.array(values))
    assert min(values) - 1e-12 <= low <= high <= max(values) + 1e-12


def test_signed_rank_by_hand() -> None:
    # All of five above 0: one of 32 signs. All but the smallest: two of 32.
    assert signed_rank(np.array([1.0, 2, 3, 4, 5])) == pytest.approx(1 / 32)
    assert signed_rank(np.array([-1.0, 2, 3, 4, 5])) == pytest.approx(2 / 32)
    assert signed_rank(-np.array([1.0, 2, 3, 4, 5])) == 1
    assert signed_rank(np.zeros(6)) == 1
    assert np.isnan(signed_rank(np.ones(4)))


def test_networks_become_columns() -> None:
    rows = [
        ("b", "few_kernel", "deepprune", "loss", 4, 1, 0.7),
        ("a", "few_kernel", "baseline", "-", 16, 0, 0.8),
        ("a", "circular", "circular", "-", 1, 0, 0.6),
    ]
    table = pd.DataFrame(rows, columns=["dataset", *KEY_COLUMNS, "auroc"])
    wide = by_network(table, "auroc")
    assert wide.index.tolist() == [("a", 0), ("b", 1)]
    assert NetworkKind("circular", "circular", "-", 1) in wide.columns
    assert wide["few_kernel", "deepprune", "loss", 4].dropna().tolist() == [0.7]
    assert rungs(table) == [4, 16]
