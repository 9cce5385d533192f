"""Memory of training on a set that is larger than memory should be, as TSV on standard output.

Columns: case, sequences, length, tasks, seconds of an epoch (compilation included), MB above TensorFlow's own: the peak
of the process's own resident memory (without pages of the mapped file), less that after a training on few sequences.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deepprune.io.files import write_atomic

SEQUENCES, LENGTH, TASKS = 400_000, 1000, 12
CASES = ("few_kernel", "convolution")
COLUMNS = ("case", "sequences", "length", "tasks", "seconds", "mb")
PERIOD = 0.05  # seconds between two looks at the memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=CASES, help="measure in this process, in a folder with data.npz")
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    parser.add_argument("--output", type=Path, help="a file to keep the table in")
    options = parser.parse_args()
    if options.case:
        measure(options.case)
        return
    lines = ["\t".join(COLUMNS) + "\n"]
    print(lines[0], end="", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        made_up(options.sequences).save(Path(folder) / "data.npz")
        for case in CASES:
            command = [sys.executable, str(Path(__file__).resolve()), "--case", case]
            done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
            lines.append(done.stdout)
            print(lines[-1], end="", flush=True)
    if options.output:
        with write_atomic(options.output) as temporary:
            temporary.write_text("".join(lines))


def made_up(sequences: int):  # type: ignore[no-untyped-def]
    """Random sequences and labels; a twentieth is for validation."""
    import numpy as np

    from deepprune.data.dataset import TRAIN, VALIDATION, Dataset

    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (sequences, LENGTH), dtype=np.uint8)
    labels = rng.integers(0, 2, (sequences, TASKS), dtype=np.uint8)
    split = np.where(np.arange(sequences) % 20, TRAIN, VALIDATION).astype(np.uint8)
    return Dataset(codes, labels, split, tuple(f"task{number}" for number in range(TASKS)))


def measure(case: str) -> None:
    """Print the row of a case."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    import numpy as np

    from deepprune.data.dataset import Dataset
    from deepprune.training.trainer import Options, Start, Trainer, prepare_devices

    prepare_devices(1)
    network, options = architecture(case), Options(max_epochs=1)

    def train(data: Dataset) -> None:
        Trainer(data, options).fit(
            network, [Start(network.initial(np.random.default_rng(0)), np.random.default_rng(0))]
        )

    data = Dataset.load("data.npz")
    train(data.take(np.arange(1000)))
    with Peak() as peak:
        began = time.perf_counter()
        train(data)
        seconds = time.perf_counter() - began
    print(case, len(data.codes), LENGTH, TASKS, f"{seconds:.0f}", f"{peak.above:.0f}", sep="\t", flush=True)


def architecture(case: str):  # type: ignore[no-untyped-def]
    """32 kernels of 15 bp: as the few-kernel network, or as plain Keras layers."""
    import keras

    from deepprune.models.few_kernel import FewKernel
    from deepprune.models.keras_network import KerasNetwork

    def build() -> keras.Model:
        one_hot = keras.Input((LENGTH, 4))
        pooled = keras.layers.GlobalMaxPooling1D()(keras.layers.Conv1D(32, 15, activation="relu")(one_hot))
        return keras.Model(one_hot, keras.layers.Dense(TASKS)(pooled))

    return FewKernel(32, 15, tasks=TASKS) if case == "few_kernel" else KerasNetwork(case, build)


class Peak:
    """The largest anonymous resident memory of this process while it is entered, in MB above that at its start."""

    def __enter__(self) -> "Peak":
        import threading

        self.start = self.largest = own_memory()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self) -> None:
        while not self.stopped.wait(PERIOD):
            self.largest = max(self.largest, own_memory())

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()

    @property
    def above(self) -> float:
        return self.largest - self.start


def own_memory() -> float:
    """MB of resident memory that no file stands for."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise SystemExit("this system does not tell RssAnon; memory is measured on Linux alone")


if __name__ == "__main__":
    main()
