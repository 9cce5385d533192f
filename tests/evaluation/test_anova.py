import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from deepprune.errors import InputError
from deepprune.evaluation.anova import two_way_anova

FACTORS = ("family", "network")


def design(sizes: dict[str, int], networks: str, values: list[float]) -> pd.DataFrame:
    """Return a table in which every data set of families of these sizes has every network once."""
    rows = [(family, network) for family, size in sizes.items() for _ in range(size) for network in networks]
    return pd.DataFrame(rows, columns=list(FACTORS)).assign(auroc=values)


def test_a_table_worked_by_hand() -> None:
    # Means: families 2 and 6, networks 3 and 5, cells 1.5 2.5 4.5 7.5; the whole 4
    table = design({"A": 2, "B": 2}, "xy", [1, 2, 2, 3, 4, 8, 5, 7])
    found = two_way_anova(table, "auroc", FACTORS).set_index("source")
    assert list(found.index) == ["family", "network", "family x network", "residual"]
    assert found["sum_of_squares"].tolist() == pytest.approx([32, 8, 2, 2])
    assert found["df"].tolist() == [1, 1, 1, 4]
    assert found["f"].tolist() == pytest.approx([64, 16, 4, math.nan], nan_ok=True)
    # The square root of F with one degree of freedom is Student's t.
    assert found["p_value"][:3].tolist() == pytest.approx([2 * stats.t.sf(t, 4) for t in (8, 4, 2)])
    assert found["eta_squared"].tolist() == pytest.approx([32 / 44, 8 / 44, 2 / 44, 2 / 44])
    assert found["partial_eta_squared"][:3].tolist() == pytest.approx([32 / 34, 8 / 10, 2 / 4])
    assert math.isnan(found["p_value"]["residual"]) and math.isnan(found["partial_eta_squared"]["residual"])


def residual_of(columns: list[np.ndarray], values: np.ndarray) -> float:
    """Return the sum of squares that least squares leave."""
    matrix = np.column_stack(columns)
    return float(np.sum((values - matrix @ np.linalg.lstsq(matrix, values, rcond=None)[0]) ** 2))


@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=3).filter(lambda sizes: max(sizes) > 1),
    networks=st.sampled_from(["xy", "xyz"]),
    seed=st.integers(0, 99),
)
def test_sums_of_squares_add_up_and_are_those_of_nested_models(sizes: list[int], networks: str, seed: int) -> None:
    families = dict(zip("ABC", sizes, strict=False))
    table = design(families, networks, list(np.random.default_rng(seed).normal(size=sum(sizes) * len(networks))))
    found = two_way_anova(table, "auroc", FACTORS).set_index("source")
    values = table["auroc"].to_numpy()
    total = np.sum((values - values.mean()) ** 2)
    assert found["sum_of_squares"].sum() == pytest.approx(total)
    assert found["eta_squared"].sum() == pytest.approx(1)
    assert found["df"].sum() == len(table) - 1
    one, two, both = (
        [(labels == level).to_numpy(float) for level in labels.unique()]
        for labels in (table["family"], table["network"], table["family"] + table["network"])
    )
    without = [residual_of(two, values), residual_of(one, values), residual_of(one + two, values)]
    additive, full = residual_of(one + two, values), residual_of(both, values)
    expected = [without[0] - additive, without[1] - additive, additive - full, full]
    assert found["sum_of_squares"].tolist() == pytest.approx(expected, abs=1e-9)
    # The other order: each factor alone against nothing
    assert total - residual_of(one, values) == pytest.approx(found["sum_of_squares"]["family"], abs=1e-9)
    swapped = two_way_anova(table, "auroc", FACTORS[::-1])
    assert swapped["f"][[1, 0, 2]].tolist() == pytest.approx(found["f"][:3].tolist())


def test_values_without_variance() -> None:
    constant = two_way_anova(design({"A": 2, "B": 3}, "xy", [0.1] * 10), "auroc", FACTORS)
    assert constant["sum_of_squares"].tolist() == [0] * 4 and constant[["f", "eta_squared"]].isna().all(axis=None)
    exact = two_way_anova(design({"A": 2, "B": 2}, "xy", [0.1, 0.7] * 4), "auroc", FACTORS).set_index("source")
    assert exact["f"]["network"] == math.inf and exact["p_value"]["network"] == 0
    assert exact["eta_squared"]["network"] == 1 and math.isnan(exact["f"]["family"])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (design({"A": 2, "B": 2}, "xy", [*range(8)]).iloc[1:], "counts of its cells are not proportional"),
        (design({"A": 1, "B": 2}, "xy", [*range(6)]).iloc[1:], "counts of its cells are not proportional"),
        (design({"A": 1, "B": 1}, "xy", [*range(4)]), "each of its 4 cells has one value only"),
        (design({"A": 3}, "xy", [*range(6)]), "by family and network: family has 1 level"),
        (design({"A": 2, "B": 2}, "xy", [*range(7), math.inf]), "1 of 8 rows lack a level or a finite value"),
        (design({"A": 2, "B": 2}, "xy", [*range(8)]).replace("A", None), "4 of 8 rows lack"),
    ],
)
def test_designs_that_determine_no_analysis(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        two_way_anova(table, "auroc", FACTORS)
