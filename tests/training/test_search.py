import math

import numpy as np
import pytest
from planted import planted

from deepprune.data.dataset import TEST
from deepprune.errors import InputError
from deepprune.models.conv_settings import Convolution, ConvSettings, FewSettings
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.search import (
    GRID,
    Search,
    Subject,
    Trial,
    best_trial,
    choose_options,
    combinations,
    run_trials,
    trials_table,
)
from deepprune.training.trainer import Options, Trainer

OPTIONS = Options(32, max_epochs=20)
FEW = Subject("few", FewSettings(4, 7, "one"), OPTIONS)
STACK = Subject("stack", ConvSettings((Convolution(4, 7, 10),), (8,)), OPTIONS)


def silent(_: str) -> None:
    pass


def trial(accuracy: float, loss: float, diverged: bool = False, **changes: float) -> Trial:
    return Trial(changes, Fit([], [], 3, loss, loss, 1.0, diverged), accuracy)


def test_a_grid_has_all_combinations_in_the_order_of_the_options() -> None:
    found = combinations(Search({"rho": [0.9, 0.99], "l2": [0, 1]}), 0)
    assert found == [{"rho": 0.9, "l2": 0}, {"rho": 0.9, "l2": 1}, {"rho": 0.99, "l2": 0}, {"rho": 0.99, "l2": 1}]


def test_draws_are_seeded_and_with_replacement() -> None:
    search = Search({"rho": [1, 2, 3], "l2": [1, 2, 3], "epsilon": [1, 2, 3]}, 30)
    found = combinations(search, 5)
    assert found == combinations(search, 5) != combinations(search, 6)
    assert len(found) == 30 and len({tuple(one.values()) for one in found}) < 27
    assert combinations(search._replace(trials=10), 5) == found[:10]


def test_changes_reach_settings_and_options() -> None:
    changed = STACK.changed({"dense_dropout": 0.5, "rho": 0.9})
    assert changed.settings.dense_dropout == 0.5 and changed.options.rho == 0.9
    with pytest.raises(InputError, match=r"network few has no dense_dropout; leave it out of search\.space"):
        FEW.changed({"dense_dropout": 0.5})


def test_the_best_has_the_highest_accuracy_or_the_lowest_loss() -> None:
    trials = [trial(0.8, 0.5), trial(0.9, 0.6), trial(0.9, 0.55), trial(math.nan, math.nan, True)]
    assert best_trial(trials, "accuracy") == 2 and best_trial(trials, "loss") == 0
    with pytest.raises(InputError, match=r"all trials of search\.space diverged"):
        best_trial(trials[3:], "loss")


def test_a_diverged_trial_is_a_row_without_results() -> None:
    table = trials_table([trial(0.8, 0.5, rho=0.9), trial(math.nan, math.inf, True, rho=0.5)], 0)
    assert table.columns.tolist()[:2] == ["trial", "rho"]
    assert table["chosen"].tolist() == [1, 0] and table["diverged"].tolist() == [0, 1]
    assert table["validation_loss"].isna().tolist() == [False, True]
    assert trials_table([], None).empty


@pytest.mark.slow
@pytest.mark.usefixtures("shared_programs")
def test_trials_choose_a_rate_that_learns(tmp_path) -> None:
    data, lines = planted(600), []
    trainer = Trainer(data, OPTIONS, lines.append)
    search = Search({"learning_rate": [1e-6, 0.03]}, GRID, "loss", 6)
    trials = run_trials(FEW, trainer, search, 0, 2, Checkpoint(tmp_path, "d", silent))
    found, table = choose_options(FEW, trials, search.by, trainer.log)
    assert found.options.learning_rate == 0.03 and found.options.max_epochs == OPTIONS.max_epochs
    assert table["chosen"].tolist() == [0, 1] and (table["epochs"] <= 6).all()
    assert lines == ["few: of 2 trials, learning_rate 0.03 is best"]
    # A second run trains nothing, and threads change nothing.
    again = run_trials(FEW, Trainer(data, OPTIONS, silent), search, 0, 1, Checkpoint(tmp_path, "d", silent))
    alone = run_trials(FEW, Trainer(data, OPTIONS, silent), search, 0, 1)
    for kept, fresh in zip(again, alone, strict=True):
        assert kept.fit.seconds != fresh.fit.seconds
        np.testing.assert_array_equal(kept.fit.weights.kernels, fresh.fit.weights.kernels)
    assert choose_options(FEW, run_trials(FEW, trainer, Search({}), 0), "loss", silent)[0] is FEW


@pytest.mark.slow
@pytest.mark.usefixtures("shared_programs")
def test_test_sequences_have_no_part_in_a_search() -> None:
    data = planted(600)
    other = planted(600)
    rows = other.rows(TEST)
    other.codes[rows] = (other.codes[rows] + 1) % 4
    other.labels[rows] = 1 - other.labels[rows]
    search = Search({"learning_rate": [0.003, 0.03]}, GRID, "accuracy", 4)
    tables = [
        choose_options(FEW, run_trials(FEW, Trainer(some, OPTIONS, silent), search, 0), search.by, silent)[1].drop(
            columns="seconds"
        )
        for some in (data, other)
    ]
    assert tables[0].equals(tables[1])


@pytest.mark.slow
def test_trials_of_training_options_share_a_program() -> None:
    # With batches of a size that no other test has, since these may share programs
    trainer = Trainer(planted(300), OPTIONS._replace(batch_size=30), silent)
    search = Search({"dense_dropout": [0.1, 0.5], "learning_rate": [0.001, 0.01, 0.03]}, GRID, "loss", 2)
    run_trials(STACK, trainer, search, 0, 2)
    programs = list(trainer._programs.values())
    assert len(programs) == 2
    assert all(one.epochs["adam"].experimental_get_tracing_count() == 1 for one in programs)
