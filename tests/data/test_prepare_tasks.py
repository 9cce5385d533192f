"""Preparation of data sets of several tasks."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bundled import Content, contents, write_bundle
from console import motif_of
from workflow import ROOT

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.prepare import DatasetFiles, prepare, prepare_dataset
from deepprune.data.readers import DataOptions
from deepprune.dna.codes import to_text
from deepprune.errors import InputError
from deepprune.io.genome import prepare_genome
from deepprune.io.motif import write_meme
from deepprune.io.table import read_table

PLAN = {"length": 30, "training": 40, "validation": 10, "test": 20, "numbers": [1.0], "strands": "one", "gap": 1}


def row(folder: Path) -> dict[str, str]:
    cells = dict.fromkeys(("genome", "target", "cell_type", "negatives"), "")
    return cells | {"dataset": "x", "format": "multitask_simulated", "path": str(folder / "m.meme")}


def write_motifs(folder: Path) -> None:
    write_meme(folder / "m.meme", [motif_of("one", "ACGTA"), motif_of("two", "GGATCC")])


def prepared(folder: Path, plan: dict[str, Any]) -> tuple[Dataset, pd.DataFrame, pd.DataFrame]:
    write_motifs(folder)
    made, _, summary, beside = prepare(row(folder), DataOptions(simulation=plan))
    table = beside["implanted"]
    return made, summary, table


def test_simulated_for_several_tasks(tmp_path: Path) -> None:
    made, summary, table = prepared(tmp_path, PLAN)
    assert made.codes.shape == (70, 30) and made.labels.shape == (70, 2)
    assert [len(made.rows(part)) for part in (TRAIN, VALIDATION, TEST)] == [40, 10, 20]
    assert (made.labels.sum(axis=1) == 1).all()
    columns = ["positives", "negatives", "train", "validation", "test", "tasks", "length"]
    assert summary.iloc[0][columns].tolist() == [70, 0, 40, 10, 20, 2, 30]
    assert len(table) == 70 and set(table["task"]) == set(made.tasks)
    assert np.isnan(summary.iloc[0]["gc_negatives"])


def test_a_task_without_a_class_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no (positive|negative) sequence \(task \S+\) for test"):
        prepared(tmp_path, PLAN | {"test": 1})


def test_all_files_are_written(tmp_path: Path) -> None:
    names = [name for name in DatasetFiles._fields if name != "matching"]
    files = DatasetFiles(**{name: tmp_path / name for name in names})
    write_motifs(tmp_path)
    prepare_dataset(row(tmp_path), DataOptions(simulation=PLAN), files)
    assert {path.name for path in tmp_path.iterdir()} == {*names, "m.meme"}
    *_, beside = prepare(row(tmp_path), DataOptions(simulation=PLAN))
    table = beside["implanted"]
    pd.testing.assert_frame_equal(read_table(tmp_path / "implanted"), table)


SHARED = ROOT.parent / "shared/data/mirror/goldenPath/hg19"
BINS = {"width": 10, "share": 0.5, "window": 30, "test": ["chr2"], "validation": ["chr3"]}


def binned(folder: Path, ends: int = 0) -> dict[str, str]:
    """Write a genome and two peak files of 54 bins, and so many more on a contig that the genome lacks."""
    rng = np.random.default_rng(1)
    names = [f"chr{i}" for i in (1, 2, 3)]
    texts = to_text(rng.integers(0, 4, (3, 2000), dtype=np.uint8))
    (folder / "g.fa").write_text("".join(f">{name}\n{text}\n" for name, text in zip(names, texts, strict=True)))
    rows = [f"{name}\t{start}\t{start + 10}\n" for name in names for start in range(100, 1900, 100)]
    strange = "".join(f"chrUn\t{10 * i}\t{10 * i + 10}\n" for i in range(ends))
    for file, own in (("a.bed", rows[::2]), ("b.bed", rows[1::2] + rows[:5])):
        (folder / file).write_text("".join(own) + strange)
    (folder / "t.tsv").write_text("task\tpath\na\ta.bed\nb\tb.bed\n")
    return row(folder) | {"format": "multitask_peaks", "path": f"{folder}/t.tsv", "genome": f"{folder}/g.fa"}


def bundled(folder: Path, parts: dict[str, Content]) -> tuple[dict[str, str], DataOptions]:
    """Write a bundle and a table of two of its classes; return the row, and the options that name the table."""
    write_bundle(folder / "bundle", parts)
    (folder / "c.tsv").write_text("task\tclass\none\t5\ntwo\t918\n")
    return row(folder) | {"format": "deepsea", "path": f"{folder}/bundle"}, DataOptions(classes=f"{folder}/c.tsv")


def all_files(folder: Path) -> DatasetFiles:
    return DatasetFiles(*(folder / name for name in DatasetFiles._fields[:-1]))


def test_bins_of_peak_files(tmp_path: Path) -> None:
    files = all_files(tmp_path)
    prepare_dataset(binned(tmp_path, ends=2), DataOptions(bins=BINS), files)
    made, summary = Dataset.load(files.data), read_table(files.summary)
    assert made.codes.shape == (54, 30) and made.tasks == ("a", "b")
    columns = ["against", "rows", "positives", "negatives", "unknown_contig", "train", "validation", "test", "tasks"]
    assert summary.iloc[0][columns].tolist() == ["tasks", 56, 54, 0, 2, 18, 18, 18, 2]
    assert summary.loc[0, "overlapping"] == 0
    windows = pd.read_csv(files.windows, sep="\t")
    assert windows.iloc[0].tolist() == ["chr1", 90, 120, "chr1:100-110", 0, ".", 1, "train"]
    assert windows.groupby("#chrom")["part"].unique().map(list).to_dict() == {
        "chr1": ["train"],
        "chr2": ["test"],
        "chr3": ["validation"],
    }
    assert read_table(files.skipped)["reason"].tolist() == ["unknown_contig"] * 2
    assert len(read_table(files.profile)) == 35


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/mirror is absent")
def test_bins_of_real_peak_files(tmp_path: Path) -> None:
    prepare_genome(SHARED / "bigZips/hg19.fa.gz", tmp_path / "g.fa")
    files = sorted((SHARED / "encodeDCC/wgEncodeAwgTfbsUniform").glob("*.narrowPeak.gz"))
    (tmp_path / "t.tsv").write_text("task\tpath\n" + "".join(f"{file.name[19:]}\t{file}\n" for file in files))
    cells = row(tmp_path) | {"format": "multitask_peaks", "path": f"{tmp_path}/t.tsv", "genome": f"{tmp_path}/g.fa"}
    options = BINS | {"width": 200, "window": 1000, "test": ["chr5"], "validation": ["chrX"]}
    made, _, summary, _ = prepare(cells, DataOptions(bins=options))
    columns = ["rows", "unknown_contig", "beyond_chromosome", "with_n", "train", "validation", "test"]
    assert summary.iloc[0][columns].tolist() == [21439, 2, 20, 214, 14203, 3566, 3434]
    assert made.labels.sum(axis=0).tolist() == [7207, 8180, 5831]
    assert 0.4 < summary.loc[0, "gc_positives"] < 0.6 and summary.loc[0, "overlapping"] > 20_000


def test_bins_that_are_mostly_skipped(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"60 of 114 rows had to be skipped \(unknown_contig 60\); check that the"):
        prepare(binned(tmp_path, ends=60), DataOptions(bins=BINS))
    with pytest.raises(InputError, match=r"beyond_chromosome .*and that bins\.window, 1500 bp, is not too long"):
        prepare(binned(tmp_path), DataOptions(bins=BINS | {"window": 1500}))


def test_a_task_without_peaks_in_a_part(tmp_path: Path) -> None:
    cells = binned(tmp_path)
    text = (tmp_path / "a.bed").read_text()
    (tmp_path / "a.bed").write_text("".join(line for line in text.splitlines(True) if not line.startswith("chr2")))
    message = r"no positive sequence \(task a\) for test; leave the task out, or choose other chromosomes in bins"
    with pytest.raises(InputError, match=message):
        prepare(cells, DataOptions(bins=BINS))


def test_classes_of_a_bundle(tmp_path: Path) -> None:
    files = all_files(tmp_path)
    prepare_dataset(*bundled(tmp_path, contents(share=0.3)), files)
    made, summary = Dataset.load(files.data), read_table(files.summary).iloc[0]
    assert made.tasks == ("one", "two") and made.labels.any(axis=1).all()
    assert summary["against"] == "tasks" and summary["rows"] == len(made.codes) == summary["positives"]
    assert read_table(files.windows).empty and read_table(files.skipped).empty


def test_a_class_may_lack_positives_in_a_part(tmp_path: Path) -> None:
    parts, files = contents(share=0.3), all_files(tmp_path)
    parts["test"].labels[:, 5] = 0
    cells, options = bundled(tmp_path, parts)
    (tmp_path / "c.tsv").write_text("task\tclass\none\t5\ntwo\t918\nthree\t6\n")
    prepare_dataset(cells, options, files)
    counts = Dataset.load(files.data).class_counts(TEST)
    assert counts[:, 1].tolist() == parts["test"].labels[:, [5, 918, 6]].sum(axis=0).tolist() and counts[0, 1] == 0


def test_classes_without_positives_leave_nothing(tmp_path: Path) -> None:
    parts = contents(share=0.3)
    parts["test"].labels[:, 5] = 0  # which leaves sequences of the other class alone
    message = r"no task has positives and negatives both for training and for test; name other classes in deepsea\.cl"
    with pytest.raises(InputError, match=message):
        prepare_dataset(*bundled(tmp_path, parts), all_files(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "c.tsv"]
