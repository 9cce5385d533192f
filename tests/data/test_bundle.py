"""DeepSEA's bundle as a data set of several tasks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from bundled import SIZES, Content, contents, one_hot, write_bundle, write_hdf5
from scipy.io import savemat

from deepprune.data.bundle import CODES, WRONG, read_bundle
from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.io import matlab

CHOSEN = {"SRF": 361, "YY1": 369, "Arid3a": 0}


def table(folder: Path) -> str:
    """Write the table of the chosen classes."""
    (folder / "classes.tsv").write_text("task\tclass\n" + "".join(f"{task}\t{i}\n" for task, i in CHOSEN.items()))
    return str(folder / "classes.tsv")


def check(made: Dataset, parts: dict[str, Content], classes: list[int]) -> None:
    """Compare a data set with what the bundle holds."""
    for part, split in zip(SIZES, (TRAIN, VALIDATION, TEST), strict=True):
        codes, labels = parts[part]
        kept = labels[:, classes].any(axis=1)
        rows = made.rows(split)
        np.testing.assert_array_equal(made.codes[rows], codes[kept])
        np.testing.assert_array_equal(made.labels[rows], labels[kept][:, classes])


def test_channels_by_hand() -> None:
    assert [int(CODES[1 << place]) for place in range(4)] == [0, 2, 1, 3]  # A G C T as codes of A C G T
    assert CODES[0] == 4 and CODES[3] == CODES[15] == WRONG


def test_chosen_classes_and_sequences_with_a_positive(tmp_path: Path) -> None:
    parts = contents()
    write_bundle(tmp_path, parts)
    made = read_bundle(str(tmp_path), table(tmp_path), str(tmp_path))
    assert made.tasks == tuple(CHOSEN) and 0 < len(made.codes) < sum(SIZES.values())
    check(made, parts, list(CHOSEN.values()))
    assert not made.origins.chrom.any()


@pytest.mark.parametrize("size", [1 << 15, 1 << 18])
def test_all_classes_in_slabs_of_any_size(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matlab, "SLAB", size)
    monkeypatch.setattr(matlab, "ROWS", 16)
    parts = contents(share=0.002)
    write_bundle(tmp_path, parts)
    made = read_bundle(str(tmp_path), "", "")
    assert made.tasks[:2] == ("class_0", "class_1") and len(made.tasks) == 919
    check(made, parts, list(range(919)))
    made.save(tmp_path / "x.npz")
    check(Dataset.load(tmp_path / "x.npz"), parts, list(range(919)))
    del made
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test.mat", "train.mat", "valid.mat", "x.npz"]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(("axes", "turned"), [((0, 1, 2), False), ((0, 2, 1), False), ((1, 2, 0), True)])
def test_copies_in_hdf5(tmp_path: Path, axes: tuple[int, ...], turned: bool, packed: bool) -> None:
    parts = contents(1)
    for part, (codes, labels) in parts.items():
        ordered = one_hot(codes).transpose(axes)
        write_hdf5(tmp_path / f"{part}.mat", ordered, labels.T if turned else labels, packed)
    check(read_bundle(str(tmp_path), table(tmp_path), ""), parts, list(CHOSEN.values()))


def other_numbers(folder: Path) -> None:
    codes, labels = contents()["valid"]
    savemat(folder / "valid.mat", {"validxdata": 2 * one_hot(codes).transpose(0, 2, 1), "validdata": labels})


def two_bases(folder: Path) -> None:
    codes, labels = contents()["train"]
    labels[:, 361] = 1
    write_hdf5(folder / "train.mat", one_hot(codes) | (np.arange(4) == 2), labels)


def short_labels(folder: Path) -> None:
    codes, labels = contents()["valid"]
    savemat(folder / "valid.mat", {"validxdata": one_hot(codes).transpose(0, 2, 1), "validdata": labels[1:]})


def few_classes(folder: Path) -> None:
    codes, labels = contents()["train"]
    write_hdf5(folder / "train.mat", one_hot(codes), labels[:, :12])


def flat(folder: Path) -> None:
    codes, labels = contents()["train"]
    write_hdf5(folder / "train.mat", codes, labels)


def other_names(folder: Path) -> None:
    (folder / "test.mat").write_bytes((folder / "valid.mat").read_bytes())


def cut(folder: Path, name: str, size: int) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:size])


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (other_numbers, r"valid\.mat cannot be read \(validxdata holds other numbers than 0 and 1\)"),
        (two_bases, r"train\.mat cannot be read \(trainxdata holds positions of several bases\)"),
        (short_labels, r"validxdata of shape \(30, 4, 1000\) and validdata of shape \(29, 919\) do not fit DeepSEA's"),
        (few_classes, r"train\.mat: trainxdata of shape \(90, 1000, 4\) and traindata of shape \(90, 12\) do not fit"),
        (flat, r"train\.mat: trainxdata of shape \(90, 1000\) and"),
        (other_names, r"test\.mat holds no array 'testxdata'; give the files of DeepSEA's bundle"),
        (lambda folder: cut(folder, "train.mat", 20_000), r"train\.mat cannot be read \(.*truncated file"),
        (lambda folder: cut(folder, "valid.mat", 100_000), r"valid\.mat cannot be read \(it is cut off\); fetch it"),
        (lambda folder: cut(folder, "test.mat", 10_000), r"test\.mat cannot be read \(it is cut off\); fetch it"),
        (lambda folder: (folder / "valid.mat").write_text("<html>"), r"valid\.mat cannot be read \(it is neither HDF5"),
        (lambda folder: (folder / "test.mat").unlink(), r"test\.mat cannot be read \(.*No such file"),
    ],
)
def test_another_bundle_is_one_line(tmp_path: Path, harm: Callable[[Path], None], message: str) -> None:
    write_bundle(tmp_path, contents())
    harm(tmp_path)
    with pytest.raises(InputError, match=message) as caught:
        read_bundle(str(tmp_path), table(tmp_path), str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_class_out_of_range(tmp_path: Path) -> None:
    (tmp_path / "c.tsv").write_text("task\tclass\nSRF\t361\nX\t919\n")
    with pytest.raises(InputError, match=r"c.tsv, line 3: class is '919', but must be a whole number from 0 to 918"):
        read_bundle(str(tmp_path), str(tmp_path / "c.tsv"), "")
