"""Data sets as files."""

import pickle
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
    learned = np.where(SPLIT == VALIDATION, TRAIN, SPLIT)
    with pytest.raises(InputError, match=r"no positive or negative sequence \(task bound\) for validation"):
        with_labels([1, 1, 1, 0, 0, 0], split=learned).check_classes("mine")
    with pytest.raises(InputError, match=r"no positive sequence \(task CTCF\) for test"):
        with_labels([1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0], tasks=("bound", "CTCF")).check_classes("mine")


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


FOREIGN = "is no data set of deepprune or is damaged; prepare it again"


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
    assert same(Dataset.load(path), dataset)  # so it was what differs that was refused
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
