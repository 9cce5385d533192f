"""The real workflow with simulated data sets of several tasks."""

from pathlib import Path

import pytest
from workflow import MOTIF, OPTIONS, ROWS, checkout, snakemake, write_sheet, write_study

from deepprune.data.dataset import Dataset
from deepprune.dna.codes import to_text
from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

SEVERAL = {"format": "multitask_simulated", "path": "two.meme"}
PLAN = {"length": 50, "training": 100, "validation": 20, "test": 50, "numbers": [0.6, 0.4], "gap": 2}
FEW = OPTIONS | {
    "study": "none",
    "seeds": [0],
    "methods": ["deepprune"],
    "multitask": PLAN,
    "prune": OPTIONS["prune"] | {"criteria": ["loss"]},
    "train": OPTIONS["train"] | {"max_epochs": 5},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkout with a file of two motifs."""
    folder = checkout(tmp_path / "checkout")
    write_study(folder / "study")
    text = (folder / "study/motifs.meme").read_text()
    (folder / "study/two.meme").write_text(text + text[text.index("MOTIF") :].replace("MOTIF ", "MOTIF second_"))
    return folder


def test_alone_they_are_prepared(folder: Path) -> None:
    write_sheet(folder / "study/sheet.tsv", {"tasks": SEVERAL})
    done = snakemake(folder, "--cores", "2", options=FEW)
    assert done.status == 0, done.output
    results = folder / "results"
    data, table = Dataset.load(results / "data/tasks.npz"), read_table(results / "data/tasks.implanted.tsv")
    assert data.labels.shape == (170, 2) and len(data.tasks) == 2
    assert set(table["task"]) == set(data.tasks)
    forward = table[table["strand"] == "+"]
    texts = to_text(data.codes)
    words = [texts[row.row][row.start : row.end] for row in forward.itertuples()]
    assert sum(word == MOTIF for word in words) > len(words) / 2  # of letters with probability 0.94
    assert not (results / "report.html").exists() and (results / "figures/datasets.svg").exists()
    again = snakemake(folder, "--cores", "2", options=FEW)
    assert again.status == 0 and "Nothing to be done" in again.output


def test_beside_others_they_are_left_out_of_the_report(folder: Path) -> None:
    write_sheet(folder / "study/sheet.tsv", {"tasks": SEVERAL, "one": ROWS["simulated"]})
    done = snakemake(folder, "--cores", "2", options=FEW)
    assert done.status == 0, done.output
    results = folder / "results"
    assert read_table(results / "tables/datasets.tsv")["dataset"].tolist() == ["tasks", "one"]
    assert [path.name for path in (results / "report").iterdir()] == ["one.html"]
    assert "implant" in set(read_table(results / "resources.tsv")["rule"])


def test_motifs_that_do_not_fit_are_one_line(folder: Path) -> None:
    write_sheet(folder / "study/sheet.tsv", {"tasks": SEVERAL})
    done = snakemake(folder, "--cores", "1", options=FEW | {"multitask": PLAN | {"length": 12}})
    assert done.status == 1 and "Traceback" not in done.output
    assert "need 20 bp, but multitask.length is 12; raise it" in done.output
    assert not (folder / "results/data/tasks.npz").exists()
