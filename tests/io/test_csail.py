"""Train and test sets of Zeng et al."""

from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.io.csail import read_csail
from deepprune.io.fasta import Record

EXAMPLE = Path(__file__).resolve().parents[2].parent / "shared/data/mirror/motif_discovery/kerasGenomicsExample"


def test_records_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "train.data"
    path.write_text(">chr1:5-8 ACGT 1\n\n>chr1:5-8_shuf AGCT\t0\n")
    assert read_csail(path) == ([Record("chr1:5-8", "ACGT"), Record("chr1:5-8_shuf", "AGCT")], [1, 0])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["is empty"]),
        (">a ACGT 1\n>b ACGT\n", ["line 2", "found '>b ACGT'"]),
        ("a ACGT 1\n", ["line 1", "expected '>name sequence label'"]),
        (">a " + "ACGT" * 30 + "\n", ["line 1", "..."]),
        (">a ACGT 2\n", ["line 1", "label is '2'"]),
        (">a ACPT 1\n", ["line 1", "'P' is no DNA letter"]),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = tmp_path / "train.data"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_csail(path)
    message = str(caught.value)
    assert "\n" not in message and str(path) in message
    assert [part for part in parts if part not in message] == [], message


@pytest.mark.skipif(not EXAMPLE.is_dir(), reason="../shared/data/mirror is absent")
def test_real_example() -> None:
    records, labels = read_csail(EXAMPLE / "test.data")
    assert len(records) == len(labels) == 3908
    assert sum(labels) == 2018
    assert {len(record.sequence) for record in records} == {101}
