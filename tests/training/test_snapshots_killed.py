"""Trainings in processes of their own, which SIGKILL ends again and again."""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from interrupted import kill_in_training, last_snapshot

# Trains two networks with dropout, side by side, and prints what they become. Snapshots are always due.
TRAINING = """
import sys
from pathlib import Path
from deepprune.models.conv_settings import Convolution, ConvSettings
from deepprune.models.conv_stack import conv_stack
from deepprune.training import sequences, snapshots
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.replicates import train_replicates
from deepprune.training.sequences import Streamed
from deepprune.training.trainer import Options, Trainer, prepare_devices
from planted import planted_tasks
from two_layers import two_layers

folder, kind = sys.argv[1:]
snapshots.EVERY = 0
if kind == "streamed":
    sequences.RESIDENT_BYTES, sequences.CHUNK_BYTES = 0, 65 * 40
layers = Convolution(6, 7, 10), Convolution(8, 3, 4)
compiled = conv_stack("cnn", ConvSettings(layers, (10,), conv_dropout=0.1, dense_dropout=0.5), 40, 3)
network = compiled if kind == "compiled" else two_layers(40, 3, 0.3)
assert network.compiled == (kind == "compiled")
prepare_devices(2, network.compiled)
options = Options(64, 0.001, max_epochs=150, patience=150)
trainer = Trainer(planted_tasks(500), options, lambda line: print(line, flush=True))
assert isinstance(trainer.read(network).training, Streamed) == (kind == "streamed")
fits = train_replicates(network, trainer, [0, 1], 2, Checkpoint(Path(folder), "0" * 16, lambda line: None))
for seed, fit in fits.items():
    print("outcome", seed, fit[2:5], [value.tobytes().hex() for value in (*fit.weights, *fit.state)])
"""


def begin(folder: Path, kind: str) -> subprocess.Popen[str]:
    path = os.pathsep.join(str(place) for place in (Path(__file__).parents[2], Path(__file__).parents[1]))
    return subprocess.Popen(
        [sys.executable, "-c", TRAINING, str(folder), kind],
        env=os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def outcomes(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("outcome")]


@pytest.mark.release
@pytest.mark.parametrize(("kind", "kills"), [("keras", 5), ("compiled", 2), ("streamed", 2)])
def test_a_training_killed_again_and_again_ends_with_the_same_bytes(kind: str, kills: int, tmp_path: Path) -> None:
    whole, _ = begin(tmp_path / "whole", kind).communicate()
    assert len(outcomes(whole)) == 2
    rng, folder = random.Random(kind), tmp_path / "broken"
    printed = []
    for _ in range(kills):
        before = last_snapshot(folder)
        printed.append(kill_in_training(begin(folder, kind), folder, before, rng))
    assert not any(map(outcomes, printed))
    last, _ = begin(folder, kind).communicate()
    assert outcomes(last) == outcomes(whole)
    epochs = [re.findall(r"goes on after (\d+) epochs", output) for output in [*printed, last]]
    assert not epochs[0] and all(len(found) >= 1 for found in epochs[1:])
    assert sorted(path.name for path in folder.glob("*/*")) == ["seed0.npz", "seed1.npz"]
