import re
from pathlib import Path

import numpy as np
import pytest

from deepprune.models.parameters import initial_parameters
from deepprune.training import checkpoint
from deepprune.training.checkpoint import Checkpoint, Training, digest
from deepprune.training.early_stopping import Fit

WIDE, NARROW, OTHER = (
    Training(0, "baseline", "-", 8),
    Training(0, "deepprune", "loss", 4),
    Training(1, "baseline", "-", 8),
)


def outcome(training: Training) -> Fit:
    """Return a training's outcome, with numbers that no rounding would leave as they are."""
    parameters = initial_parameters(5, training.kernels, np.random.default_rng(training.seed))
    return Fit(parameters, 7, 1 / 3 + training.seed, 2 / 3, 0.1, training == NARROW)


@pytest.fixture
def calls() -> list[Training]:
    return []


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def train(tmp_path, calls, lines):
    """Return a function as of a new process: it trains what was not kept, and records that."""

    def missing(*trainings: Training, key: str = "key") -> list[Fit]:
        def outcomes(places):
            calls.extend(trainings[place] for place in places)
            return [outcome(trainings[place]) for place in places]

        return Checkpoint(tmp_path, key, lines.append).train_missing(trainings, outcomes)

    return missing


def test_what_was_kept_is_not_trained_again(train, calls, lines):
    train(WIDE, NARROW)
    assert (calls, lines) == ([WIDE, NARROW], [])
    found = train(OTHER, NARROW, WIDE)
    assert calls == [WIDE, NARROW, OTHER]
    assert lines == ["seed 0: 2 networks were trained before and are not trained again"]
    for fit, training in zip(found, (OTHER, NARROW, WIDE), strict=True):
        expected = outcome(training)
        assert fit[1:] == expected[1:]  # to the last bit
        assert isinstance(fit.diverged, bool) and isinstance(fit.epochs, int)
        assert all(np.array_equal(a, b) for a, b in zip(fit.parameters, expected.parameters, strict=True))
        assert [value.dtype for value in fit.parameters] == [np.asarray(value).dtype for value in expected.parameters]


def test_each_network_is_kept_as_soon_as_it_is_trained(tmp_path, train, calls):
    kept = Checkpoint(tmp_path, "key", print)
    kept.train_missing([WIDE], lambda _: [outcome(WIDE)])
    with pytest.raises(KeyboardInterrupt):
        kept.train_missing([NARROW], lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    train(WIDE, NARROW)
    assert calls == [NARROW]


def test_other_settings_train_anew_and_leave_nothing_behind(tmp_path, train, calls):
    old, new = "0" * 16, "f" * 16
    elsewhere = tmp_path / "a folder of another's"
    elsewhere.mkdir()
    (tmp_path / ("1" * 16)).symlink_to(elsewhere)
    train(WIDE, key=old)
    train(WIDE, key=new)
    assert calls == [WIDE, WIDE]
    assert {path.name for path in tmp_path.iterdir()} == {new, elsewhere.name, "1" * 16}


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (fit,) = Checkpoint().train_missing([WIDE], lambda _: [outcome(WIDE)])
    assert fit.epochs == 7 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"PK", b"no zip", "half"])
def test_a_damaged_file_is_told_and_its_seed_trained_anew(tmp_path, train, calls, lines, damage):
    train(WIDE, OTHER)
    path = tmp_path / "key" / "seed0.npz"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if damage == "half" else damage)
    train(WIDE, OTHER)
    assert calls == [WIDE, OTHER, WIDE]
    assert lines == [
        f"{path} is damaged; seed 0 is trained anew",
        "seed 1: 1 networks were trained before and are not trained again",
    ]
    train(WIDE, OTHER)
    assert len(calls) == 3


def test_what_a_killed_process_left_half_written_goes(tmp_path, train):
    train(WIDE)
    (tmp_path / "key" / ".seed0.npz~0123456789abcdef.npz").write_bytes(b"half")
    train(WIDE)
    assert [path.name for path in (tmp_path / "key").iterdir()] == ["seed0.npz"]


def test_the_digest_tells_data_and_settings_apart(tmp_path):
    (tmp_path / "a").write_bytes(b"data")
    (tmp_path / "b").write_bytes(b"Data")
    digests = {digest(tmp_path / name, *settings) for name in "ab" for settings in ((1, 0.01), (1, 0.02))}
    assert len(digests) == 4 and digest(tmp_path / "a", 1) == digest(tmp_path / "a", 1)


def test_the_digest_covers_every_module_that_training_imports():
    seen, todo = set(), ["training.trainer", "pruning.ladder"]
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            text = (Path(checkpoint.__file__).parents[1] / f"{module.replace('.', '/')}.py").read_text()
            todo += re.findall(r"^from deepprune\.([\w.]+) import", text, re.MULTILINE)
    assert {name for name in seen if not name.startswith("io.")} - {"errors"} == set(checkpoint.MODULES)
