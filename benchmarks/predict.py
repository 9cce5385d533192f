"""Speed and memory of `deepprune predict` and `deepprune variants` with networks of a table, as TSV on standard output.

Columns: network, weights, sequences and variants per processor second without the start, seconds of the start, peak MB
of predict, TensorFlow included. Weights and sequences are random.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from deepprune.dna.codes import to_text
from deepprune.models.conv_settings import ConvSettings, array_shapes, parameter_count
from deepprune.models.conv_table import read_conv_table, select_networks
from deepprune.models.layers_file import LayersModel, save_any_model

COMMAND = [sys.executable, "-c", "import sys; from deepprune.cli.main import main; sys.exit(main())"]
FEW = 10  # sequences or variants that show what the start takes
SPACING = 10  # bp between variants
COLUMNS = ("network", "weights", "sequences", "variants", "start", "mb")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", required=True, help="table of networks")
    parser.add_argument("--select", nargs="+", default=["*"], help="names or globs")
    parser.add_argument("--length", type=int, default=200, help="bp of the sequences")
    parser.add_argument("--tasks", type=int, default=12)
    parser.add_argument("--number", type=int, default=20_000, help="sequences")
    options = parser.parse_args()
    print(*COLUMNS, sep="\t", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, settings in select_networks(read_conv_table(options.networks), options.select).items():
            if isinstance(settings, ConvSettings):
                model = made_up(name, settings, options.length, options.tasks)
                weights = parameter_count(settings, options.length, options.tasks)
                print(name, weights, *measured(Path(folder), model, options.number), sep="\t", flush=True)


def made_up(name: str, settings: ConvSettings, length: int, tasks: int) -> LayersModel:
    """Return a network of random weights."""
    rng, shapes = np.random.default_rng(0), array_shapes(settings, length, tasks)
    weights = [rng.normal(0, 0.05, shape).astype(np.float32) for shape in shapes.weights]
    state = [rng.uniform(0.5, 1.5, shape).astype(np.float32) for shape in shapes.state]
    return LayersModel(name, settings, weights, state, 0, length, tuple(f"task{task}" for task in range(tasks)))


def measured(folder: Path, model: LayersModel, number: int) -> tuple[object, ...]:
    """Return the last columns; variants are an eighth as many as sequences."""
    save_any_model(folder / "model.npz", model)
    rng = np.random.default_rng(1)
    (genome,) = to_text(rng.integers(0, 4, (1, 2 * model.window + SPACING * number), dtype=np.uint8))
    (folder / "genome.fa").write_text(f">chr1\n{genome}\n")
    seconds = {}
    for count in (FEW, number):
        texts = to_text(rng.integers(0, 4, (count, model.window), dtype=np.uint8))
        (folder / "sequences.fa").write_text("".join(f">s{place}\n{text}\n" for place, text in enumerate(texts)))
        seconds["predict", count] = run(folder, "predict", "sequences.fa")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    for count in (FEW, number // 8):
        (folder / "variants.vcf").write_text("".join(vcf(genome, count, model.window)))
        seconds["variants", count] = run(folder, "variants", "variants.vcf", "--genome", "genome.fa")
    spent = (seconds[command, most] - seconds[command, FEW] for command, most in list(seconds)[1::2])
    rates = (round(count / took) for count, took in zip((number, number // 8), spent, strict=True))
    return *rates, round(seconds["predict", FEW], 1), round(peak)


def vcf(genome: str, count: int, first: int) -> list[str]:
    """Return the lines of a VCF file of substitutions."""
    lines = ["##fileformat=VCFv4.2\n", "#CHROM\tPOS\tID\tREF\tALT\n"]
    for place in range(first, first + count * SPACING, SPACING):
        lines.append(f"chr1\t{place + 1}\t.\t{genome[place]}\t{'CGTA'['ACGT'.index(genome[place])]}\n")
    return lines


def run(folder: Path, command: str, *files: str) -> float:
    """Return the processor seconds of a command with the model."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*COMMAND, command, "model.npz", *files], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
