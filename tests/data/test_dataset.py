"""Data sets as files."""

import pickle
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from harm import Harm

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError


@pytest.fixture
def dataset() -> Dataset:
    codes = np.random.default_rng(0).integers(0, 5, (6, 11), dtype=np.uint8)
    labels = np.array([1, 1, 1, 0, 0, 0], np.uint8)
    return Dataset(codes, labels, np.array([TRAIN, VALIDATION, TEST, TRAIN, VALIDATION, TEST], np.uint8))


def test_parts(dataset: Dataset) -> None:
    codes, labels = dataset.part(TEST)
    assert np.array_equal(codes, dataset.codes[[2, 5]])
    assert labels.tolist() == [1, 0]


def test_a_class_that_is_missing_is_named(dataset: Dataset) -> None:
    def with_labels(chosen: int, label: int) -> Dataset:
        return Dataset(dataset.codes, np.where(dataset.split == chosen, label, dataset.labels), dataset.split)

    dataset.check_classes("mine")
    with_labels(VALIDATION, 0).check_classes("mine")
    for part, label, message in (
        (TRAIN, 1, "no unbound sequence for training"),
        (TEST, 0, "no bound sequence for test"),
    ):
        with pytest.raises(InputError, match=f"mine: there is {message}; give more sequences"):
            with_labels(part, label).check_classes("mine")
    unseen = Dataset(dataset.codes, dataset.labels, np.where(dataset.split == VALIDATION, TRAIN, dataset.split))
    with pytest.raises(InputError, match="no bound or unbound sequence for validation"):
        unseen.check_classes("mine")


def test_saved_and_loaded(dataset: Dataset, tmp_path: Path) -> None:
    dataset.save(tmp_path / "a.npz")
    loaded = Dataset.load(tmp_path / "a.npz")
    for name in ("codes", "labels", "split"):
        assert np.array_equal(getattr(loaded, name), getattr(dataset, name))
        assert getattr(loaded, name).dtype == np.uint8
    assert list(tmp_path.iterdir()) == [tmp_path / "a.npz"]


def test_equal_data_sets_give_equal_bytes(dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset.save(tmp_path / "a.npz")
    now = time.time() + 86400
    monkeypatch.setattr(time, "time", lambda: now)
    # not C-contiguous, and of another dtype
    Dataset(np.asfortranarray(dataset.codes), dataset.labels.astype(int), dataset.split).save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_numbers_must_agree(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="differ in number"):
        Dataset(dataset.codes, dataset.labels[1:], dataset.split)


def test_missing_truncated_and_other_files(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with pytest.raises(InputError, match="No such file"):
        Dataset.load(path)
    dataset.save(path)
    whole = path.read_bytes()
    for content in (b"", b"text", whole[:-30], whole[:60]):
        path.write_bytes(content)
        with pytest.raises(InputError, match="is no data set of deepprune or is damaged"):
            Dataset.load(path)
    np.savez(path, codes=dataset.codes)
    with pytest.raises(InputError, match="is no data set"):
        Dataset.load(path)
    with path.open("wb") as file:
        np.save(file, dataset.codes)
    with pytest.raises(InputError, match="is no data set"):
        Dataset.load(path)


@pytest.mark.parametrize("packed", [True, False], ids=["npz", "pickle"])
def test_nothing_is_unpickled(tmp_path: Path, packed: bool) -> None:
    path, done = tmp_path / "a.npz", tmp_path / "done"
    harm = np.array([Harm(done)], dtype=object)
    if packed:
        np.savez(path, codes=harm, labels=harm, split=harm)
    else:
        path.write_bytes(pickle.dumps(harm))
    with pytest.raises(InputError, match="is no data set of deepprune"):
        Dataset.load(path)
    assert not done.exists()
    pickle.loads(pickle.dumps(harm))
    assert done.exists()  # so it would have done harm
