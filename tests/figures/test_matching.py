import numpy as np
import pandas as pd
import pytest

from deepprune.figures.matching import matching_figure

ROWS = [(0.40, 4.0, 3, 1, 1), (0.40, 4.2, 0, 2, 0), (0.46, 4.0, 1, 5, 1)]
TABLE = pd.DataFrame(ROWS, columns=["gc", "strength", "bound", "unbound", "matched"])


def test_shares_of_both_classes_before_and_after() -> None:
    gc, strength, gc_after, strength_after = matching_figure(TABLE).axes
    assert gc.get_title(loc="left") == "before matching: 4 bound, 8 unbound"
    assert gc_after.get_title(loc="left") == "after matching: 2 bound, 2 unbound"
    shares = [[patch.get_data().values.tolist() for patch in ax.patches] for ax in (gc, strength, gc_after)]
    assert shares == [[[0.75, 0.25], [0.375, 0.625]], [[1, 0], [0.75, 0.25]], [[0.5, 0.5], [0.5, 0.5]]]
    assert strength_after.patches[0].get_data().edges.tolist() == pytest.approx([4.0, 4.2, 4.4])
    assert [ax.get_ylim()[0] for ax in (gc, strength_after)] == [0, 0]


def test_bins_without_instances_are_empty() -> None:
    rows = [*ROWS, (0.42, 4.0, 1, 1, 1)]
    ax = matching_figure(pd.DataFrame(rows, columns=TABLE.columns)).axes[0]
    values, edges, _ = ax.patches[0].get_data()
    assert np.count_nonzero(values) == 3 and values[2] == 0
    assert edges.tolist() == pytest.approx([0.40, 0.42, 0.44, 0.46, 0.48])


def test_one_bin() -> None:
    assert len(matching_figure(TABLE[:1]).axes) == 4
