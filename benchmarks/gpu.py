"""The compiled epoch on a GPU, beside one with a plain convolution, and what 690 data sets would take; as TSV.

    python benchmarks/gpu.py export epochs/     # here: needs TensorFlow and this package, no GPU
    python benchmarks/gpu.py run epochs/        # there: needs JAX and numpy alone

`export` writes the epoch of `deepprune.training.trainer` as XLA programs, in the form for a GPU, with inputs.
`run` compiles and times them under JAX: a program is the same whoever compiles it. The convolution is JAX's own, which
is cuDNN's on a GPU, on one-hot tensors that are made a batch at a time.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

LENGTH, KERNEL_LENGTH, SEQUENCES, BATCH = 101, 15, 16_384, 256
CASES = [(18, 256), (18, 4), (1, 256), (1, 4)]  # networks in one program, kernels
LADDER, EPOCHS, SETS, MEAN_SEQUENCES = (
    7,
    35,
    690,
    22_000,
)  # of the full study of the paper; the last two are approximate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["export", "run"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    options = parser.parse_args()
    if options.step == "export":
        options.folder.mkdir(parents=True, exist_ok=True)
        for networks, kernels in CASES:
            export(options.folder / f"{networks}x{kernels}.npz", networks, kernels, options.sequences)
    else:
        run(options.folder)


def export(path: Path, networks: int, kernels: int, sequences: int) -> None:
    """Write program and inputs of one epoch."""
    import tensorflow as tf

    from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
    from deepprune.models import scan
    from deepprune.models.few_kernel import FewKernel
    from deepprune.training.epoch import Programs, Progress
    from deepprune.training.optimizers import Rates, no_moments
    from deepprune.training.sequences import Batches, Resident, Source
    from deepprune.training.stack import stacked
    from deepprune.training.trainer import Options, Trainer

    scan.on_gpu = lambda: True
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (sequences + BATCH, LENGTH)).astype(np.uint8)
    labels = rng.integers(0, 2, len(codes)).astype(np.uint8)
    split = np.repeat(np.array([TRAIN, VALIDATION], np.uint8), [sequences, BATCH])
    trainer = Trainer(Dataset(codes, labels[:, None], split), Options(batch_size=BATCH))
    network = FewKernel(kernels, KERNEL_LENGTH)
    weights = stacked([network.packed(network.initial(rng)) for _ in range(networks)])
    progress = Progress(weights, stacked([network.initial_state()] * networks), no_moments(weights))
    orders = tf.constant(np.stack([rng.permutation(sequences) for _ in range(networks)]).astype(np.int32))
    feed = Resident(Source(trainer.training, network), BATCH)
    targets = feed.targets([trainer.training.labels] * networks)
    batches = Batches(feed.inputs, tf.constant(sequences), targets, orders, tf.zeros((networks, 2), tf.int32))
    inputs = batches, progress, Rates(0.01).tensors()
    epoch = Programs(network, BATCH).epochs["adam"]
    program = epoch.experimental_get_compiler_ir(*inputs)(stage="hlo_serialized")
    _, losses = epoch(*inputs)
    arrays = {f"input{number}": value.numpy() for number, value in enumerate(tf.nest.flatten(inputs))}
    np.savez_compressed(path, program=np.frombuffer(program, np.uint8), losses=losses.numpy(), **arrays)
    print(f"{path}: {networks} networks of {kernels} kernels, {len(program) / 1e6:.1f} MB of program", flush=True)


def run(folder: Path) -> None:
    """Time the programs of the folder; refuse one whose losses are not those that TensorFlow found."""
    import jax

    print("device", "networks", "kernels", "engine", "convolution", "ratio", "hours_690", sep="\t")
    for path in sorted(folder.glob("*.npz")):
        networks, kernels = map(int, path.stem.split("x"))
        with np.load(path) as file:
            inputs = [jax.device_put(file[f"input{number}"]) for number in range(len(file.files) - 2)]
            program, expected = file["program"].tobytes(), file["losses"]
        engine = compiled(program)
        found = np.asarray(engine(inputs)[-1])
        if not np.allclose(found, expected, rtol=1e-3):
            sys.exit(f"{networks} x {kernels}: losses {found} are not those of TensorFlow, {expected}")
        count = int(inputs[1])
        speed = {
            "engine": networks * count / seconds(partial(engine, inputs)),
            "convolution": networks * count / seconds(convolution(inputs, networks, kernels)),
        }
        # Two networks, direct and pruned, at each rung of the ladder.
        hours = SETS * MEAN_SEQUENCES * EPOCHS * 2 * LADDER / speed["engine"] / 3600
        cells = f"{speed['engine']:.0f}", f"{speed['convolution']:.0f}", f"{speed['engine'] / speed['convolution']:.1f}"
        print(jax.devices()[0].device_kind, networks, kernels, *cells, f"{hours:.1f}", sep="\t", flush=True)


def compiled(program: bytes) -> Callable[[list], list]:
    """Return an XLA program as a function of arrays on the device."""
    import jax
    from jax._src.lib import xla_client  # private, but JAX has no public entry for a program that it did not trace
    from jax.extend.backend import get_backend

    module, devices = xla_client._xla.mlir.hlo_to_stablehlo(program), xla_client.DeviceList((jax.devices()[0],))
    executable = get_backend().compile_and_load(module, devices, xla_client.CompileOptions())

    def call(inputs: list) -> list:
        return [shards[0] for shards in executable.execute_sharded(inputs).disassemble_into_single_device_arrays()]

    return call


def convolution(inputs: list, networks: int, kernels: int) -> Callable[[], object]:
    """Return the same epoch in JAX with one-hot sequences, a convolution and a maximum over all windows."""
    import jax
    import jax.numpy as jnp

    codes, labels, orders = inputs[0], inputs[2][0, :, 0], inputs[3]
    start = tuple(inputs[5:9])

    def loss(parameters, rows):  # type: ignore[no-untyped-def]
        weight, bias, dense, intercept = parameters
        one_hot = jax.nn.one_hot(codes[rows], 4)
        score = jax.lax.conv_general_dilated(one_hot, weight, (1,), "VALID", dimension_numbers=("NWC", "WIO", "NWC"))
        pooled = jax.nn.relu(score.max(axis=1) + bias)
        logit = (pooled * dense[:, 0]).sum(axis=1) + intercept[0]
        return (jnp.logaddexp(0, logit) - logit * labels[rows]).mean()

    @jax.jit
    def epoch(parameters, mean, variance):  # type: ignore[no-untyped-def]
        def batch(index, state):  # type: ignore[no-untyped-def]
            parameters, mean, variance = state
            rows = jax.lax.dynamic_slice(orders, (0, index * BATCH), (networks, BATCH))
            gradient = jax.vmap(jax.grad(loss))(parameters, rows)
            mean = jax.tree.map(lambda m, g: m + (g - m) * 0.1, mean, gradient)
            variance = jax.tree.map(lambda v, g: v + (g * g - v) * 0.001, variance, gradient)
            moved = jax.tree.map(lambda p, m, v: p - 0.01 * m / (jnp.sqrt(v) + 1e-7), parameters, mean, variance)
            return moved, mean, variance

        return jax.lax.fori_loop(0, orders.shape[1] // BATCH, batch, (parameters, mean, variance))

    zeros = jax.tree.map(jnp.zeros_like, start)
    return lambda: epoch(start, zeros, zeros)


def seconds(program: Callable[[], object], repeats: int = 5) -> float:
    """Median time of a program that was run once before."""
    import jax

    times = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        jax.block_until_ready(program())
        times.append(time.perf_counter() - began)
    return float(np.median(times[1:]))


if __name__ == "__main__":
    main()
