import io
import sys
from collections import Counter
from pathlib import Path

import pytest
from console import LONG, run


@pytest.fixture
def fasta(tmp_path: Path) -> Path:
    path = tmp_path / "in.fa"
    path.write_text(f">first one\n{LONG[:20]}\n{LONG[20:]}\n>b\nACG\n>c\nt\n>d\n{LONG.lower()}\n>e\nRACGTACCA\n")
    return path


def dinucleotides(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def test_shuffle_keeps_names_order_and_dinucleotides(fasta: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "shuffle", str(fasta), "--seed", "1")
    assert lines[::2] == [">first one", ">b", ">c", ">d", ">e"]
    assert lines[3] == "ACG" and lines[5] == "T" and lines[9].startswith("N")
    for shuffled in (lines[1], lines[7]):
        assert dinucleotides(shuffled) == dinucleotides(LONG)
        assert shuffled != LONG
    assert lines[1] != lines[7]  # same bases, another name


def test_shuffle_depends_on_the_record_and_the_seed_alone(
    fasta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = run(capsys, "shuffle", str(fasta), "--seed", "1")
    assert run(capsys, "shuffle", str(fasta), "--seed", "1") == lines
    assert run(capsys, "shuffle", str(fasta), "--seed", "2") != lines
    (tmp_path / "one.fa").write_text(f">d\n{LONG}\n")
    assert run(capsys, "shuffle", str(tmp_path / "one.fa"), "--seed", "1") == lines[6:8]


def test_shuffle_reads_standard_input(
    fasta: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = run(capsys, "shuffle", str(fasta))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(fasta.read_bytes()))))
    assert run(capsys, "shuffle", "-") == lines
