import json
import math

import numpy as np
import pytest

from deepprune.models.parameters import initial_parameters
from deepprune.training.early_stopping import Losses, Run
from deepprune.training.stack import stacked


def stack(epoch: int):
    """Two networks of three kernels, other ones after each epoch."""
    return stacked([initial_parameters(5, 3, np.random.default_rng([epoch, place])) for place in range(2)])


def run(losses: list[float], patience: int = 2) -> Run:
    made = Run(np.random.default_rng(0), patience)
    for epoch, loss in enumerate(losses):
        assert not made.finished
        made.advance(stack(epoch), stacked([[epoch], [-epoch]]), 1, Losses(loss + 1, loss))
    return made


@pytest.mark.parametrize(
    "losses, best",
    [([3, 2, 4, 5], 1), ([3, 2, 2, 2], 1), ([3, 4, 2, 4, 4], 2), ([1, 2, 3], 0)],
    ids=["rises", "an equal loss is no lower one", "falls again in time", "the first"],
)
def test_the_best_epoch_counts_and_patience_ends_the_run(losses: list[float], best: int) -> None:
    made = run(losses)
    assert made.finished and not made.diverged
    fit = made.fit()
    assert (fit.epochs, fit.loss, fit.validation_loss) == (len(losses), losses[best] + 1, losses[best])
    expected = initial_parameters(5, 3, np.random.default_rng([best, 1]))
    np.testing.assert_array_equal(fit.weights.kernels, expected.kernels)
    assert fit.state == [-best] and fit.seconds >= 0


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_finite_number_ends_the_run(loss: float) -> None:
    made = run([3, loss])
    assert made.finished and made.fit().diverged


def test_a_run_goes_on_within_its_patience() -> None:
    assert not run([3, 4]).finished


def test_a_run_resumed_from_json_goes_on_as_the_one_it_was() -> None:
    made, drawn = Run(np.random.default_rng(3), 2), []
    for epoch, loss in enumerate([3, 4, 2, 2.5, 5]):
        if epoch == 2:
            weights, state, place = made.best or pytest.fail("no best epoch")
            again = Run(np.random.default_rng(3), 2).resumed(json.loads(json.dumps(made.counts())), (weights, state))
            again.best = (weights, state, place)
        for one in (made, again) if epoch >= 2 else (made,):
            drawn.append((one.rng.permutation(5).tolist(), one.seed().tolist()))
            one.advance(stack(epoch), stacked([[epoch], [-epoch]]), 1, Losses(loss + 1, loss))
    assert drawn[2::2] == drawn[3::2] and drawn[0] != drawn[1]
    assert made.finished and again.finished
    assert made.fit()[2:5] == again.fit()[2:5] == (5, 3, 2)


def test_a_resumed_run_counts_the_seconds_before() -> None:
    begun = Run(np.random.default_rng(0), 2)
    again = begun.resumed(run([3]).counts() | {"seconds": 100.0}, ([], []))
    assert again.ended - again.began == pytest.approx(100)
    again.advance([], [], 0, Losses(1, 1))
    assert 100 <= again.ended - again.began < 110
    assert begun.epochs == 0 and begun.best is None
