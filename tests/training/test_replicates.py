"""One network from several seeds: threads, other seeds, checkpoints, and networks that diverge."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from planted import planted_tasks

from deepprune.errors import InputError
from deepprune.models.conv_settings import Convolution, ConvSettings
from deepprune.models.conv_stack import LookUpStack, conv_stack
from deepprune.models.few_kernel import FewKernel
from deepprune.models.keras_network import KerasNetwork
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.replicates import train_replicates
from deepprune.training.trainer import Options, Trainer

pytestmark = pytest.mark.slow

# The first is compiled, and the second starts faster.
SETTINGS = ConvSettings((Convolution(6, 7, 10), Convolution(8, 3, 4)), (10,), conv_dropout=0.1, dense_dropout=0.5)
KERAS = SETTINGS._replace(convolutions=(Convolution(6, 7, 4), Convolution(8, 3, 10)))
OPTIONS = Options(batch_size=64, max_epochs=3, learning_rate=0.01)


def network(settings: ConvSettings) -> KerasNetwork:
    return conv_stack("cnn", settings, 40, 3)


def trained(seeds, *arguments, options: Options = OPTIONS, settings: ConvSettings = KERAS, lines=None, **more):
    """Train on planted words; lines: a list for the log."""
    trainer = Trainer(planted_tasks(300), options, [].append if lines is None else lines.append)
    return train_replicates(network(settings), trainer, seeds, *arguments, **more)


def same(first: Fit, second: Fit) -> bool:
    pairs = zip([*first.weights, *first.state], [*second.weights, *second.state], strict=True)
    return all(np.array_equal(a, b) for a, b in pairs) and first[2:5] == second[2:5]


@pytest.mark.parametrize(
    "settings", [pytest.param(SETTINGS, id="compiled", marks=pytest.mark.release), pytest.param(KERAS, id="keras")]
)
def test_a_seed_gives_the_same_network_with_or_without_others(settings: ConvSettings) -> None:
    assert isinstance(network(settings), LookUpStack) == (settings == SETTINGS)
    (together, alone) = trained([5, 2, 7], settings=settings), trained([2], settings=settings)
    assert list(together) == [5, 2, 7]
    assert same(together[2], alone[2])
    assert not same(together[5], together[2]) and not same(together[5], together[7])


# Prints what networks become that are trained on threads.
ON_THREADS = """
import sys
from planted import planted_tasks
from deepprune.models.conv_settings import Convolution, ConvSettings
from deepprune.models.conv_stack import conv_stack
from deepprune.training.replicates import train_replicates
from deepprune.training.trainer import Options, Trainer, prepare_devices

threads, pool = map(int, sys.argv[1:])
layers = Convolution(6, 7, pool), Convolution(8, 3, 40 // pool)
network = conv_stack("cnn", ConvSettings(layers, (10,), conv_dropout=0.1, tied_strands=True), 40, 3)
prepare_devices(threads, network.compiled)
trainer = Trainer(planted_tasks(300), Options(batch_size=64, max_epochs=3), lambda line: None)
fits = train_replicates(network, trainer, [0, 1, 2], threads)
print([(seed, fit[2:5], [value.tobytes().hex() for value in (*fit.weights, *fit.state)]) for seed, fit in fits.items()])
"""


@pytest.mark.parametrize(
    "pool", [pytest.param(10, id="compiled", marks=pytest.mark.release), pytest.param(4, id="keras")]
)
def test_outcomes_do_not_depend_on_the_number_of_threads(pool: int) -> None:
    path = os.pathsep.join(str(folder) for folder in (Path(__file__).parents[2], Path(__file__).parents[1]))
    printed = [
        subprocess.run(
            [sys.executable, "-c", ON_THREADS, str(threads), str(pool)],
            env=os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in (1, 3)
    ]
    assert printed[0] == printed[1] and printed[0].startswith("[(0, (3, ")


def test_what_a_checkpoint_keeps_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def checkpoint() -> Checkpoint:
        return Checkpoint(tmp_path, "a", lambda _: None)

    lines: list[str] = []
    first = trained([0, 1], 2, checkpoint(), lines=lines)
    assert sorted(line[: line.index(" epochs, loss")] for line in lines) == ["cnn, seed 0: 3", "cnn, seed 1: 3"]
    monkeypatch.setattr(Trainer, "fit", lambda *_: pytest.fail("trained again"))
    again = trained([1, 0], 2, checkpoint())
    assert list(again) == [1, 0] and all(same(first[seed], again[seed]) for seed in (0, 1))
    assert again[0].seconds == first[0].seconds
    # After a failure, its message is what arrives.
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        trained([0, 2, 3, 4], 1, checkpoint())


def diverging(monkeypatch: pytest.MonkeyPatch, wrong: set[int]) -> None:
    """Let the weights of some seeds begin at infinity."""
    fit, count = Trainer.fit, iter(range(100))

    def broken(self, network, starts, options=None):
        if next(count) in wrong:
            starts = [
                start._replace(weights=[np.full_like(weight, np.inf) for weight in start.weights]) for start in starts
            ]
        return fit(self, network, starts, options)

    monkeypatch.setattr(Trainer, "fit", broken)


def test_a_network_that_diverged_is_told_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    expected, lines = trained([0, 1]), []
    diverging(monkeypatch, {0})
    found = trained([3, 0, 1], lines=lines)
    assert list(found) == [0, 1] and all(same(found[seed], expected[seed]) for seed in (0, 1))
    assert lines[0] == "cnn, seed 3: diverged after 1 epochs and is left out; lower train.learning_rate"
    assert len(lines) == 3 and not any("diverged" in line for line in lines[1:])


def test_a_network_that_diverged_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    diverging(monkeypatch, {0})
    assert list(trained([0, 1], checkpoint=Checkpoint(tmp_path, "a", print))) == [1]
    monkeypatch.setattr(Trainer, "fit", lambda *_: pytest.fail("trained again"))
    assert list(trained([0, 1], checkpoint=Checkpoint(tmp_path, "a", print))) == [1]


def test_without_any_network_there_is_one_line() -> None:
    lines: list[str] = []
    plain = KERAS._replace(conv_norm=False, dense_norm=False, l2=1.0)
    with pytest.raises(InputError) as caught:
        trained([0, 1], options=OPTIONS._replace(learning_rate=1e30), settings=plain, lines=lines)
    assert str(caught.value) == (
        "network cnn: the loss became infinite or NaN from every seed; lower train.learning_rate"
    )
    assert len(lines) == 2 and all("diverged after" in line for line in lines)


def test_networks_of_few_kernels_are_trained_likewise() -> None:
    few = FewKernel(4, 7, strands="both", tasks=3)
    trainer, one = (Trainer(planted_tasks(300), OPTIONS, lambda _: None) for _ in range(2))
    fits = train_replicates(few, trainer, [0, 1], 2)
    assert list(fits) == [0, 1] and not np.array_equal(fits[0].weights.kernels, fits[1].weights.kernels)
    (alone,) = train_replicates(few, one, [1]).values()
    assert all(np.array_equal(a, b) for a, b in zip(alone.weights, fits[1].weights, strict=True))
