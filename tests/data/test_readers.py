"""Readers: the origins of sequences."""

from pathlib import Path

import numpy as np
import pytest

from deepprune.data.dataset import TEST, TRAIN
from deepprune.data.readers import DataOptions, read_peak_windows, read_sequences, read_train_and_test
from deepprune.dna.codes import to_text


def sequences(count: int, length: int) -> list[str]:
    return to_text(np.random.default_rng(0).integers(0, 4, (count, length), dtype=np.uint8))


@pytest.mark.parametrize("format", ["narrowpeak", "bed"])
def test_peaks_give_the_places_of_their_windows(tmp_path: Path, format: str) -> None:
    (text,) = sequences(1, 400)
    (tmp_path / "g.fa").write_text(f">chr1\n{text}\n")
    rows = ["chr1\t100\t121\tfirst\t0\t-", "chr1\t0\t15\tskipped\t0\t+", "chr1\t200\t221\t.\t0\t."]
    tail = "\t1\t-1\t-1\t10" if format == "narrowpeak" else ""
    (tmp_path / "p").write_text("".join(f"{cells}{tail}\n" for cells in rows))
    row = {"format": format, "path": str(tmp_path / "p"), "genome": str(tmp_path / "g.fa")}
    made, rows, skipped, _ = read_peak_windows(row, DataOptions(window=31))
    origins = made.origins
    assert origins.name.tolist() == ["first", "chr1:200-221"]
    assert origins.chrom.tolist() == ["chr1"] * 2 and origins.strand.tolist() == ["-", "."]
    assert origins.start.tolist() == [95, 195] and origins.end.tolist() == [126, 226]
    # The codes read the genome forwards, whatever the peak's strand.
    assert to_text(made.codes) == [text[95:126], text[195:226]]
    assert rows == 3 and skipped.to_numpy().tolist() == [["skipped", "chr1", 0, 15, "beyond_chromosome"]]


def test_sequences_of_fasta_tell_their_place_by_their_name(tmp_path: Path) -> None:
    texts = sequences(6, 33)
    headers = ["chr2:10-43 described", "p7::chr3:10-43(+)", "chr4:11-43", "chr5:10-43(-)", "plain", ""]
    (tmp_path / "s.fa").write_text("".join(f">{name}\n{text}\n" for name, text in zip(headers, texts, strict=True)))
    (tmp_path / "n.fa").write_text(f">chr9:0-33\n{texts[0][::-1]}\n>short\nACG\n")
    row = {"path": str(tmp_path / "s.fa"), "negatives": str(tmp_path / "n.fa")}
    made, rows, skipped, _ = read_sequences(row, DataOptions(window=30))
    assert made.labels.tolist() == [[1]] * 6 + [[0]]
    origins = made.origins
    names = ["chr2:10-43", "p7::chr3:10-43(+)", "chr4:11-43", "chr5:10-43(-)", "plain", "", "chr9:0-33"]
    assert origins.name.tolist() == names
    assert origins.chrom.tolist() == ["chr2", "chr3", "chr4", "", "", "", "chr9"]
    assert origins.strand.tolist() == [".", "+", ".", "", "", "", "."]
    # The window leaves out 1 of 33 bp before it and 2 after it.
    assert origins.start.tolist() == [11, 11, 11, 0, 0, 0, 1]
    assert origins.end.tolist() == [41, 41, 41, 0, 0, 0, 31]
    assert rows == 8 and skipped.to_numpy().tolist() == [["short", "", 0, 0, "too_short"]]


def test_csail_has_its_own_test_set(tmp_path: Path) -> None:
    one, other = sequences(2, 8)
    (tmp_path / "train.data").write_text(f">chr1:5-12 {one} 1\n>chr1:5-12_shuf {one[::-1]} 0\n")
    (tmp_path / "test.data").write_text(f">chr2:101-108 {other} 1\n")
    made, *_ = read_train_and_test({"path": str(tmp_path)}, DataOptions(window=6))
    assert made.split.tolist() == [TRAIN, TRAIN, TEST] and made.labels[:, 0].tolist() == [1, 0, 1]
    assert made.origins.name.tolist() == ["chr1:5-12", "chr1:5-12_shuf", "chr2:101-108"]
    assert made.origins.chrom.tolist() == ["chr1", "", "chr2"]
    assert made.origins.start.tolist() == [5, 0, 101] and made.origins.end.tolist() == [11, 0, 107]
