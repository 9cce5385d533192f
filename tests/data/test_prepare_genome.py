"""Preparation of data sets of peaks: genomic negatives, the split in the genome, windows and skipped rows."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.prepare import DatasetFiles, prepare, prepare_dataset
from deepprune.data.readers import DataOptions
from deepprune.dna.codes import to_text
from deepprune.errors import InputError


def peak_files(folder: Path, count: int = 120) -> dict[str, str]:
    """Write a genome of three chromosomes and the peaks of two of them; return the row."""
    texts = to_text(np.random.default_rng(0).integers(0, 4, (3, 12_000), dtype=np.uint8))
    (folder / "g.fa").write_text("".join(f">chr{i + 1}\n{text}\n" for i, text in enumerate(texts)))
    rows = [f"chr{1 + i % 2}\t{100 + 90 * i}\t{130 + 90 * i}\tp{i}\n" for i in range(count)]
    (folder / "p.bed").write_text("".join(rows) + f"chrU\t1\t9\tq\n{rows[0]}")
    paths = {"path": str(folder / "p.bed"), "genome": str(folder / "g.fa")}
    return paths | {"dataset": "a", "format": "bed", "negatives": "shuffle"}


def test_genomic_negatives_and_the_list_of_windows(tmp_path: Path) -> None:
    outputs = DatasetFiles(*(tmp_path / name for name in ("x.npz", "x.tsv", "x.bed", "x.skipped.tsv", "x.profile.tsv")))
    prepare_dataset(peak_files(tmp_path) | {"negatives": "genomic"}, DataOptions(window=30), outputs)
    made = Dataset.load(tmp_path / "x.npz")
    windows = pd.read_csv(tmp_path / "x.bed", sep="\t")
    assert list(windows) == ["#chrom", "start", "end", "name", "score", "strand", "bound", "part"]
    assert windows["start"].tolist() == made.origins.start.tolist() and set(windows["#chrom"]) == {"chr1", "chr2"}
    assert windows["bound"].tolist() == made.labels[:, 0].tolist()
    counts = pd.read_csv(tmp_path / "x.tsv", sep="\t").iloc[0]
    assert counts[["against", "rows", "duplicate", "unknown_contig"]].tolist() == ["genomic", 122, 1, 1]
    assert counts["positives"] + counts["unmatched"] == 120 and counts["positives"] == counts["negatives"] > 90
    assert dict(windows["part"].value_counts()) == dict(counts[["train", "test", "validation"]])
    skipped = pd.read_csv(tmp_path / "x.skipped.tsv", sep="\t")
    assert skipped.iloc[:2].to_numpy().tolist() == [
        ["q", "chrU", 1, 9, "unknown_contig"],
        ["p0", "chr1", 100, 130, "duplicate"],
    ]
    assert (skipped["reason"][2:] == "unmatched").all() and len(skipped) == 2 + counts["unmatched"]


def test_a_blacklist_keeps_genomic_negatives_away(tmp_path: Path) -> None:
    cells = peak_files(tmp_path) | {"negatives": "genomic"}
    (tmp_path / "b.bed").write_text("chr1\t0\t12000\nchr3\t5\t9\n")
    made, *_ = prepare(cells, DataOptions(window=30, blacklist=str(tmp_path / "b.bed")))
    assert set(made.origins.chrom[~made.positive()]) == {"chr2"}
    (tmp_path / "b.bed").write_text("1\t0\t12000\n")
    with pytest.raises(InputError, match=f"^{tmp_path}/b.bed: the genome has .* none of the 1 regions: they are named"):
        # A path within the workflow, which runs in another folder than its user
        prepare(cells, DataOptions(window=30, blacklist=os.path.relpath(tmp_path / "b.bed")))


def test_a_genome_without_windows_for_negatives(tmp_path: Path) -> None:
    cells = peak_files(tmp_path) | {"negatives": "genomic"}
    (tmp_path / "b.bed").write_text("".join(f"chr{i}\t0\t12000\n" for i in (1, 2)))
    with pytest.raises(InputError, match=r"unmatched 120\); .*; set data.negatives \(--neg.*\) to shuffle$"):
        prepare(cells, DataOptions(window=30, blacklist=str(tmp_path / "b.bed")))


def test_a_split_by_chromosome(tmp_path: Path) -> None:
    cells = peak_files(tmp_path)
    made, *_ = prepare(cells, DataOptions(window=30, split={"test": ["chr2"]}))
    own = made.take(made.positive())
    assert ((own.split == TEST) == (own.origins.chrom == "chr2")).all() and (own.split == VALIDATION).sum() == 6
    with pytest.raises(InputError, match="no positives are left for train; give more or change the split"):
        prepare(cells, DataOptions(window=30, split={"test": ["chr2"], "validation": ["chr1"]}))
    (tmp_path / "p.bed").write_text("".join(f">{i}\n{'ACGT' * 9}{'A' * i}\n" for i in range(60)))
    with pytest.raises(InputError, match="sequences have no place"):
        prepare(cells | {"format": "fasta"}, DataOptions(window=30, split={"test": ["chr1"]}))


def test_windows_that_all_overlap_cannot_be_split(tmp_path: Path) -> None:
    cells = peak_files(tmp_path)
    with pytest.raises(InputError) as caught:
        prepare(cells, DataOptions(window=300))
    assert str(caught.value) == (
        f"{cells['path']}: no positives are left for validation (119 windows overlap, and such windows stay in one "
        "part); give more, change the split in data, or shorten data.window (--window of deepprune run)"
    )


def test_peaks_of_another_genome_name_their_own_file(tmp_path: Path) -> None:
    cells = peak_files(tmp_path)
    (tmp_path / "p.bed").write_text("1\t100\t130\n")
    with pytest.raises(InputError, match=f"^{tmp_path}/p.bed: the genome has the chromosomes of none of the 1 peaks: "):
        prepare(cells, DataOptions(window=30))


def test_windows_that_overlap_share_a_part(tmp_path: Path) -> None:
    cells = peak_files(tmp_path)
    starts = [200 * i + further for i in range(1, 55) for further in (0, 40)] + [11_500]
    (tmp_path / "p.bed").write_text("".join(f"chr1\t{start}\t{start + 20}\n" for start in starts))
    made, _, summary, _ = prepare(cells, DataOptions(window=100, validation_share=0.3))
    assert summary.loc[0, "overlapping"] == 108
    pairs = made.split[:108].reshape(54, 2)
    assert (pairs[:, 0] == pairs[:, 1]).all() and set(pairs[:, 0]) == {TRAIN, VALIDATION, TEST}
