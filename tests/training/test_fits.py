"""Outcomes of training as a table."""

import numpy as np

from deepprune.evaluation.tasks import TaskMeans
from deepprune.training.fits import COLUMNS, Fit, replicates_table


def test_the_table_by_hand() -> None:
    fits = {
        4: Fit([np.zeros((7, 4, 6)), np.zeros(6)], [np.zeros(6)], 9, 1 / 3, 0.25, 1.2345, False),
        1: Fit([np.zeros((7, 4, 6)), np.zeros(5)], [], 8, 0.5, 0.75, 2.0, False),
    }
    further = 2, 0.5, 0.4, 0.7, 0.9, 0.8, 0.25, 0.125
    means = {1: TaskMeans(3, 0, 0.75, 0.5, *further), 4: TaskMeans(2, 1, 0.875, 0.625, *further)}
    table = replicates_table(fits, means)
    assert (
        list(table)
        == COLUMNS
        == [
            *("seed", "parameters", "epochs", "seconds", "loss", "validation_loss"),
            *("tasks", "left_out", "auroc", "auprc", "left_out_f1", "f1", "precision", "recall"),
            *("accuracy", "accuracy_always_no", "exact_accuracy", "exact_accuracy_always_no"),
        ]
    )
    assert table.to_numpy().tolist() == [
        [4, 7 * 4 * 6 + 6, 9, 1.23, 0.333333, 0.25, 2, 1, 0.875, 0.625, *further],
        [1, 7 * 4 * 6 + 5, 8, 2.0, 0.5, 0.75, 3, 0, 0.75, 0.5, *further],
    ]
