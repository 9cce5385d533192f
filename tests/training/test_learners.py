"""Learners on data sets: which sequences train them, seeds, sources, blocks, tables."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from planted import planted_tasks

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.evaluation.tasks import Logits
from deepprune.models.autoencoder import encoder_model
from deepprune.models.conv_settings import AutoencoderSettings, Convolution, ConvSettings, LearnerSettings
from deepprune.models.features import Source
from deepprune.models.keras_network import KerasNetwork
from deepprune.models.store import save_nests
from deepprune.training import learners
from deepprune.training.fits import COLUMNS
from deepprune.training.learners import STEPS, Outcome, Training, evaluate_learners, learners_table, steps_table

DATA = planted_tasks(900)
FOREST = LearnerSettings("forest", "words", letters=5, trees=50)
LINEAR = LearnerSettings("linear", "words", letters=5)
CODER = AutoencoderSettings(ConvSettings((Convolution(4, 5, 8),)), 6)


def trained(settings: LearnerSettings, seed: int, data: Dataset = DATA, threads: int = 1) -> tuple[Outcome, Logits]:
    return Training("learner", settings, data, None, [].append).outcome(seed, threads)


def encoders(path: Path, factors: dict[int, float]) -> Source:
    """Write encoders whose weights are those of one seed, times a factor for each seed."""
    network = KerasNetwork("coder", partial(encoder_model, CODER, DATA.codes.shape[1]))
    weights, state = network.initial(np.random.default_rng(0)), network.initial_state()
    scaled = {f"seed{seed}": ([weight * factor for weight in weights], state) for seed, factor in factors.items()}
    save_nests(path, scaled)
    return Source("coder", CODER, path)


@pytest.mark.parametrize("settings", [FOREST, LINEAR])
def test_learners_find_planted_words(settings: LearnerSettings) -> None:
    found, evaluation = evaluate_learners(Training("learner", settings, DATA, None, [].append), [4])
    table, tasks = learners_table(found, evaluation), evaluation.tasks
    assert list(table) == COLUMNS and (tasks["auroc"] > 0.75).all() and len(tasks) == 3
    assert (tasks["accuracy"] > 0.65).all() and tasks["f1"].notna().all()
    row = table.iloc[0]
    assert (row["seed"], row["epochs"], row["tasks"]) == (4, 1, 3) and np.isnan(
        [row["loss"], row["validation_loss"]]
    ).all()
    arrays = found[4].fit.weights
    if settings is LINEAR:
        assert row["parameters"] == 3 * (512 + 1) and arrays["weights"].shape == (512, 3)
    else:
        assert row["parameters"] > 50 * 3 and arrays["importances"].shape == (512,)


def test_seeds_grow_forests_alone_or_among_others_on_any_threads() -> None:
    together = Training("learner", FOREST, DATA, None, [].append)
    scores = {seed: together.outcome(seed)[1] for seed in (5, 2)}
    assert all(map(np.array_equal, scores[2], trained(FOREST, 2, threads=3)[1]))
    assert not np.array_equal(scores[5].test, scores[2].test)
    assert scores[2].test.shape == (len(DATA.rows(TEST)), 3)
    assert scores[2].validation.shape == (len(DATA.rows(VALIDATION)), 3)
    assert all(map(np.array_equal, trained(LINEAR, 5)[1], trained(LINEAR, 2)[1]))


def test_a_seed_chooses_if_the_sequences_are_too_many() -> None:
    few = Training("learner", LINEAR._replace(most=100), DATA, None, [].append)
    chosen = few.rows(TRAIN, 3)
    assert len(chosen) == 100 and (DATA.split[chosen] == TRAIN).all() and (np.diff(chosen) > 0).all()
    assert not np.array_equal(chosen, few.rows(TRAIN, 4)) and np.array_equal(chosen, few.rows(TRAIN, 3))
    every = Training("learner", LINEAR, DATA, None, [].append)
    assert np.array_equal(every.rows(VALIDATION, 0), DATA.rows(VALIDATION))
    found, _ = trained(LINEAR._replace(most=100), 3)
    assert [step[:2] for step in found.steps] == [
        ("features", 200),
        ("training", 100),
        ("prediction", len(DATA.rows(TEST))),
    ]


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trained(FOREST, 0)[1]
    monkeypatch.setattr(learners, "BLOCK", 37)
    assert all(map(np.array_equal, trained(FOREST, 0)[1], whole))


def test_what_teaches() -> None:
    """Test sequences teach nobody; validation sequences teach linear models alone."""
    for part, settings, teaches in ((TEST, LINEAR, False), (VALIDATION, FOREST, False), (VALIDATION, LINEAR, True)):
        labels = np.where(DATA.split[:, None] == part, 1 - DATA.labels, DATA.labels).astype(np.uint8)
        first, second = (trained(settings, 0, data)[1].test for data in (DATA, replace(DATA, labels=labels)))
        assert np.array_equal(first, second) is not teaches


def test_each_seed_reads_the_features_of_its_own_network(tmp_path: Path) -> None:
    source = encoders(tmp_path / "coder.npz", {0: 1.0, 3: -2.0})
    settings, lines = LearnerSettings("forest", "code", source="coder", trees=5), []
    found, evaluation = evaluate_learners(Training("learner", settings, DATA, source, lines.append), [3, 7, 0])
    assert list(found) == [3, 0] and "learner, seed 7: left out, since there are no features of this seed" in lines
    table = learners_table(found, evaluation)
    assert table["seed"].tolist() == [3, 0] and table["auroc"].nunique() == 2
    assert found[0].fit.weights["importances"].shape == (6,)
    table = steps_table(found, "coder")
    assert list(table) == STEPS and (table["source"] == "coder").all()
    assert table["seed"].tolist() == [3] * 3 + [0] * 3 and table["step"].tolist()[:3] == [
        "features",
        "training",
        "prediction",
    ]
    assert (steps_table({0: trained(LINEAR, 0)[0]}, "")["source"] == "").all()
    with pytest.raises(InputError, match="network learner: coder, whose features it reads, has none of any seed"):
        Training("learner", settings, DATA, source, lines.append).known([7, 8])


def test_codes_that_are_no_numbers_count_as_zero(tmp_path: Path) -> None:
    source, lines = encoders(tmp_path / "coder.npz", {0: np.nan}), []
    for learner in ("forest", "linear"):
        settings = LearnerSettings(learner, "code", source="coder", trees=3)
        found, evaluation = evaluate_learners(Training("learner", settings, DATA, source, lines.append), [0])
        assert (evaluation.tasks["auroc"] == 0.5).all() and not next(iter(found[0].fit.weights.values())).any()
    assert lines[0].startswith("learner: ") and "features of" in lines[0] and lines[0].endswith("NaN and count as 0")
