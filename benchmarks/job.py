"""A whole training job beside the same job in plain Keras, as TSV: one seed, baseline and ladder, 256 to 4 kernels.

Columns: case, kernels, threads, keras, engine, ratio (keras / engine). Each job is a process of its own, timed from its
start to its written table. Both train the same number of epochs, so that early stopping by chance decides nothing.
Cases: seconds of the job with nothing compiled before, and with the programs that an earlier job left (plain Keras
keeps none); its peak memory; seconds until everything is imported.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from deepprune.io.files import write_atomic

NAME, KERNEL_LENGTH, LADDER, DECAY = "TCF12_H1-hESC_TCF12_HudsonAlpha", 15, [256, 128, 64, 32, 16, 8, 4], 1.2


class Run(NamedTuple):
    """One process: seconds in all and until everything was imported, peak memory in MB."""

    seconds: float
    imported: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", choices=["keras", "engine"], help="be that process, in a folder with data.npz")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=20, help="of each training")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--output", type=Path, help="a file to keep the table in")
    options = parser.parse_args()
    if options.program:
        child(options.program, options.threads, options.epochs)
        return
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    with tempfile.TemporaryDirectory() as folder:
        table = compare(Path(folder), options.threads, options.epochs, options.repeats)
    print(table, end="", flush=True)
    if options.output:
        with write_atomic(options.output) as temporary:
            temporary.write_text(table)


def compare(folder: Path, threads: int, epochs: int, repeats: int) -> str:
    from sets import real

    data = real(NAME)
    data.save(folder / "data.npz")
    runs: dict[str, list[Run]] = {"keras": [], "cold": [], "warm": []}
    for _ in range(repeats):
        for name, taken in runs.items():
            if name == "cold":
                subprocess.run(["rm", "-rf", folder / "compiled"], check=True)
            taken.append(run("keras" if name == "keras" else "engine", folder, threads, epochs))
    median = {name: Run(*map(statistics.median, zip(*taken, strict=True))) for name, taken in runs.items()}
    what = f"{len(data.codes)} sequences of {data.codes.shape[1]} bp, {epochs} epochs"
    rows = [
        (f"job, {what}: s", median["keras"].seconds, median["cold"].seconds),
        (f"job, {what}, compiled before: s", median["keras"].seconds, median["warm"].seconds),
        ("job, peak memory: MB", median["keras"].memory, median["cold"].memory),
        ("job, import: s", median["keras"].imported, median["cold"].imported),
    ]
    lines = ["case\tkernels\tthreads\tkeras\tengine\tratio"]
    lines += [f"{case}\t256-4\t{threads}\t{keras:.1f}\t{own:.1f}\t{keras / own:.1f}" for case, keras, own in rows]
    return "\n".join(lines) + "\n"


def run(program: str, folder: Path, threads: int, epochs: int) -> Run:
    """One job in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--program", program]
    began = time.perf_counter()
    process = subprocess.Popen([*command, "--threads", str(threads), "--epochs", str(epochs)], cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        sys.exit(f"the {program} job failed")
    return Run(seconds, float((folder / "imported").read_text()), usage.ru_maxrss / 1024)


def child(program: str, threads: int, epochs: int) -> None:
    began = time.perf_counter()
    from deepprune.training.device import device

    with device(0, Path("compiled")) if program == "engine" else nullcontext():
        from deepprune.data.dataset import Dataset
        from deepprune.evaluation.networks import auc_table
        from deepprune.models.few_kernel import FewKernel
        from deepprune.pruning.ladder import train_networks
        from deepprune.pruning.plan import Execution, Plan
        from deepprune.training.trainer import Options, prepare_devices

        Path("imported").write_text(str(time.perf_counter() - began))
        prepare_devices(threads)
        data, options = Dataset.load("data.npz"), Options(max_epochs=epochs, patience=epochs)
        if program == "engine":
            plan = Plan(FewKernel(LADDER[0], KERNEL_LENGTH), LADDER, options)
            networks = train_networks("job", data, [0], plan, Execution(threads, log=lambda _: None))
            auc_table("job", networks).to_csv("table.tsv", sep="\t")
        else:
            from plain_keras import PlainKeras

            rows = PlainKeras(data, options).ladder(LADDER, KERNEL_LENGTH, DECAY)
            Path("table.tsv").write_text("".join(f"{method}\t{kernels}\t{score}\n" for method, kernels, score in rows))


if __name__ == "__main__":
    main()
