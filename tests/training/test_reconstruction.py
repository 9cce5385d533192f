"""Tables of autoencoders, by hand."""

import math

import numpy as np
import pytest

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.dna.codes import to_codes
from deepprune.training.fits import Fit
from deepprune.training.reconstruction import (
    COLUMNS,
    EPOCHS,
    Course,
    base_counts,
    epochs_table,
    has_diverged,
    most_frequent,
    reconstruction_table,
)

DATA = Dataset(
    to_codes(["AAAC", "GATN", "TTTT", "ACGN", "TTTC"]),
    np.zeros((5, 1), np.uint8),
    np.array([TRAIN, TRAIN, VALIDATION, TEST, TEST], np.uint8),
)


def fit(history: list[list[float]], kept: int, diverged: bool = False) -> Fit:
    rows = np.array(history)
    course = Course([], rows, np.array(kept), np.array(70), np.array([0.9, 0.45]))
    return Fit([np.zeros(3)], course, len(rows), *rows[kept - 1, :2], rows[:, 4].sum(), diverged)


def test_tables_by_hand() -> None:
    first = fit([[1.5, 1.4, 0.3, 0.35, 2, 3], [1.2, 1.3, 0.4, 0.375, 2, 3.5], [1.1, 1.35, 0.5, 0.37, 2, 3]], kept=2)
    second = fit([[3e9, 4e9, 0.25, 0.26, 1, 1]], kept=1, diverged=True)
    epochs = epochs_table({7: first, 2: second})
    assert list(epochs) == EPOCHS
    assert epochs[["seed", "epoch"]].to_numpy().tolist() == [[7, 1], [7, 2], [7, 3], [2, 1]]
    assert epochs["validation_loss"].tolist() == [1.4, 1.3, 1.35, 4e9]
    table = reconstruction_table({7: first, 2: second}, DATA)
    assert list(table) == COLUMNS
    assert table.iloc[0].to_dict() == {
        **{"seed": 7, "parameters": 70, "epochs": 3, "kept": 2, "seconds": 6, "processor_seconds": 9.5},
        **{"highest_loss": 1.5, "loss": 1.2, "validation_loss": 1.3, "accuracy": 0.4, "validation_accuracy": 0.375},
        **{"test_loss": 0.9, "test_accuracy": 0.45, "uniform": 0.25, "most_frequent": 0.142857, "diverged": 0},
    }
    assert table["diverged"].tolist() == [0, 1] and table["loss"][1] == 3e9


def test_bases_are_counted_in_each_part() -> None:
    assert base_counts(DATA, TRAIN).tolist() == [4, 1, 1, 1]
    assert base_counts(DATA, TEST).tolist() == [1, 2, 1, 3]
    # A is most frequent in training sequences, but not in test sequences.
    assert most_frequent(DATA) == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    ("loss", "output", "expected"),
    [
        (math.nan, "softmax", True),
        (math.inf, "identity", True),
        (18.7, "identity", False),
        (18.8, "identity", True),
        (138.6, "softmax", False),
        (138.7, "softmax", True),
        (0.0, "softmax", False),
    ],
)
def test_what_has_diverged(loss: float, output: str, expected: bool) -> None:
    assert has_diverged(loss, output) is expected
