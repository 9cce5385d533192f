"""Preparation of data sets of which not all sequences stay: repeated ones of csail sets, and the largest numbers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deepprune.data.dataset import TEST, Dataset
from deepprune.data.prepare import Prepared, prepare
from deepprune.data.readers import DataOptions
from deepprune.dna.codes import to_text
from deepprune.errors import InputError


def sequences(count: int, seed: int = 0) -> list[str]:
    return to_text(np.random.default_rng(seed).integers(0, 4, (count, 30), dtype=np.uint8))


def made(path: Path, format: str = "fasta", most: str = "", negatives: str = "shuffle", **options: Any) -> Prepared:
    row = {"dataset": "a", "format": format, "path": str(path), "negatives": negatives, "most": most}
    return prepare(row, DataOptions(window=30, **options))


def fasta(path: Path, texts: list[str]) -> Path:
    path.write_text("".join(f">{i}\n{text}\n" for i, text in enumerate(texts)))
    return path


def csail(folder: Path, **parts: list[tuple[str, int]]) -> Path:
    for name, rows in parts.items():
        lines = [f">{name}{i} {text} {label}\n" for i, (text, label) in enumerate(rows)]
        (folder / f"{name}.data").write_text("".join(lines))
    return folder


def labelled(texts: list[str]) -> list[tuple[str, int]]:
    return [(text, i % 2) for i, text in enumerate(texts)]


def positives(dataset: Dataset) -> set[str]:
    return set(to_text(dataset.codes[dataset.positive()]))


# csail


def test_test_sequences_of_csail_that_training_holds_are_left_out(tmp_path: Path) -> None:
    texts = sequences(300)
    train = [*labelled(texts[:200]), (texts[0], 0)]
    test = [*labelled(texts[200:]), (texts[0], 0), (texts[1], 0), (texts[250].lower(), 0)]
    dataset, skipped, summary, _ = made(csail(tmp_path, train=train, test=test), "csail", negatives="")
    assert to_text(dataset.codes) == [*texts[:200], texts[0], *texts[200:]]
    columns = ["rows", "in_training", "duplicate", "test"]
    assert summary.loc[0, columns].tolist() == [304, 2, 1, 100]
    rows = [["test100", "in_training"], ["test101", "in_training"], ["test102", "duplicate"]]
    assert skipped[["name", "reason"]].to_numpy().tolist() == rows


def test_repeated_sequences_are_no_mistake_however_many(tmp_path: Path) -> None:
    texts = sequences(160)
    train, test = labelled(texts[:100]), labelled(texts[100:])
    *_, summary, _ = made(csail(tmp_path, train=train, test=[*test, *train * 5]), "csail", negatives="")
    assert summary.loc[0, ["rows", "in_training", "test"]].tolist() == [660, 500, 60]


def test_a_test_part_without_a_sequence_of_its_own(tmp_path: Path) -> None:
    train = labelled(sequences(200))
    with pytest.raises(InputError, match="no positives are left for test"):
        made(csail(tmp_path, train=train, test=train[:100]), "csail", negatives="")


def test_csail_sets_keep_the_share_of_their_parts(tmp_path: Path) -> None:
    texts = sequences(800)
    path = csail(tmp_path, train=labelled(texts[:600]), test=labelled(texts[600:]))
    whole, few = (made(path, "csail", most, negatives="").dataset for most in ("", "100"))
    for label in (True, False):
        of_class = few.split[few.positive() == label]
        assert (len(of_class), int((of_class == TEST).sum())) == (100, 25)
    parts = dict(zip(to_text(whole.codes), whole.split == TEST, strict=True))
    assert all(parts[text] == (part == TEST) for text, part in zip(to_text(few.codes), few.split, strict=True))


# The largest number


def test_positives_are_chosen_before_their_negatives_and_the_split(tmp_path: Path) -> None:
    path = fasta(tmp_path / "s.fa", sequences(400))
    whole, few = made(path), made(path, most="100")
    columns = ["most", "rows", "positives", "negatives", "train", "validation", "test"]
    assert few.summary.loc[0, columns].tolist() == ["100", 400, 100, 100, 144, 16, 40]
    assert whole.summary.loc[0, columns[:4]].tolist() == ["", 400, 400, 400] and few.skipped.empty
    # The shuffles are those that the positives have in the whole set.
    assert set(to_text(few.dataset.codes)) < set(to_text(whole.dataset.codes))


def test_smaller_sets_are_nested_and_most_sequences_keep_their_part(tmp_path: Path) -> None:
    path = fasta(tmp_path / "s.fa", sequences(2000))
    sets = [made(path, most=most).dataset for most in ("200", "1000", "")]
    assert positives(sets[0]) < positives(sets[1]) < positives(sets[2])
    parts = dict(zip(to_text(sets[2].codes), sets[2].split.tolist(), strict=True))
    few = dict(zip(to_text(sets[1].codes), sets[1].split.tolist(), strict=True))
    assert sum(parts[text] != part for text, part in few.items()) < 0.1 * len(few)
    assert positives(made(path, most="200", seed=1).dataset) != positives(sets[0])


def test_given_negatives_are_reduced_as_well(tmp_path: Path) -> None:
    path, given = fasta(tmp_path / "s.fa", sequences(200)), fasta(tmp_path / "n.fa", sequences(300, 1))
    summary = made(path, most="80", negatives=str(given)).summary
    assert summary.loc[0, ["against", "positives", "negatives"]].tolist() == ["file", 80, 80]


def test_a_set_with_fewer_positives_keeps_all(tmp_path: Path) -> None:
    path = fasta(tmp_path / "s.fa", sequences(60))
    whole, same = made(path), made(path, most="1000")
    assert np.array_equal(whole.dataset.codes, same.dataset.codes)
    assert np.array_equal(whole.dataset.split, same.dataset.split)
    assert same.summary.loc[0, ["most", "positives"]].tolist() == ["1000", 60]
