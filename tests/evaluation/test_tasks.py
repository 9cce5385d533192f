import math

import numpy as np
import pytest

from deepprune.evaluation.tasks import TASK_COLUMNS, TaskMeans, task_means, task_table

# Tasks: one of each class, one without negatives, one without positives, one of ties
LABELS = np.array([[1, 1, 0, 1], [0, 1, 0, 0], [1, 1, 0, 0], [0, 1, 0, 1]], np.uint8)
LOGITS = {
    7: np.array([[2.0, 1, 1, 0], [1.0, 1, 1, 0], [0.5, 1, 1, 0], [-3, 1, 1, 0]]),
    2: np.array([[2.0, 1, 1, 3], [1.0, 1, 1, 1], [1.5, 1, 1, 2], [-3, 1, 1, 2]]),
}


def test_measures_by_hand() -> None:
    table = task_table(("a", "all", "none", "b"), LABELS, LOGITS)
    assert list(table) == TASK_COLUMNS == ["seed", "task", "positives", "prevalence", "auroc", "auprc"]
    assert table["seed"].tolist() == [7] * 4 + [2] * 4 and table["task"].tolist() == ["a", "all", "none", "b"] * 2
    assert table["positives"].tolist() == [2, 4, 0, 2] * 2 and table["prevalence"].tolist() == [0.5, 1, 0, 0.5] * 2
    # Of four pairs, seed 7 has three in order in task a, and ties alone in task b; seed 2 one tie in task b.
    assert table["auroc"].fillna(-1).tolist() == [0.75, -1, -1, 0.5, 1.0, -1, -1, 0.875]
    # The second positive of task a comes third: (1 + 2 / 3) / 2. The second of task b comes with a negative.
    assert table["auprc"].fillna(-1).tolist() == pytest.approx([0.833333, -1, -1, 0.5, 1.0, -1, -1, 0.833333])


def test_means_are_over_the_tasks_that_have_both_classes() -> None:
    means = task_means(task_table(("a", "all", "none", "b"), LABELS, LOGITS))
    assert list(means) == [7, 2] and all(type(seed) is int for seed in means)
    assert means[7] == TaskMeans(2, 2, 0.625, 0.666667)
    assert means[2] == TaskMeans(2, 2, 0.9375, pytest.approx(0.916667, abs=1e-6))


def test_without_a_task_of_both_classes_means_are_missing() -> None:
    (mean,) = task_means(task_table(("all", "none"), LABELS[:, 1:3], {0: np.zeros((4, 2))})).values()
    assert (mean.tasks, mean.left_out) == (0, 2) and math.isnan(mean.auroc) and math.isnan(mean.auprc)
