import math
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.evaluation.metrics import auroc
from deepprune.evaluation.tasks import (
    TASK_COLUMNS,
    Evaluation,
    Exact,
    Labels,
    Logits,
    TaskMeans,
    both_classes,
    evaluate_tasks,
    task_means,
)

# Tasks: one of each class, one without negatives, one without positives, one of ties, one whose validation sequences
# lack positives, one whose training sequences lack a class
TASKS = ("a", "all", "none", "b", "late", "unlearned")
TEST_LABELS = np.array([[1, 1, 0, 1, 1, 1], [0, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0], [0, 1, 0, 1, 0, 0]], np.uint8)
VALIDATION_LABELS = np.array([[1, 1, 0, 0, 0, 1], [0, 0, 1, 1, 0, 0]], np.uint8)
LABELS = Labels(TEST_LABELS, VALIDATION_LABELS, np.array([True] * 5 + [False]))
VALIDATED = np.array([[1.0, 1, 1, 0, 0, 2], [0.0, 0, 2, 2, 1, 1]])
NETWORKS = {
    7: np.array([[2.0, 1, 1, 0, 1, 1], [1.0, 1, 1, 0, 0, 0], [0.5, 1, 1, 0, 0, 0], [-3, 1, 1, 0, 0, 0]]),
    2: np.array([[2.0, 1, 1, 3, 1, 1], [1.0, 1, 1, 1, 0, 0], [1.5, 1, -1, 2, 0, 0], [-3, 1, 1, 2, 0, 0]]),
}


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate_tasks(TASKS, LABELS, [(seed, Logits(found, VALIDATED)) for seed, found in NETWORKS.items()])


def cells(evaluation: Evaluation, column: str) -> list[float]:
    """Return a column, -1 where it is missing."""
    return evaluation.tasks[column].fillna(-1).tolist()


def test_measures_by_hand(evaluation: Evaluation) -> None:
    table = evaluation.tasks
    assert list(table) == TASK_COLUMNS
    assert TASK_COLUMNS[:6] == ["seed", "task", "positives", "prevalence", "auroc", "auprc"]
    assert table["seed"].tolist() == [7] * 6 + [2] * 6 and table["task"].tolist() == [*TASKS, *TASKS]
    assert table["positives"].tolist() == [2, 4, 0, 2, 1, 1] * 2
    assert table["prevalence"].tolist() == [0.5, 1, 0, 0.5, 0.25, 0.25] * 2
    # Of four pairs, seed 7 has three in order in task a, and ties alone in task b; seed 2 one tie in task b.
    assert cells(evaluation, "auroc") == [0.75, -1, -1, 0.5, 1, -1, 1.0, -1, -1, 0.875, 1, -1]
    # The second positive of task a comes third: (1 + 2 / 3) / 2. The second of task b comes with a negative.
    expected = [0.833333, -1, -1, 0.5, 1, -1, 1.0, -1, -1, 0.833333, 1, -1]
    assert cells(evaluation, "auprc") == pytest.approx(expected)


def test_thresholds_come_from_validation_sequences(evaluation: Evaluation) -> None:
    assert cells(evaluation, "threshold") == [1, -1, -1, 2, -1, -1] * 2
    # Seed 7, task a: a yes to 2 and 1, of which the first is right. Task b: never yes.
    # Seed 2: a yes to 2, 1 and 1.5, of which two are right; in task b to 3, 2 and 2, of which two are right.
    assert cells(evaluation, "precision") == pytest.approx([0.5, -1, -1, 0, -1, -1, 0.666667, -1, -1, 0.666667, -1, -1])
    assert cells(evaluation, "recall") == [0.5, -1, -1, 0, -1, -1, 1, -1, -1, 1, -1, -1]
    assert cells(evaluation, "f1") == [0.5, -1, -1, 0, -1, -1, 0.8, -1, -1, 0.8, -1, -1]


def test_accuracy_is_beside_that_of_a_no_to_everything(evaluation: Evaluation) -> None:
    assert cells(evaluation, "accuracy") == [0.75, -1, -1, 0.5, 1, -1, 0.75, -1, -1, 0.5, 1, -1]
    assert cells(evaluation, "accuracy_always_no") == [0.5, -1, -1, 0.5, 0.75, -1] * 2
    # All labels of a sequence count, also those of tasks that are left out; each sequence has a positive.
    assert evaluation.exact == {7: Exact(0, 0), 2: Exact(0, 0)}
    empty = LABELS._replace(test=TEST_LABELS * np.array([[0], [1], [1], [1]], np.uint8))
    (exact,) = evaluate_tasks(TASKS, empty, [(0, Logits(-NETWORKS[7], VALIDATED))]).exact.values()
    assert exact == Exact(0.25, 0.25)


def test_means_are_over_the_tasks_that_have_both_classes(evaluation: Evaluation) -> None:
    means = task_means(evaluation)
    assert list(means) == [7, 2] and all(type(seed) is int for seed in means)
    assert means[7] == TaskMeans(3, 3, 0.75, 0.777778, 4, 0.25, 0.25, 0.25, 0.75, 0.583333, 0, 0)
    assert means[2][:6] == (3, 3, 0.958333, pytest.approx(0.944444, abs=1e-6), 4, 0.8)
    assert TaskMeans._fields[:4] == ("tasks", "left_out", "auroc", "auprc")


def test_without_a_task_of_both_classes_means_are_missing() -> None:
    some = Labels(TEST_LABELS[:, 1:3], VALIDATION_LABELS[:, 1:3], np.ones(2, bool))
    (mean,) = task_means(evaluate_tasks(TASKS[1:3], some, [(0, Logits(np.zeros((4, 2)), np.zeros((2, 2))))])).values()
    assert (mean.tasks, mean.left_out, mean.left_out_f1) == (0, 2, 2)
    assert all(map(math.isnan, (mean.auroc, mean.auprc, mean.f1, mean.accuracy)))
    assert (mean.exact_accuracy, mean.exact_accuracy_always_no) == (0, 0)


def test_test_sequences_decide_nothing(evaluation: Evaluation) -> None:
    other = Labels(1 - TEST_LABELS, *LABELS[1:])
    found = evaluate_tasks(TASKS, other, [(seed, Logits(-found, VALIDATED)) for seed, found in NETWORKS.items()])
    assert cells(found, "threshold") == cells(evaluation, "threshold")


def test_labels_of_a_data_set() -> None:
    split = np.array([TEST, TRAIN, VALIDATION, TRAIN, TEST], np.uint8)
    labels = np.array([[1, 0], [1, 0], [0, 1], [0, 0], [0, 1]], np.uint8)
    found = Labels.of(Dataset(np.zeros((5, 9), np.uint8), labels, split, ("a", "b")))
    assert found.test.tolist() == [[1, 0], [0, 1]] and found.validation.tolist() == [[0, 1]]
    assert found.learned.tolist() == [True, False]
    assert both_classes(labels).tolist() == [True, True] and both_classes(labels[1:4]).tolist() == [True, True]
    assert both_classes(labels[3:4]).tolist() == [False, False] and not both_classes(labels[:0]).any()


@pytest.mark.parametrize(
    ("test", "validation", "message"),
    [
        (
            (4, 5),
            (2, 5),
            "the network has 5 tasks, but the data set has 6; use a network that was trained on this data",
        ),
        ((4, 6), (2, 1), "the network has 1 tasks, but the data set has 6"),
        ((5, 6), (2, 6), "there are logits of 5 test sequences, but labels of 4; give those of one data set"),
        ((4, 6), (3, 6), "there are logits of 3 validation sequences, but labels of 2"),
    ],
)
def test_logits_of_other_tasks_are_one_line(test: tuple[int, int], validation: tuple[int, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        evaluate_tasks(TASKS, LABELS, [(0, Logits(np.zeros(test), np.zeros(validation)))])


def test_many_tasks_take_little_memory_and_one_network_at_a_time() -> None:
    random = np.random.default_rng(0)
    labels = Labels(*((random.random((rows, 60)) < 0.1).astype(np.uint8) for rows in (20_000, 500)), np.ones(60, bool))
    made: list[int] = []

    def networks() -> Iterator[tuple[int, Logits]]:
        for seed in range(3):
            made.append(seed)
            yield seed, Logits(*(random.normal(size=part.shape).astype(np.float32) for part in labels[:2]))

    tracemalloc.start()
    found = evaluate_tasks([f"t{i}" for i in range(60)], labels, networks())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == [0, 1, 2] and len(found.tasks) == 180
    # Float64 random numbers become the logits of one network, float32; the rest is small.
    assert peak < 20_000 * 60 * (8 + 4 + 2)


def test_each_column_is_that_of_its_task() -> None:
    random = np.random.default_rng(1)
    labels, logits = random.integers(0, 2, (50, 37)).astype(np.uint8), random.normal(size=(50, 37))
    found = evaluate_tasks(
        [str(i) for i in range(37)], Labels(labels, labels, np.ones(37, bool)), [(0, Logits(logits, logits))]
    )
    expected = [auroc(labels[:, task], logits[:, task]) for task in range(37)]
    assert found.tasks["auroc"].tolist() == pytest.approx(expected, abs=1e-6)
    assert (found.tasks["f1"] >= found.tasks["prevalence"]).all()
