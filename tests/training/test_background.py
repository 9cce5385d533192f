import numpy as np
import pytest
from planted import composed, planted, planted_tasks
from scipy.optimize import check_grad

from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
from deepprune.dna.words import Words
from deepprune.evaluation.metrics import cross_entropy
from deepprune.models.background import counted, standard_of
from deepprune.training import background
from deepprune.training.background import PENALTIES, fit_background
from deepprune.training.sequences import Part

WORDS = Words(3, merged=True)


def parts(data):
    return Part(data, TRAIN), Part(data, VALIDATION)


def test_composition_is_found_and_the_penalty_is_the_best_on_validation_data():
    training, validation = parts(composed())
    found = fit_background(WORDS, training, validation)
    logits = WORDS.summed(validation[:], found.weights) + found.intercept
    loss = cross_entropy(validation.labels, logits)
    assert loss == pytest.approx(found.validation_loss, rel=1e-4) and loss < 0.65
    assert found.standard.penalty in PENALTIES[1:-1]  # neither end: both directions were tried
    assert found.weights.dtype == np.float32 and found.seconds > 0


def test_a_fit_is_reproduced_to_the_last_bit():
    one, other = (fit_background(WORDS, *parts(composed())) for _ in range(2))
    assert np.array_equal(one.weights, other.weights) and np.array_equal(one.intercept, other.intercept)


def test_each_task_has_its_own_weights():
    training, validation = parts(planted_tasks(600))
    tasks = training.labels.shape[1]
    found = fit_background(WORDS, training, validation)
    assert tasks > 1 and found.weights.shape == (32, tasks) and found.intercept.shape == (tasks,)
    assert len({tuple(column) for column in found.weights.T}) == tasks


@pytest.mark.parametrize("letter", [0, 4], ids=["A alone", "N alone"])
def test_counts_that_do_not_vary_get_no_weight(letter):
    data = planted(200)
    data = Dataset(np.full_like(data.codes, letter), data.labels, data.split)
    found = fit_background(WORDS, *parts(data))
    assert not found.weights.any() and np.isfinite(found.intercept).all() and not found.standard.scale.any()
    share = parts(data)[0].labels.mean()
    assert found.intercept[0] == pytest.approx(np.log(share / (1 - share)), abs=1e-3)


def test_many_sequences_are_sampled(monkeypatch):
    monkeypatch.setattr(background, "POSITIONS", 300 * 40)
    sampled = fit_background(WORDS, *parts(composed()))
    monkeypatch.undo()
    assert not np.array_equal(sampled.weights, fit_background(WORDS, *parts(composed())).weights)
    assert sampled.validation_loss < 0.67


def test_the_gradient_is_that_of_the_loss(monkeypatch):
    training, _ = parts(composed(200))
    counts = counted(WORDS, training[:])
    dense = counts.toarray()
    standard = standard_of(dense.mean(axis=0), dense.std(axis=0), 0.3)
    losses = []
    monkeypatch.setattr(background, "minimize", lambda loss, start, **_: losses.append(loss) or Solved(start))
    background._solved(counts, training.labels[:, 0], standard, np.zeros(33))
    (loss,) = losses
    start = np.random.default_rng(0).normal(size=33)
    assert check_grad(lambda x: loss(x)[0], lambda x: loss(x)[1], start) < 1e-5


class Solved:
    def __init__(self, x):
        self.x = x
