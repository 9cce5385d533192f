import re
from pathlib import Path

import numpy as np
import pytest

from deepprune import checkpoint
from deepprune.checkpoint import digest, train_missing
from deepprune.networks import Network
from deepprune.parameters import initial_parameters


def trained(seeds):
    """Two networks for each seed, interleaved as a training job gives them."""
    return [
        Network(
            *(method, "-", seed, 4, 1 / (seed + 3), 0.01, 2 / 3, 0.625, 7, 1.25),
            parameters=initial_parameters(5, 4, np.random.default_rng(seed)),
            origin=np.array([1, 3, 4, 7]) + seed,
            scores=np.linspace(-seed, 1, 9, dtype=np.float32),
        )
        for method in ("baseline", "deepprune")
        for seed in seeds
    ]


@pytest.fixture
def calls():
    return []


@pytest.fixture
def train(calls):
    def record(seeds):
        calls.append(list(seeds))
        return trained(seeds)

    return record


def test_only_new_seeds_are_trained(tmp_path, train, calls):
    lines = []
    first = train_missing(tmp_path, "key", [0, 1], train, lines.append)
    again = train_missing(tmp_path, "key", [0, 2, 1], train, lines.append)
    assert calls == [[0, 1], [2]]
    assert lines == ["seed 0: trained before, nothing to do", "seed 1: trained before, nothing to do"]
    assert [network.seed for network in again] == [0, 0, 2, 2, 1, 1]
    for before, after in zip(first, [*again[:2], *again[4:]], strict=True):
        assert before[:10] == after[:10]  # to the last bit
        assert np.array_equal(before.origin, after.origin) and np.array_equal(before.scores, after.scores)
        assert all(np.array_equal(a, b) for a, b in zip(before.parameters, after.parameters, strict=True))


def test_other_settings_train_anew_and_leave_nothing_behind(tmp_path, train, calls):
    train_missing(tmp_path, "old", [0], train, print)
    train_missing(tmp_path, "new", [0], train, print)
    assert calls == [[0], [0]]
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_seed_that_was_broken_off_is_trained_again(tmp_path, train, calls):
    train_missing(tmp_path, "key", [0], train, print)
    (tmp_path / "key" / "seed0.tsv").unlink()
    train_missing(tmp_path, "key", [0], train, print)
    assert calls == [[0], [0]]


def test_the_digest_tells_data_and_settings_apart(tmp_path):
    (tmp_path / "a").write_bytes(b"data")
    (tmp_path / "b").write_bytes(b"Data")
    digests = {digest(tmp_path / name, *settings) for name in "ab" for settings in ((1, 0.01), (1, 0.02))}
    assert len(digests) == 4 and digest(tmp_path / "a", 1) == digest(tmp_path / "a", 1)


def test_the_digest_covers_every_module_that_training_imports():
    seen, todo = set(), ["train", "prune"]
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            text = (Path(checkpoint.__file__).parent / f"{module}.py").read_text()
            todo += re.findall(r"^from deepprune\.(\w+) import", text, re.MULTILINE)
    assert seen - {"errors"} == set(checkpoint.MODULES)
