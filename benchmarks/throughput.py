"""Training speed beside the plain Keras model: sequences per second of whole epochs, as TSV on standard output.

Columns: case, kernels, threads, keras, engine (sequences/s, medians of interleaved epochs), ratio (engine / keras).
With two threads and more the engine trains as many networks side by side, and Keras one on all threads, as it would.
A second row tells the seconds that the first epoch takes more than the others: to trace and to compile.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deepprune.io.files import write_atomic

CASES = [(101, 15), (101, 24), (1000, 24)]
KERNELS = [256, 128, 64, 32, 16, 8, 4]
# Epochs of a usual length, so that the overhead of a call of `fit` is small.
SEQUENCES = {101: 16_384, 1000: 2048}
BATCH = 256


Epoch = tuple[Callable[[], object], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, help="measure in this process; by default one process for each number")
    parser.add_argument("--repeats", type=int, default=5, help="epochs of each program and case")
    parser.add_argument("--output", type=Path, help="a file to keep the table in")
    options = parser.parse_args()
    if options.threads:
        measure(options.threads, options.repeats)
        return
    lines = ["case\tkernels\tthreads\tkeras\tengine\tratio\n"]
    print(lines[0], end="", flush=True)
    for threads in sorted({1, os.cpu_count() or 1}):
        # TensorFlow's threads are set once in the life of a process.
        command = [sys.executable, __file__, "--threads", str(threads), "--repeats", str(options.repeats)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(line)
        if process.returncode:
            sys.exit(process.returncode)
    if options.output:
        with write_atomic(options.output) as temporary:
            temporary.write_text("".join(lines))


def measure(threads: int, repeats: int) -> None:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from deepprune.training.trainer import prepare_devices

    prepare_devices(threads)
    for length, kernel_length in CASES:
        for kernels in KERNELS:
            keras, engine = programs(length, kernel_length, kernels, threads)
            seconds: dict[str, list[float]] = {"keras": [], "engine": []}
            first: dict[str, float] = {}
            for repeat in range(repeats + 1):  # the first compiles
                for name, (epoch, count) in {"keras": keras, "engine": engine}.items():
                    began = time.perf_counter()
                    epoch()
                    taken = time.perf_counter() - began
                    if repeat:
                        seconds[name].append(taken / count)
                    else:
                        first[name] = taken / count
            extra = {
                name: (first[name] - statistics.median(seconds[name])) * count
                for name, (_, count) in {"keras": keras, "engine": engine}.items()
            }
            speed = {name: 1 / statistics.median(values) for name, values in seconds.items()}
            case = f"L {length}, kernel {kernel_length}"
            for what, values, ratio in (
                (f"{case}: sequences/s", speed, speed["engine"] / speed["keras"]),
                (f"{case}, first epoch: s more", extra, extra["keras"] / extra["engine"]),
            ):
                cells = what, kernels, threads, *(f"{values[name]:.4g}" for name in ("keras", "engine")), f"{ratio:.1f}"
                print(*cells, sep="\t", flush=True)


def programs(length: int, kernel_length: int, kernels: int, threads: int) -> tuple[Epoch, Epoch]:
    """Return an epoch in plain Keras and one of this engine with as many seeds as threads, and their sequences."""
    import keras
    import numpy as np

    from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
    from deepprune.dna.codes import one_hot
    from deepprune.models.export import keras_model
    from deepprune.models.few_kernel import FewKernel
    from deepprune.training.trainer import Options, Start, Trainer

    rng = np.random.default_rng(0)
    count = SEQUENCES[length]
    codes = rng.integers(0, 4, (count + BATCH, length)).astype(np.uint8)
    labels = rng.integers(0, 2, len(codes)).astype(np.uint8)
    split = np.repeat(np.array([TRAIN, VALIDATION], np.uint8), [count, BATCH])
    network = FewKernel(kernels, kernel_length)
    start = network.initial(rng)

    model = keras_model(start)
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    encoded = one_hot(codes)
    trained, held_out = (encoded[:count], labels[:count]), (encoded[count:], labels[count:])

    def keras_epoch() -> object:
        return model.fit(*trained, validation_data=held_out, batch_size=BATCH, epochs=1, verbose=0)

    trainer = Trainer(Dataset(codes, labels[:, None], split), Options(batch_size=BATCH, max_epochs=1))
    pool = ThreadPoolExecutor(threads)

    def engine_epoch() -> object:
        starts = [[Start(start, np.random.default_rng(seed))] for seed in range(threads)]
        return list(pool.map(lambda one: trainer.fit(network, one), starts))

    return (keras_epoch, count), (engine_epoch, count * threads)


if __name__ == "__main__":
    main()
