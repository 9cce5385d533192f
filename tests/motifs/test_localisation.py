import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.data.implant import COLUMNS as IMPLANTED
from deepprune.models.conv_settings import Field
from deepprune.motifs.localisation import COLUMNS, _largest, localisation

# Instances of 5 bp in sequences of 30
INSTANCES = pd.DataFrame(
    [(0, "a", 3, 8, "+"), (1, "a", 11, 16, "+"), (1, "a", 0, 5, "-"), (2, "b", 4, 9, "+")], columns=IMPLANTED
)
LENGTH = 30
# A field away from task a, there are the stretches from 15, 20, 25 on of the first sequence, 25 of the second, and all
# six of the third: ten. Of task b, all of the first and second, and three of the third: fifteen.
CENTRED = Field(5, -2, 1)


def found(field: Field, *active: tuple[int, int], instances: pd.DataFrame = INSTANCES) -> dict[tuple[str, str], float]:
    """Return the AUROC by task and strand of a filter that is active at some (row, position)."""
    values = np.zeros((3, LENGTH, 1), np.float32)
    for row, position in active:
        values[row, position] = 1
    table = localisation(values, instances, field)
    return {(row.task, row.strand): row.auroc for row in table.itertuples()}


def test_a_filter_that_is_active_at_the_instances_alone() -> None:
    aurocs = found(CENTRED, (0, 5), (1, 13))
    # Of task b, it is active at the middles of two of the fifteen stretches, 7 and 12.
    assert aurocs == {("a", "+"): 1.0, ("a", "-"): 0.5, ("b", "+"): pytest.approx(13 * 0.5 / 15, abs=1e-4)}


def test_a_filter_that_is_active_elsewhere_by_hand() -> None:
    # At one of two instances, and at the middle of one of the ten stretches
    aurocs = found(CENTRED, (0, 5), (0, 22))
    assert aurocs[("a", "+")] == pytest.approx((9 + 0.5 + 9 * 0.5) / 20, abs=1e-4)
    assert aurocs[("a", "-")] == pytest.approx(9 * 0.5 / 10, abs=1e-4)
    assert aurocs[("b", "+")] == pytest.approx(13 * 0.5 / 15, abs=1e-4)


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [
        (CENTRED, 3, 7),  # from 1 to 5, ..., from 5 to 9
        (Field(9, -4, 1), 1, 9),
        (Field(8, -3, 1), 1, 8),  # from -2 to 5, ..., from 5 to 12
        (Field(3, -1, 1), 4, 6),
        (Field(1, 0, 1), 5, 5),
        (Field(6, -5, 1), 5, 10),  # from 0 to 5, ..., from 5 to 10
        (Field(8, 0, 1), 0, 5),
        (Field(4, 0, 1), 2, 5),
    ],
)
def test_units_see_an_instance_whose_field_holds_its_middle(field: Field, first: int, last: int) -> None:
    one = INSTANCES[:1]  # from 3 to 7
    seen = [position for position in range(LENGTH) if found(field, (0, position), instances=one)[("a", "+")] > 0.5]
    assert seen == list(range(first, last + 1))
    # They see no stretch that is a field away.
    assert all(found(field, (0, position), instances=one)[("a", "+")] == 1 for position in seen)


def test_columns_and_filters() -> None:
    values = np.zeros((3, LENGTH, 2), np.float32)
    values[0, 5, 1] = values[1, 13, 1] = 2.5
    table = localisation(values, INSTANCES.astype({"task": "string"}), CENTRED)
    assert list(table) == COLUMNS == ["filter", "task", "strand", "instances", "auroc"]
    assert table.to_numpy().tolist()[:4] == [
        [0, "a", "+", 2, 0.5],
        [1, "a", "+", 2, 1.0],
        [0, "a", "-", 1, 0.5],
        [1, "a", "-", 1, 0.5],
    ]
    assert len(table) == 6


def test_without_instances_there_are_no_rows() -> None:
    table = localisation(np.zeros((3, LENGTH, 2), np.float32), INSTANCES[:0], CENTRED)
    assert table.empty and list(table) == COLUMNS


def test_without_a_free_stretch_there_is_no_row() -> None:
    rows = [(0, "a", 0, 5, "+"), (0, "a", 11, 16, "-"), (0, "b", 0, 5, "+")]
    table = localisation(np.zeros((1, 20, 1), np.float32), pd.DataFrame(rows, columns=IMPLANTED), CENTRED)
    assert table[["task", "strand"]].to_numpy().tolist() == [["b", "+"]]


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    field=st.builds(Field, st.integers(1, 12), st.integers(-12, 3), st.just(1)),
    length=st.integers(1, 15),
)
def test_the_largest_activation_is_that_of_the_definition(seed: int, field: Field, length: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.maximum(rng.normal(size=(2, length, 2)), 0).astype(np.float32)
    expected = np.zeros_like(values)
    for letter in range(length):
        for position in range(length):
            if position + field.start <= letter < position + field.start + field.width:
                expected[:, letter] = np.maximum(expected[:, letter], values[:, position])
    assert np.array_equal(_largest(values, field), expected)
