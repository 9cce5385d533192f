"""A large data set is written and read in little memory: each step in a process of its own, which measures itself."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

LARGE = (400_000, 1000, 12)
# Prints how much memory of its own, beyond the libraries', a process has used at most; what is mapped is the system's.
MEASURE = """
import sys
import threading
from pathlib import Path
import numpy as np
from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.data.origins import Origins

def own():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024

folder, (count, length, tasks) = Path(sys.argv[1]), map(int, sys.argv[2:])
seen, done = [own()], threading.Event()

def watch():
    while not done.wait(0.005):
        seen.append(own())

watcher = threading.Thread(target=watch)
watcher.start()
try:
{program}
finally:
    done.set()
    watcher.join()
print(max(seen) - seen[0])
"""
WRITE = """
codes = np.lib.format.open_memmap(folder / "codes.npy", "w+", np.uint8, (count, length))
for first in range(0, count, 10_000):
    codes[first : first + 10_000] = np.random.default_rng(first).integers(0, 4, (10_000, length), dtype=np.uint8)
labels = np.random.default_rng(0).integers(0, 2, (count, tasks), dtype=np.uint8)
split = np.resize(np.array([TRAIN] * 9 + [TEST], np.uint8), count)
names = np.char.add(b"peak", np.arange(count).astype("S7"))
chrom, zero, strand = np.full(count, b"chr1"), np.zeros(count, np.int64), np.full(count, b".")
data = Dataset(codes, labels, split, tuple(map(str, range(tasks))), Origins(names, chrom, zero, zero + length, strand))
data.save(folder / "large.npz")
"""
READ = """
data = Dataset.load(folder / "large.npz")
assert data.codes.shape == (count, length) and data.labels.shape == (count, tasks)
rows, letters = data.rows(TRAIN), 0
order = np.random.default_rng(0).permutation(rows)
for first in range(0, len(order), 256):
    batch = order[first : first + 256]
    letters += data.codes[batch].size
    assert data.labels[batch].shape == (len(batch), tasks)
assert letters == 9 * count // 10 * length
assert data.origins.take(rows[:2]).name.tolist() == ["peak0", "peak1"]
"""


def megabytes(program: str, folder: Path) -> float:
    """Return the most memory of its own, in MiB, that a program uses beyond its libraries."""
    watched = MEASURE.replace("{program}", textwrap.indent(program, "    "))
    command = [sys.executable, "-c", watched, str(folder), *map(str, LARGE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a process's memory so")
def test_a_large_data_set_is_written_and_read_in_little_memory(tmp_path: Path) -> None:
    # Codes are 381 MiB. Labels, split and origins, which the writer makes, are 17; numbering names took 20 beside.
    assert megabytes(WRITE, tmp_path) < 80
    assert (tmp_path / "large.npz").stat().st_size > LARGE[0] * LARGE[1]
    (tmp_path / "codes.npy").unlink()
    assert megabytes(READ, tmp_path) < 20
    (tmp_path / "large.npz").unlink()
