from pathlib import Path

import numpy as np
import pytest
from planted import planted

from deepprune.dna.words import Words
from deepprune.io.files import sha256
from deepprune.keys import NetworkKey
from deepprune.models.few_kernel import FewKernel, Fixed
from deepprune.models.parameters import initial_parameters
from deepprune.pruning.ladder import train_networks
from deepprune.pruning.plan import Execution, Plan
from deepprune.training import checkpoint
from deepprune.training.checkpoint import Checkpoint, digest
from deepprune.training.fits import Fit
from deepprune.training.trainer import Options

WIDE, NARROW, OTHER = (
    NetworkKey("few_kernel", "baseline", "-", 8, 0),
    NetworkKey("few_kernel", "deepprune", "loss", 4, 0),
    NetworkKey("few_kernel", "baseline", "-", 8, 1),
)
# The structure of weights and state, whatever their sizes
LIKE = initial_parameters(5, 1, np.random.default_rng(0)), Fixed(np.int32(1))


def outcome(key: NetworkKey) -> Fit:
    """Return a training's outcome, with numbers that no rounding would leave as they are."""
    weights = initial_parameters(5, key.kernels, np.random.default_rng(key.seed))
    return Fit(weights, Fixed(np.int32(key.kernels)), 7, 1 / 3 + key.seed, 2 / 3, 0.1, key == NARROW)


@pytest.fixture
def calls() -> list[NetworkKey]:
    return []


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def train(tmp_path, calls, lines):
    """Return a function as of a new process: it trains what was not kept, and records that."""

    def missing(*keys: NetworkKey, digest: str = "key") -> list[Fit]:
        def outcomes(places):
            calls.extend(keys[place] for place in places)
            return [outcome(keys[place]) for place in places]

        return Checkpoint(tmp_path, digest, lines.append).train_missing(keys, LIKE, outcomes)

    return missing


def test_what_was_kept_is_not_trained_again(train, calls, lines):
    train(WIDE, NARROW)
    assert (calls, lines) == ([WIDE, NARROW], [])
    found = train(OTHER, NARROW, WIDE)
    assert calls == [WIDE, NARROW, OTHER]
    assert lines == ["seed 0: 2 networks were trained before and are not trained again"]
    for fit, key in zip(found, (OTHER, NARROW, WIDE), strict=True):
        expected = outcome(key)
        assert fit[1:] == expected[1:]  # to the last bit
        assert isinstance(fit.diverged, bool) and isinstance(fit.epochs, int)
        assert all(np.array_equal(a, b) for a, b in zip(fit.weights, expected.weights, strict=True))
        assert {value.dtype for value in fit.weights[:4]} == {np.dtype(np.float32)}


def test_each_network_is_kept_as_soon_as_it_is_trained(tmp_path, train, calls):
    kept = Checkpoint(tmp_path, "key", print)
    kept.train_missing([WIDE], LIKE, lambda _: [outcome(WIDE)])
    with pytest.raises(KeyboardInterrupt):
        kept.train_missing([NARROW], LIKE, lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    train(WIDE, NARROW)
    assert calls == [NARROW]


def test_other_settings_train_anew_and_leave_nothing_behind(tmp_path, train, calls):
    old, new = "0" * 16, "f" * 16
    elsewhere = tmp_path / "a folder of another's"
    elsewhere.mkdir()
    (tmp_path / ("1" * 16)).symlink_to(elsewhere)
    train(WIDE, digest=old)
    train(WIDE, digest=new)
    assert calls == [WIDE, WIDE]
    assert {path.name for path in tmp_path.iterdir()} == {new, elsewhere.name, "1" * 16}


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (fit,) = Checkpoint().train_missing([WIDE], LIKE, lambda _: [outcome(WIDE)])
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


def test_a_training_has_a_file_for_its_snapshots_until_it_is_kept(tmp_path):
    kept = Checkpoint(tmp_path, "key", print)
    paths = [kept.snapshot(key) for key in (WIDE, NARROW, OTHER)]
    assert [path.parent for path in paths] == [tmp_path / "key"] * 3 and len(set(paths)) == 3
    assert paths[1].name == "few_kernel.deepprune.loss.4.seed0.npz"

    def interrupted(_):
        raise KeyboardInterrupt

    for path in paths:
        path.write_bytes(b"snapshot")
    with pytest.raises(KeyboardInterrupt):
        kept.train_missing([WIDE], LIKE, interrupted)
    assert all(path.exists() for path in paths)
    kept.train_missing([WIDE, NARROW], LIKE, lambda places: [outcome((WIDE, NARROW)[place]) for place in places])
    assert [path.exists() for path in paths] == [False, False, True]
    paths[0].write_bytes(b"of a process that was killed before it removed this")
    kept.train_missing([WIDE], LIKE, interrupted)
    assert not paths[0].exists()
    assert Checkpoint().snapshot(WIDE) is None


def test_the_digest_tells_data_and_settings_apart(tmp_path):
    (tmp_path / "a").write_bytes(b"data")
    (tmp_path / "b").write_bytes(b"Data")
    digests = {digest(sha256(tmp_path / name), *settings) for name in "ab" for settings in ((1, 0.01), (1, 0.02))}
    assert len(digests) == 4 and digest(sha256(tmp_path / "a"), 1) == digest(sha256(tmp_path / "a"), 1)


def test_the_digest_depends_on_the_engine_and_not_on_source_files(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"data")
    before = digest(sha256(tmp_path / "a"), 1)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} is read"))
    monkeypatch.setattr(Path, "read_text", lambda path: pytest.fail(f"{path} is read"))
    assert digest(sha256(tmp_path / "a"), 1) == before
    monkeypatch.setattr(checkpoint, "ENGINE", checkpoint.ENGINE + 1)
    assert digest(sha256(tmp_path / "a"), 1) != before


# Validation losses of the training below, by ENGINE
REFERENCE = {
    3: {
        "paper.few_kernel.baseline.-.8.0": 0.4548935,
        "paper.few_kernel.deepprune.weight.8.0": 0.4548935,
        "paper.few_kernel.deepprune.weight.4.0": 0.2020045,
        "paper.circular.circular.-.1.0": 0.6950909,
        "paper.few_kernel.deepprune.loss.8.0": 0.4548935,
        "paper.few_kernel.deepprune.loss.4.0": 0.3987314,
        "both.few_kernel.baseline.-.8.0": 0.3850555,
        "both.few_kernel.deepprune.weight.8.0": 0.3850555,
        "both.few_kernel.deepprune.weight.4.0": 0.2280411,
        "both.few_kernel.deepprune.loss.8.0": 0.3850555,
        "both.few_kernel.deepprune.loss.4.0": 0.2280411,
    }
}


@pytest.mark.slow
def test_the_engine_gives_the_results_of_its_version():
    """If results were meant to change, raise ENGINE in training/checkpoint.py and renew REFERENCE."""
    options = Options(batch_size=64, max_epochs=6, patience=6)
    plan = Plan(FewKernel(8, 9), [8, 4], options, ["deepprune", "circular"], ["weight", "loss"])
    both = FewKernel(8, 9, strands="both", words=Words(3, merged=True))
    found = {}
    for name, own in (("paper", plan), ("both", plan._replace(network=both, methods=["deepprune"]))):
        for network in train_networks("planted", planted(600), [0], own, Execution(log=lambda _: None)):
            found[".".join(map(str, (name, *network.key)))] = network.measures.validation_loss
    assert found == pytest.approx(REFERENCE[checkpoint.ENGINE], rel=1e-4), found
