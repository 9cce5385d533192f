"""Forests and linear models: by hand, against the solution of ridge regression, on threads, and without the package."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.evaluation.metrics import auroc
from deepprune.models.conv_settings import LearnerSettings
from deepprune.models.learners import (
    PENALTIES,
    Examples,
    check_package,
    fit_linear,
    grow_forest,
    standardized,
    train_learner,
)

FOREST = LearnerSettings("forest", "words", letters=3, trees=20)
LINEAR = LearnerSettings("linear", "words", letters=3)


def examples(count: int, tasks: int = 2, features: int = 6, seed: int = 0) -> Examples:
    """Return features of which the first decides the first task, the second the second, and so on; with some noise."""
    rng = np.random.default_rng(seed)
    values = rng.normal(2, 3, (count, features)).astype(np.float32)
    noise = rng.normal(0, 1, (count, tasks))
    return Examples(values, (values[:, :tasks] + noise > 2).astype(np.uint8))


def aurocs(part: Examples, scores: np.ndarray) -> list[float]:
    return [auroc(truth, own) for truth, own in zip(part.labels.T, scores.T, strict=True)]


@pytest.mark.parametrize("tasks", [1, 3])
@pytest.mark.parametrize("settings", [FOREST, LINEAR])
def test_learners_find_the_feature_of_each_task(settings: LearnerSettings, tasks: int) -> None:
    training, validation, test = (examples(600, tasks, seed=seed) for seed in range(3))
    learner = train_learner(settings, training, validation if settings is LINEAR else None, 0)
    scores = learner.scores(test.features)
    assert scores.shape == (600, tasks) and scores.dtype == np.float32
    assert min(aurocs(test, scores)) > 0.9
    weights = np.abs(next(iter(learner.arrays().values()))).reshape(6, -1).sum(axis=1)
    assert set(weights.argsort()[::-1][:tasks]) == set(range(tasks))


def test_a_tree_by_hand() -> None:
    values = np.array([[0], [1], [2], [3]], np.float32).repeat(5, axis=0)
    labels = np.array([[0, 1], [0, 1], [1, 0], [1, 0]], np.uint8).repeat(5, axis=0)
    forest = grow_forest(FOREST._replace(trees=1), Examples(values, labels), 0)
    # One split between 1 and 2 serves both tasks: three nodes.
    assert forest.parameters == 3 and forest.importances.tolist() == [1]
    assert forest.scores(np.array([[-5], [9]], np.float32)).tolist() == [[-0.5, 0.5], [0.5, -0.5]]
    # Leaves of 15 at least leave no room for a split.
    whole = grow_forest(FOREST._replace(trees=1, leaf=15), Examples(values, labels), 0)
    assert whole.parameters == 1 and np.ptp(whole.scores(values), axis=0).tolist() == [0, 0]


def test_a_task_with_one_class_has_its_probability() -> None:
    part = examples(50)
    for value in (0, 1):
        labels = np.column_stack([part.labels[:, 0], np.full(50, value, np.uint8)])
        for columns in ([0, 1], [1]):
            scores = grow_forest(FOREST, Examples(part.features, labels[:, columns]), 0).scores(part.features)
            assert scores.shape == (50, len(columns)) and (scores[:, -1] == value - 0.5).all()


def test_a_forest_depends_on_its_seed_and_not_on_threads() -> None:
    training, test = examples(300), examples(200, seed=1)
    one, four, other = (grow_forest(FOREST, training, seed, threads) for seed, threads in ((3, 1), (3, 4), (4, 1)))
    assert np.array_equal(one.scores(test.features), four.scores(test.features))
    assert np.array_equal(one.importances, four.importances) and one.parameters == four.parameters
    assert not np.array_equal(one.scores(test.features), other.scores(test.features))


def ridge(standard: np.ndarray, labels: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and intercept that minimize the mean squared error and the penalty times the squares."""
    gram = standard.T @ standard / len(labels) + penalty * np.eye(standard.shape[1])
    return np.linalg.solve(gram, standard.T @ (labels - labels.mean(0)) / len(labels)), labels.mean(0)


@hypothesis(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 3))
def test_a_linear_model_is_the_ridge_regression_that_validation_chooses(seed: int, tasks: int) -> None:
    training, validation = examples(40, tasks, seed=seed), examples(30, tasks, seed=seed + 1)
    found = fit_linear(training, validation)
    mean, spread = training.features.astype(float).mean(0), training.features.astype(float).std(0)
    inside, outside = ((part.features - mean) / spread for part in (training, validation))
    fits = [ridge(inside, training.labels, penalty) for penalty in PENALTIES]
    errors = np.stack([((outside @ own + start - validation.labels) ** 2).mean(0) for own, start in fits])
    best = np.searchsorted(PENALTIES, found.penalty * 0.99)
    assert np.take_along_axis(errors, best[None], 0)[0] == pytest.approx(errors.min(0), abs=1e-6)
    for task, place in enumerate(best):
        own, start = fits[place]
        assert found.weights[:, task] == pytest.approx(own[:, task] / spread, rel=1e-3, abs=1e-5)
        expected = outside @ own[:, task] + start[task] - 0.5
        assert found.scores(validation.features)[:, task] == pytest.approx(expected, abs=1e-4)
    assert found.parameters == 7 * tasks


def test_features_that_do_not_vary_have_no_weight() -> None:
    part = examples(100)
    features = part.features.copy()
    features[:, 4], features[:, 5] = 0.1, 0
    found = fit_linear(Examples(features, part.labels), Examples(features, part.labels))
    assert (found.weights[4:] == 0).all() and (found.weights[:4] != 0).all()
    standard, mean, scale = standardized(features)
    assert standard.mean(0) == pytest.approx(0, abs=1e-5) and standard[:, :4].std(0) == pytest.approx(1, abs=1e-5)
    assert (scale[4:] == 0).all() and mean[4] == np.float32(0.1) and standard.dtype == np.float32


def test_huge_features_give_finite_scores() -> None:
    part = examples(100)
    features = part.features * np.float32(1e30)
    found = fit_linear(Examples(features, part.labels), Examples(features, part.labels))
    assert np.isfinite(found.scores(features)).all() and min(aurocs(part, found.scores(features))) > 0.8


def test_a_missing_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    check_package("trees")
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(InputError) as caught:
        check_package("trees")
    assert str(caught.value) == (
        "network trees needs the package scikit-learn, which is missing; install it into the environment (make "
        "setup), or leave this network out"
    )
