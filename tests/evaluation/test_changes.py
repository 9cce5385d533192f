import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster import hierarchy

from deepprune.errors import InputError
from deepprune.evaluation.changes import changes_from, clustered

TABLE = pd.DataFrame(
    [
        ("b", "wide", 0.9),
        ("b", "few", 0.8),
        ("b", "deep", 0.95),
        ("a", "wide", 0.7),
        ("a", "deep", 0.6),
        ("a", "few", 0.7),
    ],
    columns=["dataset", "network", "auroc"],
)


def made_up(values: list[float]) -> pd.DataFrame:
    """Return the changes of one network on data sets d0, d1, ..."""
    return pd.DataFrame({"few": values}, index=pd.Index([f"d{place}" for place in range(len(values))], name="dataset"))


def test_changes_from_a_network() -> None:
    found = changes_from(TABLE, "wide")
    assert list(found.index) == ["a", "b"] and list(found.columns) == ["few", "deep"]
    assert found.to_numpy() == pytest.approx(np.array([[0, -0.1], [-0.1, 0.05]]))


@pytest.mark.parametrize(
    ("table", "reference", "message"),
    [
        (TABLE, "none", "changes from the network none need it"),
        (TABLE[TABLE["network"] == "few"], "few", "need it and another one; there is few"),
        (TABLE.iloc[1:], "few", "the network wide has no AUROC on b"),
        (TABLE.replace(0.95, math.nan), "few", "the network deep has no AUROC on b"),
        (pd.concat([TABLE, TABLE.iloc[1:2]]), "few", "the network few is listed twice on b"),
    ],
)
def test_tables_that_lack_something(table: pd.DataFrame, reference: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        changes_from(table, reference)


def test_clusters_are_numbered_from_the_worst() -> None:
    # Three groups on a line; Ward's first cut is between the far one and the others.
    changes = made_up([0.02, -0.3, -0.01, 0.021, -0.31, -0.012])
    found = clustered(changes, 3)
    assert found.table["cluster"].tolist() == [3, 1, 2, 3, 1, 2]
    assert found.table.sort_values("place")["dataset"].tolist() == ["d4", "d1", "d5", "d2", "d0", "d3"]
    assert found.linkage[:3, 2] == pytest.approx([0.001, 0.002, 0.01])
    assert clustered(changes, 2).table["cluster"].tolist() == [2, 1, 2, 2, 1, 2]


@pytest.mark.parametrize(
    ("values", "clusters"), [([0.1], 1), ([0.1, 0.2], 2), ([0.1, 0.1, 0.1], 1), ([1, 2, 3, 9, 7], 4)]
)
def test_there_are_no_more_clusters_than_different_data_sets(values: list[float], clusters: int) -> None:
    table, linkage = clustered(made_up(values))
    assert table["cluster"].nunique() == clusters and linkage.shape == (len(values) - 1, 4)
    assert sorted(table["place"]) == list(range(len(values)))


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=12),
    st.integers(1, 5),
    st.randoms(),
)
def test_clusters_lie_together_and_do_not_depend_on_the_order_of_rows(rows, clusters, random) -> None:  # type: ignore[no-untyped-def]
    changes = pd.DataFrame(rows, columns=["few", "deep"], index=[f"d{place:02}" for place in range(len(rows))]) / 100
    table, linkage = clustered(changes, clusters)
    shuffled = random.sample(list(changes.index), len(rows))
    again = clustered(changes.loc[shuffled], clusters)
    assert again.table.equals(table) and np.array_equal(again.linkage, linkage)
    ordered = table.sort_values("place")
    assert ordered.index.tolist() == hierarchy.leaves_list(linkage).tolist()
    assert (ordered["cluster"].diff() != 0).sum() == table["cluster"].nunique() <= clusters
    means = changes.mean(axis=1).groupby(table["cluster"].to_numpy()).mean()
    assert means.is_monotonic_increasing and list(means.index) == list(range(1, len(means) + 1))
