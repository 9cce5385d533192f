"""Snapshots as files, and trainings that go on from them."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import planted_tasks
from two_layers import two_layers

from deepprune.models.conv_settings import Convolution, ConvSettings
from deepprune.models.conv_stack import LookUpStack, conv_stack
from deepprune.models.few_kernel import FewKernel
from deepprune.training import sequences, snapshots
from deepprune.training.early_stopping import Losses, Run
from deepprune.training.epoch import Progress
from deepprune.training.fits import Fit
from deepprune.training.optimizers import Moments
from deepprune.training.sequences import Resident, Streamed
from deepprune.training.snapshots import Snapshots
from deepprune.training.stack import stacked
from deepprune.training.trainer import Options, Start, Trainer

DIGEST, NAME = "0" * 16, "cnn.baseline.-.0.seed3"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file of a training, whose snapshots are always due."""
    (tmp_path / DIGEST).mkdir()
    return tmp_path / DIGEST / f"{NAME}.npz"


@pytest.fixture(autouse=True)
def always_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "EVERY", 0)


def progress(epoch: int, filters: int = 3) -> Progress:
    """Return a stack of one network, with other numbers after each epoch."""
    rng = np.random.default_rng(epoch)
    weights, mean, variance = (
        stacked([{"dense": [rng.normal(size=(4, 2))], "filters": rng.normal(size=(5, filters))}]) for _ in range(3)
    )
    return Progress(weights, stacked([[np.int32(epoch)]]), Moments(mean, variance, tf.constant(float(epoch))))


def trained(losses: list[float]) -> tuple[Progress, Run]:
    """Return what epochs with these validation losses lead to; each draws an order and a seed."""
    now, run = progress(0), Run(np.random.default_rng(7), 9)
    for epoch, loss in enumerate(losses, start=1):
        run.rng.permutation(5), run.seed()
        now = progress(epoch)
        run.advance(now.weights, now.state, 0, Losses(loss / 3, loss))
    return now, run


def numbers(nest: Any) -> list[bytes]:
    return [np.asarray(value).tobytes() for value in tf.nest.flatten(nest)]


def resumed(path: Path, log: list[str], filters: int = 3) -> tuple[Progress, Run]:
    """Return what a new process would begin with."""
    return Snapshots(path, log.append).resume(progress(0, filters), Run(np.random.default_rng(7), 9))


@pytest.mark.parametrize("losses", [[0.5, 0.4], [0.4, 0.5, 0.6]], ids=["the last is best", "the first is best"])
def test_a_snapshot_gives_back_every_bit(path: Path, losses: list[float]) -> None:
    before, run = trained(losses)
    Snapshots(path, print).take(before, run)
    log: list[str] = []
    after, again = resumed(path, log)
    assert log == [f"{NAME} was interrupted and goes on after {len(losses)} epochs"]
    assert numbers(after) == numbers(before)
    assert (again.epochs, again.waited, again.losses) == (len(losses), len(losses) - 1 - losses.index(0.4), run.losses)
    assert again.ended - again.began == pytest.approx(run.ended - run.began)
    one, other = run.fit(), again.fit()
    assert numbers(one[:2]) == numbers(other[:2]) and one[2:5] == other[2:5]
    for _ in range(3):
        np.testing.assert_array_equal(run.rng.permutation(9), again.rng.permutation(9))
        np.testing.assert_array_equal(run.seed(), again.seed())


def test_the_best_weights_are_written_only_if_they_are_not_the_last(path: Path) -> None:
    found = []
    for losses in ([0.5, 0.4], [0.4, 0.5]):
        Snapshots(path, print).take(*trained(losses))
        with np.load(path) as file:
            found.append({name.rpartition(".")[0] for name in file.files if "filters" in name})
    last = {"progress.weights", "progress.moments.mean", "progress.moments.variance"}
    assert found == [last, last | {"best.0"}]


def test_networks_that_draw_nothing_have_no_second_generator(path: Path) -> None:
    run = Run(np.random.default_rng(7), 9)
    now = progress(1)
    run.advance(now.weights, now.state, 0, Losses(1, 1))
    Snapshots(path, print).take(now, run)
    _, again = resumed(path, [])
    assert again.random is None
    np.testing.assert_array_equal(again.seed(), run.seed())


def test_short_trainings_write_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "EVERY", 60)
    kept = Snapshots(path, print)
    kept.take(*trained([0.5]))
    assert list(path.parent.iterdir()) == []
    kept.due -= 60
    kept.take(*trained([0.5, 0.4]))
    written = path.read_bytes()
    kept.take(*trained([0.5, 0.4, 0.3]))
    assert path.read_bytes() == written and resumed(path, [])[1].epochs == 2


def test_without_a_path_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kept, now, run = Snapshots(None, pytest.fail), *trained([0.5])
    kept.take(now, run)
    assert kept.resume(now, run) == (now, run) and list(tmp_path.iterdir()) == []


def begins_anew(path: Path, filters: int = 3) -> bool:
    """Return whether a training begins at its start, and says why."""
    log: list[str] = []
    after, run = resumed(path, log, filters)
    anew = run.epochs == 0 and run.best is None and numbers(after) == numbers(progress(0, filters))
    told = log == [f"{path} is damaged or of another training; this one begins anew"]
    np.testing.assert_array_equal(run.rng.permutation(9) if anew else 0, np.random.default_rng(7).permutation(9) * anew)
    assert anew == told
    return anew


@pytest.mark.parametrize("damage", [b"", b"PK", b"no zip", "half", "array"])
def test_a_damaged_file_is_left_aside(path: Path, damage: bytes | str) -> None:
    Snapshots(path, print).take(*trained([0.5]))
    whole = path.read_bytes()
    if damage == "array":
        with path.open("wb") as handle:
            np.save(handle, np.zeros(3))
    else:
        path.write_bytes(whole[: len(whole) // 2] if isinstance(damage, str) else damage)
    assert begins_anew(path)


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_no_byte_changes_unseen(tmp_path_factory: pytest.TempPathFactory, place: int, change: int) -> None:
    path = tmp_path_factory.mktemp("flipped") / "x.npz"
    now, run = trained([0.4, 0.5])
    Snapshots(path, print).take(now, run)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= change
    path.write_bytes(content)
    log: list[str] = []
    after, again = resumed(path, log)
    if again.epochs:  # the byte was of a date or the like
        assert numbers(after) == numbers(now) and numbers(again.fit()[:2]) == numbers(run.fit()[:2])
        assert again.counts() | {"seconds": 0} == run.counts() | {"seconds": 0}
    else:
        assert log[0].endswith("begins anew")


def test_a_file_of_another_training_is_left_aside(path: Path) -> None:
    Snapshots(path, print).take(*trained([0.5]))
    elsewhere = path.parent.parent / ("1" * 16) / path.name
    elsewhere.parent.mkdir()
    for other in (elsewhere, path.with_name("cnn.baseline.-.0.seed4.npz")):
        other.write_bytes(path.read_bytes())
        assert begins_anew(other)
    assert begins_anew(path, filters=4)
    assert not begins_anew(path)


def test_what_a_killed_process_left_half_written_goes(path: Path) -> None:
    (path.parent / f".{path.name}~0123456789abcdef.npz").write_bytes(b"half")
    assert resumed(path, [])[1].epochs == 0 and list(path.parent.iterdir()) == []


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """Let the system refuse longer files, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("most", [0, 10, 500, 1500])
def test_a_disk_that_takes_nothing_is_told_once_and_ends_nothing(path: Path, most: int) -> None:
    log: list[str] = []
    kept = Snapshots(path, log.append)
    kept.take(*trained([0.5]))
    whole = path.read_bytes()
    for losses in ([0.5, 0.4], [0.5, 0.4, 0.3]):
        with small_files(most):
            kept.take(*trained(losses))
        assert path.read_bytes() == whole and list(path.parent.iterdir()) == [path]
    told = f"a training goes on, but an interruption would set it back: {path} cannot be written: File too large"
    assert log == [f"{told}; give another path or make room"]
    kept.take(*trained([0.5, 0.4]))
    assert resumed(path, [])[1].epochs == 2
    with small_files(most):
        kept.take(*trained([0.5]))
    assert len(log) == 2


def test_a_log_on_the_same_disk_may_fail_too(path: Path) -> None:
    refused = []

    def log(line: str) -> None:
        refused.append(line)
        Path("/dev/full").write_text(line)

    with small_files(500):
        Snapshots(path, log).take(*trained([0.5]))
    assert len(refused) == 1 and list(path.parent.iterdir()) == []


# The first is compiled; both drop units out.
STACK = ConvSettings((Convolution(6, 7, 10), Convolution(8, 3, 4)), (10,), conv_dropout=0.1, dense_dropout=0.5)
NETWORKS = {
    "few_kernels": FewKernel(4, 7, tasks=3),
    "compiled": conv_stack("cnn", STACK, 40, 3),
    "keras": two_layers(40, 3, 0.3),
}


@pytest.fixture
def streaming(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "RESIDENT_BYTES", 0)
    monkeypatch.setattr(sequences, "CHUNK_BYTES", 65 * 40)


def start(network: Any, path: Path | None = None, seed: int = 0) -> Start:
    rngs = (np.random.default_rng([seed, stream]) for stream in range(2))
    return Start(network.initial(next(rngs)), next(rngs), snapshot=path)


def same(one: Fit, other: Fit) -> bool:
    return numbers(one[:2]) == numbers(other[:2]) and one[2:5] == other[2:5]


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    "optimizer", ["adam", *(pytest.param(name, marks=pytest.mark.release) for name in ("adadelta", "gradient_descent"))]
)
def test_a_training_in_parts_gives_the_bytes_of_one(path: Path, network: str, optimizer: str) -> None:
    subject = NETWORKS[network]
    assert isinstance(subject, LookUpStack) == (network == "compiled")
    rate = {"adam": 0.03, "adadelta": 1.0, "gradient_descent": 0.3}[optimizer]
    options = Options(64, rate, max_epochs=40, patience=4, optimizer=optimizer)
    trainer = Trainer(planted_tasks(300), options, lambda line: None)
    (whole,) = trainer.fit(subject, [start(subject)])
    for epochs in (1, 3, 4, 11, 40):
        (fit,) = trainer.fit(subject, [start(subject, path)], options._replace(max_epochs=epochs))
        assert fit.epochs <= epochs
    assert same(fit, whole)
    assert fit.epochs > 4


@pytest.mark.slow
@pytest.mark.parametrize(
    "network", ["keras", *(pytest.param(name, marks=pytest.mark.release) for name in ("few_kernels", "compiled"))]
)
def test_streamed_trainings_go_on_one_by_one(path: Path, network: str, request: pytest.FixtureRequest) -> None:
    subject, options = NETWORKS[network], Options(64, 0.01, max_epochs=6)
    paths = [path, path.with_name("other.npz")]
    log: list[str] = []
    trainer = Trainer(planted_tasks(300), options, log.append)
    assert isinstance(trainer.read(subject).training, Resident)
    trainer.fit(subject, [start(subject, one, seed) for seed, one in enumerate(paths)])
    assert list(path.parent.iterdir()) == []  # a stack takes no snapshots
    request.getfixturevalue("streaming")
    trainer = Trainer(planted_tasks(300), options, log.append)
    assert isinstance(trainer.read(subject).training, Streamed)
    whole = trainer.fit(subject, [start(subject, seed=seed) for seed in range(2)])
    for epochs in (2, 6):
        starts = [start(subject, one, seed) for seed, one in enumerate(paths)]
        fits = trainer.fit(subject, starts, options._replace(max_epochs=epochs))
    assert all(same(one, other) for one, other in zip(fits, whole, strict=True))
    assert log == [f"{one.stem} was interrupted and goes on after 2 epochs" for one in paths]


@pytest.mark.slow
def test_a_training_survives_a_disk_that_takes_nothing(path: Path) -> None:
    subject, options, log = NETWORKS["keras"], Options(64, 0.01, max_epochs=5), []
    trainer = Trainer(planted_tasks(300), options, log.append)
    (whole,) = trainer.fit(subject, [start(subject)])
    with small_files(10_000):
        (fit,) = trainer.fit(subject, [start(subject, path)])
    assert same(fit, whole) and len(log) == 1 and "File too large" in log[0]
    assert list(path.parent.iterdir()) == []
