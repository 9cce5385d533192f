"""Test AUROC of plain Keras and of this engine over seeds, as TSV: do both learn equally well?

Columns: data set, kernels, seeds, mean and standard deviation over seeds of each, their difference, and whether it is
within the larger of the two standard deviations. Networks with the same initial weights and data differ only in the
order of their sequences; both programs use the same early stopping.
"""

import argparse
import os
from pathlib import Path

from deepprune.io.files import write_atomic

REAL = ["SERBP1_H1-hESC_HudsonAlpha", "ELK1_GM12878_ELK1_(1277-1)_Stanford", "USF1_HepG2_USF-1_HudsonAlpha"]
COLUMNS = ["set", "kernels", "seeds", "keras", "keras_sd", "engine", "engine_sd", "difference", "within_spread"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--kernels", type=int, default=32)
    parser.add_argument("--output", type=Path, help="a file to keep the table in")
    options = parser.parse_args()
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    from sets import real, simulated

    lines = ["\t".join(COLUMNS) + "\n"]
    print(lines[0], end="", flush=True)
    sets = {name: (15, lambda name=name: real(name, 8000)) for name in REAL}
    sets |= {f"simulated {number}": (24, lambda number=number: simulated(number, 400, 1500)) for number in (1, 2)}
    for name, (kernel_length, load) in sets.items():
        lines.append(row(name, load(), kernel_length, options.kernels, range(options.seeds)))
        print(lines[-1], end="", flush=True)
    if options.output:
        with write_atomic(options.output) as temporary:
            temporary.write_text("".join(lines))


def row(name, data, kernel_length, kernels, seeds):  # type: ignore[no-untyped-def]
    import numpy as np
    from plain_keras import PlainKeras

    from deepprune.data.dataset import TEST
    from deepprune.evaluation.metrics import auroc
    from deepprune.models.few_kernel import FewKernel
    from deepprune.training.trainer import Options, Start, Trainer

    options, network = Options(), FewKernel(kernels, kernel_length)
    keras, engine = PlainKeras(data, options), Trainer(data, options)
    codes, labels = data.part(TEST)
    scores: dict[str, list[float]] = {"keras": [], "engine": []}
    for seed in seeds:
        start = network.initial(np.random.default_rng(seed))
        scores["keras"].append(keras.fit(start, options.learning_rate, seed)[1])
        (fit,) = engine.fit(network, [Start(start, np.random.default_rng(seed))])
        scores["engine"].append(auroc(labels[:, 0], engine.predict(network, fit.weights, codes)[:, 0]))
    means = {program: float(np.mean(values)) for program, values in scores.items()}
    spreads = {program: float(np.std(values, ddof=1)) for program, values in scores.items()}
    difference = means["engine"] - means["keras"]
    cells = [name, str(kernels), str(len(seeds))]
    cells += [f"{value:.4f}" for program in scores for value in (means[program], spreads[program])]
    within = "yes" if abs(difference) <= max(spreads.values()) else "no"
    return "\t".join([*cells, f"{difference:+.4f}", within]) + "\n"


if __name__ == "__main__":
    main()
