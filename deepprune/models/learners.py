"""Learners on features of sequences, by the package scikit-learn: forests and linear models of any number of tasks."""

from typing import Any, NamedTuple

import numpy as np

from deepprune.errors import InputError
from deepprune.models.conv_settings import LearnerSettings

# Penalties of linear models, for each training sequence: from hardly any to nearly no weights
PENALTIES = tuple(10.0**exponent for exponent in range(-5, 3))


class Examples(NamedTuple):
    """Features of sequences, float32 (n, features), and their labels, uint8 (n, tasks)."""

    features: np.ndarray
    labels: np.ndarray


class Forest(NamedTuple):
    """A forest. forest: of scikit-learn.  importances: of the features, float32 (features,), with the sum 1."""

    forest: Any
    importances: np.ndarray

    @property
    def parameters(self) -> int:
        """The number of nodes of all trees."""
        return sum(tree.tree_.node_count for tree in self.forest.estimators_)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what is kept of the forest, which itself has hundreds of MB: the importances."""
        return {"importances": self.importances}

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return the probabilities of sequences less one half, float32 (n, tasks)."""
        found = self.forest.predict_proba(features)
        by_task = found if isinstance(found, list) else [found]
        classes = self.forest.classes_ if isinstance(found, list) else [self.forest.classes_]
        # A task without positives among the examples has one class.
        columns = [shares @ (own == 1) for shares, own in zip(by_task, classes, strict=True)]
        return (np.stack(columns, axis=1) - 0.5).astype(np.float32)


class Linear(NamedTuple):
    """A linear model.

    weights: of features, float32 (features, tasks).  intercept: float32 (tasks,), less one half.  penalty: the chosen
    one of each task, float32 (tasks,).
    """

    weights: np.ndarray
    intercept: np.ndarray
    penalty: np.ndarray

    @property
    def parameters(self) -> int:
        """The number of weights and intercepts."""
        return self.weights.size + self.intercept.size

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what the model consists of."""
        return self._asdict()

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return the scores of sequences, float32 (n, tasks): about 0.5 for positives and -0.5 for negatives."""
        return features @ self.weights + self.intercept


def check_package(name: str) -> None:
    """Raise InputError if scikit-learn is missing; name: of the learner."""
    try:
        import sklearn  # noqa: F401 - looked for
    except ImportError:
        raise InputError(
            f"network {name} needs the package scikit-learn, which is missing; install it into the environment "
            "(make setup), or leave this network out"
        ) from None


def train_learner(
    settings: LearnerSettings, training: Examples, validation: Examples | None, seed: int, threads: int = 1
) -> Forest | Linear:
    """Return the learner trained on these examples; outcomes do not depend on the threads.

    validation: None for a forest, which chooses nothing.
    """
    if validation is None:
        return grow_forest(settings, training, seed, threads)
    return fit_linear(training, validation)


def grow_forest(settings: LearnerSettings, training: Examples, seed: int, threads: int = 1) -> Forest:
    """Return a forest of all tasks at once, whose trees try the square root of the features at each node."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(
        settings.trees, min_samples_leaf=settings.leaf, max_features="sqrt", random_state=seed, n_jobs=threads
    )
    labels = training.labels if training.labels.shape[1] > 1 else training.labels[:, 0]
    forest.fit(training.features, labels)
    # Threads would add up the trees in the order in which they finish.
    forest.n_jobs = 1
    return Forest(forest, forest.feature_importances_.astype(np.float32))


def fit_linear(training: Examples, validation: Examples) -> Linear:
    """Return ridge regressions of the labels on standardized features.

    The penalty of each task is the one of PENALTIES with the lowest mean squared error on the validation examples.
    Features that do not vary have no weight.
    """
    from sklearn.linear_model import Ridge

    standard, mean, scale = standardized(training.features)
    held_out = (validation.features - mean) * scale
    labels = training.labels.astype(np.float32)
    fits = [Ridge(penalty * len(labels), solver="cholesky").fit(standard, labels) for penalty in PENALTIES]
    errors = [
        ((fit.predict(held_out).reshape(validation.labels.shape) - validation.labels) ** 2).mean(0) for fit in fits
    ]
    best = np.argmin(errors, axis=0)
    tasks = np.arange(labels.shape[1])
    unit = np.stack([np.atleast_2d(fit.coef_) for fit in fits])[best, tasks].T
    own = np.stack([np.broadcast_to(fit.intercept_, tasks.shape) for fit in fits])[best, tasks]
    weights = unit.astype(np.float64) * scale[:, None]
    model = Linear(weights, own - mean @ weights - 0.5, np.take(PENALTIES, best))
    return Linear(*(array.astype(np.float32) for array in model))


def standardized(features: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (features - mean) * scale, with the mean and the scale of each feature, all float32.

    The scale of a feature that does not vary is 0.
    """
    mean = features.mean(axis=0, dtype=np.float64).astype(np.float32)
    standard = features - mean
    # Without a copy in float64
    spread = np.sqrt(np.einsum("nf,nf->f", standard, standard, dtype=np.float64) / len(features))
    varies = spread > 1e-6 * np.abs(mean)
    scale = np.divide(1, spread, out=np.zeros_like(spread), where=varies).astype(np.float32)
    standard *= scale
    return standard, mean, scale
