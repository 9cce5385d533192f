"""Time and memory of the measures of a network of many tasks, as TSV on standard output.

Columns: sequences, tasks, mb_logits (float32, of the test sequences), seconds, cpu_seconds, mb (the largest memory
above that of labels and logits). Labels have the prevalences of DeepSEA's classes; logits are made up.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from memory import Peak

from deepprune.evaluation.tasks import Labels, Logits, evaluate_tasks, task_means
from deepprune.io.files import write_atomic

TASKS, TEST, VALIDATION = 919, 455_024, 8_000
COLUMNS = ("sequences", "tasks", "mb_logits", "seconds", "cpu_seconds", "mb")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=TEST)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--output", type=Path, help="a file to keep the table in")
    options = parser.parse_args()
    labels, logits = made_up(options.sequences, options.tasks)
    with Peak() as peak:
        began, cpu = time.perf_counter(), time.process_time()
        found = evaluate_tasks([f"task{number}" for number in range(options.tasks)], labels, [(0, logits)])
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    assert task_means(found)[0].auroc > 0.5
    cells = len(logits.test), options.tasks, f"{logits.test.nbytes / 1e6:.0f}", f"{seconds:.1f}", f"{cpu:.1f}"
    text = "\t".join(COLUMNS) + "\n" + "\t".join(map(str, (*cells, f"{peak.above:.0f}"))) + "\n"
    print(text, end="", flush=True)
    if options.output:
        with write_atomic(options.output) as temporary:
            temporary.write_text(text)


def made_up(sequences: int, tasks: int) -> tuple[Labels, Logits]:
    """Return labels whose prevalence goes from 0.0002 to 0.3, and logits that are higher for positives."""
    rng = np.random.default_rng(0)
    prevalence = np.geomspace(2e-4, 0.3, tasks).astype(np.float32)
    parts = []
    for count in (sequences, VALIDATION):
        labels, logits = np.empty((count, tasks), np.uint8), np.empty((count, tasks), np.float32)
        for first in range(0, count, 5000):
            rows = slice(first, first + 5000)
            labels[rows] = rng.random(labels[rows].shape, np.float32) < prevalence
            logits[rows] = rng.standard_normal(labels[rows].shape, np.float32) + 2 * labels[rows] - 3
        parts.append((labels, logits))
    (test, scores), (validation, validated) = parts
    return Labels(test, validation, np.ones(tasks, bool)), Logits(scores, validated)


if __name__ == "__main__":
    main()
