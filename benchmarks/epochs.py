"""An epoch of networks with other options beside one of the plain network, as TSV on standard output.

Processor seconds of one epoch with validation, the fastest of several in turn, on one thread: columns case, kernels,
strands, background, seconds, ratio (to one strand without background).
"""

import argparse
import os
import time
from collections.abc import Callable

CASES = [(101, 15, 16_384), (1000, 24, 2048)]
KERNELS = [256, 64, 16, 8, 4]
BACKGROUNDS: list[int | str] = [3, 4, 5, 6, "gapped"]
NETWORKS: list[tuple[str, int | str]] = [("one", "none"), ("one", 5), ("both", "none")]
NETWORKS += [("both", words) for words in BACKGROUNDS]
BATCH = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10, help="epochs of each network")
    repeats = parser.parse_args().repeats
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from deepprune.training.trainer import prepare_devices

    prepare_devices(1)
    print("case", "kernels", "strands", "background", "seconds", "ratio", sep="\t")
    for length, width, sequences in CASES:
        epochs = {(kernels, *options): epoch for kernels, options, epoch in programs(length, width, sequences)}
        seconds: dict[tuple, list[float]] = {name: [] for name in epochs}
        for _ in range(repeats):
            for name, epoch in epochs.items():
                seconds[name].append(taken(epoch))
        for (kernels, strands, background), values in seconds.items():
            plain = min(seconds[kernels, "one", "none"])
            cells = f"{min(values):.4f}", f"{min(values) / plain:.2f}"
            print(f"L {length}, kernel {width}", kernels, strands, background, *cells, sep="\t", flush=True)


def taken(epoch: Callable[[], object]) -> float:
    """Return the processor seconds of an epoch."""
    began = time.process_time()
    epoch()
    return time.process_time() - began


def programs(length: int, width: int, sequences: int) -> list[tuple[int, tuple, Callable[[], object]]]:
    """Return the epochs of all networks on one data set: kernels, strands and background, a function; compiled."""
    import numpy as np

    from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
    from deepprune.dna.words import background_words
    from deepprune.models.background import standard_of
    from deepprune.models.few_kernel import FewKernel
    from deepprune.training.trainer import Options, Start, Trainer

    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (sequences + BATCH, length)).astype(np.uint8)
    labels = rng.integers(0, 2, len(codes)).astype(np.uint8)
    split = np.repeat(np.array([TRAIN, VALIDATION], np.uint8), [sequences, BATCH])
    trainer = Trainer(Dataset(codes, labels[:, None], split), Options(batch_size=BATCH, max_epochs=1))

    def epoch(network: FewKernel) -> Callable[[], object]:
        start = network.initial(rng)

        def run() -> object:
            return trainer.fit(network, [Start(start, np.random.default_rng(0))])

        run()  # compiles
        return run

    found = []
    for kernels in KERNELS:
        for strands, background in NETWORKS:
            words = background_words(background, merged=strands == "both")
            standard = standard_of(np.ones(words.number), np.ones(words.number), 0.01) if words else None
            network = FewKernel(kernels, width, strands=strands, words=words, standard=standard)
            found.append((kernels, (strands, background), epoch(network)))
    return found


if __name__ == "__main__":
    main()
