"""Training on a set that stays in its file: in a process of its own, which measures itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Prints by how many MiB more private memory a training on all sequences takes than one on a tenth of them; mapped
# memory belongs to the system. Codes are 114 MiB. Both trainings compile the same programs, for chunks of one shape.
GROWTH = """
import gc
import sys
import threading
from dataclasses import replace
from pathlib import Path
import keras
import numpy as np
from deepprune.data.dataset import TRAIN, VALIDATION
from deepprune.models.few_kernel import FewKernel
from deepprune.models.keras_network import KerasNetwork
from deepprune.training import sequences
from deepprune.training.sequences import Streamed
from deepprune.training.trainer import Options, Start, Trainer
from planted import of_tasks

COUNT, FEW, LENGTH, TASKS = 120_000, 12_000, 1000, 12
sequences.RESIDENT_BYTES = sequences.CHUNK_BYTES = 4 * 2**20

def own():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024

def build():
    one_hot = keras.Input((LENGTH, 4))
    convolution = keras.layers.Conv1D(4, 10, strides=10, activation="relu")
    return keras.Model(one_hot, keras.layers.Dense(TASKS)(keras.layers.GlobalMaxPooling1D()(convolution(one_hot))))

codes = np.lib.format.open_memmap(sys.argv[1], "w+", np.uint8, (COUNT, LENGTH))
for first in range(0, COUNT, FEW):
    codes[first : first + FEW] = np.random.default_rng(first).integers(0, 4, (FEW, LENGTH), dtype=np.uint8)
labels = np.random.default_rng(0).integers(0, 2, (COUNT, TASKS), dtype=np.uint8)
data = of_tasks(codes, labels, np.resize(np.array([TRAIN] * 9 + [VALIDATION], np.uint8), COUNT))
some = of_tasks(codes[:FEW], labels[:FEW], data.split[:FEW])
network = FewKernel(8, 15, tasks=TASKS) if sys.argv[2] == "few_kernel" else KerasNetwork("convolution", build)

def peak(data):
    gc.collect()  # programs of an earlier trainer
    seen, done = [own()], threading.Event()
    trainer = Trainer(data, Options(max_epochs=1))
    assert isinstance(trainer.read(network).training, Streamed)
    start = Start(network.initial(np.random.default_rng(0)), np.random.default_rng(0))

    def watch():
        while not done.wait(0.005):
            seen.append(own())

    watcher = threading.Thread(target=watch)
    watcher.start()
    trainer.fit(network, [start])
    done.set()
    watcher.join()
    return max(seen) - seen[0]

peak(some)  # what TensorFlow keeps from its first training on
print(peak(data) - peak(some))
"""


@pytest.mark.release
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a process's memory so")
@pytest.mark.parametrize("network", ["few_kernel", "convolution"])
def test_memory_does_not_grow_with_the_training_set(network: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    variables = {"PYTHONPATH": f"{root}:{root / 'tests'}", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-c", GROWTH, str(tmp_path / "codes.npy"), network]
    done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True)
    (tmp_path / "codes.npy").unlink()
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 50  # a copy would take 114
