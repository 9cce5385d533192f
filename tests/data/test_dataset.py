"""Data sets as files."""

import pickle
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from harm import Harm

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.origins import Origins
from deepprune.errors import InputError

SPLIT = np.array([TRAIN, VALIDATION, TEST, TRAIN, VALIDATION, TEST], np.uint8)
MEMBERS = ["codes", "labels", "split", "tasks", "name", "chrom", "start", "end", "strand"]


def with_labels(*columns: list[int], **fields: object) -> Dataset:
    """Return a data set of six sequences whose labels for each task are given, two in each part of the split."""
    codes = np.random.default_rng(0).integers(0, 5, (6, 11), dtype=np.uint8)
    return Dataset(codes, np.array(columns, np.uint8).T, **({"split": SPLIT} | fields))  # type: ignore[arg-type]


@pytest.fixture
def dataset() -> Dataset:
    return with_labels([1, 1, 1, 0, 0, 0])


@pytest.fixture
def placed() -> Dataset:
    """Return a data set of two tasks whose sequences come from a genome, but for one."""
    names = ["peak_1", "Zürich", "p3", "p4", "chr2:5-9", "p1/shuffle"]
    chroms, starts = ["chr1", "chr10", "chrM", "1", "chr2", ""], [5, 10**10, 0, 7, 9, 0]
    origins = Origins(names, chroms, starts, [start + 11 for start in starts[:5]] + [0], [".", "+", "-", ".", ".", ""])
    return with_labels([1, 1, 1, 0, 0, 0], [0, 1, 0, 1, 1, 1], tasks=("CTCF in K562", "β"), origins=origins)


def same(one: Dataset, other: Dataset) -> bool:
    arrays = zip(one.origins.arrays().values(), other.origins.arrays().values(), strict=True)
    return one.tasks == other.tasks and all(
        np.array_equal(*pair)
        for pair in [*arrays, (one.codes, other.codes), (one.labels, other.labels), (one.split, other.split)]
    )


def test_parts(placed: Dataset) -> None:
    assert placed.rows(TEST).tolist() == [2, 5] and placed.rows(TEST).dtype == np.int64
    codes, labels = placed.part(TEST)
    assert np.array_equal(codes, placed.codes[[2, 5]])
    assert labels.tolist() == [[1, 0], [0, 1]]
    assert placed.positive().tolist() == [True] * 6
    assert with_labels([0, 1, 0, 0, 1, 0]).positive().tolist() == [False, True, False, False, True, False]


def test_some_sequences_and_several_data_sets(placed: Dataset) -> None:
    some = placed.take(np.array([5, 1]))
    assert np.array_equal(some.codes, placed.codes[[5, 1]]) and some.split.tolist() == [TEST, VALIDATION]
    assert some.origins.name.tolist() == ["p1/shuffle", "Zürich"] and some.origins.end.tolist() == [0, 10**10 + 11]
    assert some.tasks == placed.tasks
    assert same(Dataset.join([placed.take(part == SPLIT) for part in (TRAIN, VALIDATION, TEST)]),
                placed.take(np.argsort(SPLIT, kind="stable")))  # fmt: skip


def test_a_class_that_is_missing_is_named() -> None:
    with_labels([1, 1, 1, 0, 0, 0]).check_classes("mine")
    with_labels([1, 0, 1, 0, 0, 0]).check_classes("mine")
    for labels, message in (
        ([1, 1, 1, 1, 0, 0], r"no negative sequence \(task bound\) for training"),
        ([1, 1, 0, 0, 0, 0], r"no positive sequence \(task bound\) for test"),
    ):
        with pytest.raises(InputError, match=f"mine: there is {message}; give more sequences"):
            with_labels(labels).check_classes("mine")
    with pytest.raises(InputError, match=r"for test; leave it out$"):
        with_labels([1, 1, 0, 0, 0, 0]).check_classes("mine", "leave it out")
    learned = np.where(SPLIT == VALIDATION, TRAIN, SPLIT)
    with pytest.raises(InputError, match=r"no positive or negative sequence \(task bound\) for validation"):
        with_labels([1, 1, 1, 0, 0, 0], split=learned).check_classes("mine")
    with pytest.raises(InputError, match=r"no positive sequence \(task CTCF\) for test"):
        with_labels([1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0], tasks=("bound", "CTCF")).check_classes("mine")


def test_of_several_tasks_one_with_both_classes_may_be_enough() -> None:
    full, empty, tasks = [1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], ("bound", "CTCF")
    for other in (empty, [1, 1, 0, 1, 1, 0], [0, 0, 1, 0, 0, 0]):
        with pytest.raises(InputError, match=r"\(task CTCF\)"):
            with_labels(full, other, tasks=tasks).check_classes("mine")
        with_labels(full, other, tasks=tasks).check_classes("mine", each=False)
    # Training has both classes in one task, test in the other.
    trained, tested = [1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]
    with pytest.raises(InputError, match="mine: no task has positives and negatives both for training and for test; g"):
        with_labels(trained, tested, tasks=tasks).check_classes("mine", each=False)
    learned = np.where(SPLIT == VALIDATION, TRAIN, SPLIT)
    with pytest.raises(InputError, match="for validation"):
        with_labels(full, empty, tasks=tasks, split=learned).check_classes("mine", each=False)


def test_labels_are_counted_and_must_be_0_or_1() -> None:
    made = with_labels([1, 1, 1, 0, 0, 0], [0, 0, 1, 0, 0, 1], tasks=("bound", "CTCF"))
    assert [made.class_counts(part).tolist() for part in (TRAIN, VALIDATION, TEST)] == [
        [[1, 1], [2, 0]],
        [[1, 1], [2, 0]],
        [[1, 1], [0, 2]],
    ]
    for part in (0, 1, 2):
        wrong = with_labels([1, 1, 1, 0, 0, 0], [0 if place != part else 3 for place in range(6)], tasks=made.tasks)
        with pytest.raises(InputError, match="mine: a label of the task CTCF is 3, but must be 0 or 1; correct it"):
            wrong.check_classes("mine", each=False)


@pytest.mark.parametrize("which", ["dataset", "placed"])
def test_saved_and_loaded(which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    made: Dataset = request.getfixturevalue(which)
    made.save(tmp_path / "a.npz")
    loaded = Dataset.load(tmp_path / "a.npz")
    assert same(loaded, made)
    assert loaded.codes.dtype == loaded.labels.dtype == loaded.split.dtype == np.uint8
    assert loaded.origins.name.tolist() == made.origins.name.tolist()
    assert list(tmp_path.iterdir()) == [tmp_path / "a.npz"]
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert list(arrays) == MEMBERS and np.array_equal(arrays["codes"], made.codes)


def test_a_loaded_data_set_stays_when_another_takes_its_name(dataset: Dataset, placed: Dataset, tmp_path: Path) -> None:
    dataset.save(tmp_path / "a.npz")
    loaded = Dataset.load(tmp_path / "a.npz")
    placed.save(tmp_path / "a.npz")
    assert same(loaded, dataset) and same(Dataset.load(tmp_path / "a.npz"), placed)
    with pytest.raises(ValueError, match="read-only"):
        loaded.codes[0, 0] = 1


def test_equal_data_sets_give_equal_bytes(placed: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placed.save(tmp_path / "a.npz")
    now = time.time() + 86400
    monkeypatch.setattr(time, "time", lambda: now)
    # Not C-contiguous, of another dtype, and text with room for more letters.
    wide = Origins(**{name: array.astype("S40") if array.dtype.kind == "S" else array
                      for name, array in placed.origins.arrays().items()})  # fmt: skip
    arrays = np.asfortranarray(placed.codes), placed.labels.astype(int), placed.split
    Dataset(*arrays, placed.tasks, wide).save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_numbers_must_agree(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="differ in number"):
        Dataset(dataset.codes, dataset.labels[1:], dataset.split)
    with pytest.raises(ValueError, match="differ in number"):
        Dataset(dataset.codes, dataset.labels, dataset.split, origins=Origins.nowhere(5))
    for labels in (dataset.labels[:, 0], np.tile(dataset.labels, 2)):
        with pytest.raises(ValueError, match="do not fit 1 tasks"):
            Dataset(dataset.codes, labels, dataset.split)
    with pytest.raises(ValueError, match="differ in number"):
        Origins(["a"], ["chr1", "chr2"], [0], [1], ["."])


FOREIGN = "is no data set of deepprune, or it is damaged; remove the file and run snakemake again, which prepares it"


def test_missing_truncated_and_other_files(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with pytest.raises(InputError, match="No such file"):
        Dataset.load(path)
    dataset.save(path)
    whole = path.read_bytes()
    place = whole.index(dataset.codes.tobytes())
    for content in (b"", b"text", whole[:-30], whole[:60], whole[:place] + b"\7" + whole[place + 1 :]):
        path.write_bytes(content)
        with pytest.raises(InputError, match=FOREIGN):
            Dataset.load(path)


def test_files_of_other_programs_and_of_before(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    arrays = {name: getattr(dataset, name) for name in ("codes", "labels", "split")}
    origins = dataset.origins.arrays() | {"tasks": np.array([b"bound"])}
    np.savez_compressed(path, **arrays, **origins)
    with pytest.raises(InputError, match=FOREIGN):
        Dataset.load(path)
    for others in (
        arrays,
        arrays | origins | {"labels": dataset.labels[:, 0]},
        arrays | origins | {"codes": dataset.codes[0]},
        arrays | origins | {"codes": np.array(7)},
        arrays | origins | {"codes": np.asfortranarray(dataset.codes)},
        arrays | origins | {"tasks": np.array([1])},
        arrays | origins | {"name": np.array([b"\xff"] * 6)[:5]},
        arrays | origins | {"split": np.zeros(6, [("a", int)])},
    ):
        np.savez(path, **others)
        with pytest.raises(InputError, match=FOREIGN):
            Dataset.load(path)
    np.savez(path, **arrays, **origins)
    assert same(Dataset.load(path), dataset)  # hence the difference was refused
    with path.open("wb") as file:
        np.save(file, dataset.codes)
    with pytest.raises(InputError, match=FOREIGN):
        Dataset.load(path)


@pytest.mark.parametrize("packed", [True, False], ids=["npz", "pickle"])
def test_nothing_is_unpickled(tmp_path: Path, packed: bool) -> None:
    path, done = tmp_path / "a.npz", tmp_path / "done"
    harm = np.array([Harm(done)], dtype=object)
    if packed:
        np.savez(path, **dict.fromkeys(MEMBERS, harm))
    else:
        path.write_bytes(pickle.dumps(harm))
    with pytest.raises(InputError, match="is no data set of deepprune"):
        Dataset.load(path)
    assert not done.exists()
    pickle.loads(pickle.dumps(harm))
    assert done.exists()  # so it would have done harm


# a large data set, written and read in little memory: each in a process of its own, which measures itself

LARGE = (400_000, 1000, 12)
# Prints the largest private memory of a process beyond that of the libraries; mapped memory belongs to the system.
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


@pytest.mark.parametrize("size", [1, 11, 1 << 24])
def test_chunks_and_classes_in_chunks(dataset: Dataset, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepprune.data.dataset.CHUNK", size)
    chosen = np.array([row % 3 != 1 for row in range(len(dataset.codes))])
    assert np.concatenate(list(dataset.chunks(chosen))).tolist() == np.flatnonzero(chosen).tolist()
    assert list(dataset.chunks(np.zeros(len(chosen), bool))) == []
    test_a_class_that_is_missing_is_named()
