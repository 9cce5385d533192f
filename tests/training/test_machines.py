"""gkm-SVMs on data sets: which sequences train them, seeds, checkpoints."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from planted import planted, planted_tasks

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.errors import InputError
from deepprune.evaluation.metrics import auroc
from deepprune.models.conv_settings import GkmSettings
from deepprune.training import machines
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.machines import Training, machine_of

needs_package = pytest.mark.skipif(find_spec("gkmsvm") is None, reason="the extra gkm is not installed")
SETTINGS = GkmSettings(6, 4, 2)
DATA = planted(500)


@pytest.fixture
def unneeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package need not be there where nothing is trained."""
    monkeypatch.setattr("deepprune.training.machines.check_machine", lambda *_: None)


def training(most: int = 5000, data: Dataset = DATA, lines: list[str] | None = None) -> Training:
    return Training("gkm", SETTINGS._replace(most=most), data, [].append if lines is None else lines.append)


def same(first: Fit, second: Fit) -> bool:
    return all(map(np.array_equal, machine_of(first), machine_of(second)))


@needs_package
def test_all_seeds_share_the_machine_of_all_sequences() -> None:
    lines: list[str] = []
    found = training(lines=lines)
    fits = found.fits([3, 1])
    assert list(fits) == [3, 1] and same(*fits.values()) and len(lines) == 1
    assert lines[0].startswith(f"gkm, all seeds: {len(machine_of(fits[1]).weights)} support vectors, ")
    assert fits[1].epochs == 1 and np.isnan([fits[1].loss, fits[1].validation_loss]).all()
    codes, labels = DATA.part(TEST)
    # The codes of support vectors are no trained weights.
    assert sum(map(np.size, fits[1].weights.values())) == len(machine_of(fits[1]).support) + 1
    scores = found.scores(fits, codes)
    assert scores[3].shape == labels.shape and np.array_equal(scores[3], scores[1])
    assert auroc(labels[:, 0], scores[3][:, 0]) > 0.9


@needs_package
def test_a_seed_chooses_and_gives_the_same_machine_with_or_without_others() -> None:
    lines: list[str] = []
    few = training(most=30, lines=lines)
    together, alone = few.fits([5, 2]), few.fits([2])
    assert same(together[2], alone[2]) and not same(together[5], together[2])
    assert [line.split(":")[0] for line in lines] == ["gkm, seed 5", "gkm, seed 2", "gkm, seed 2"]
    scores = few.scores(together, DATA.part(TEST)[0])
    assert not np.array_equal(scores[5], scores[2])


@needs_package
def test_the_other_parts_teach_nothing() -> None:
    codes = DATA.codes.copy()
    codes[DATA.split != TRAIN] = 0
    other = replace(DATA, codes=codes, labels=np.where(DATA.split[:, None] == TRAIN, DATA.labels, 0).astype(np.uint8))
    for most in (30, 5000):
        assert same(training(most).fits([1])[1], training(most, other).fits([1])[1])


@needs_package
def test_machines_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = training(most=20)
    first = few.fits([0, 1], checkpoint=Checkpoint(tmp_path, "0" * 16, [].append))
    monkeypatch.setattr(machines, "train_machine", lambda *_: pytest.fail("trained again"))
    again = few.fits([1, 0], checkpoint=Checkpoint(tmp_path, "0" * 16, [].append))
    assert same(first[0], again[0]) and same(first[1], again[1]) and first[0].seconds == again[0].seconds


def test_the_sequences_that_a_seed_chooses(unneeded: None) -> None:
    few = training(most=40)
    positives, negatives = few.rows(7)
    assert len(positives) == len(negatives) == 40
    assert (DATA.labels[positives] == 1).all() and (DATA.labels[negatives] == 0).all()
    for rows in (positives, negatives):
        assert (DATA.split[rows] == TRAIN).all() and (np.diff(rows) > 0).all()
    assert not np.array_equal(positives, few.rows(8)[0])
    # Fewer negatives than that are all taken, and do not change the choice of positives.
    fewer = np.flatnonzero((DATA.labels[:, 0] == 1) | (np.arange(len(DATA.codes)) < 60))
    rest = training(most=40, data=DATA.take(fewer))
    assert np.array_equal(fewer[rest.rows(7)[0]], positives)
    assert len(rest.rows(7)[1]) == sum((DATA.labels[fewer, 0] == 0) & (DATA.split[fewer] == TRAIN)) < 40


def test_no_choice_where_all_are_wanted(unneeded: None) -> None:
    every = training()
    assert [rows.tolist() for rows in every.rows(0)] == [rows.tolist() for rows in every.rows(1)]
    assert sum(map(len, every.rows(0))) == len(DATA.rows(TRAIN)) and not every.chooses


def test_several_tasks_are_refused() -> None:
    with pytest.raises(InputError, match="network gkm is a gkm-SVM, which has one task, but the data set has 3"):
        training(data=planted_tasks(60))
