"""The real workflow with simulated data sets of several tasks."""

from pathlib import Path

import pytest
from workflow import MOTIF, OPTIONS, SEVERAL, TRAINED, checkout, snakemake, write_sheet, write_study

from deepprune.data.dataset import Dataset
from deepprune.dna.codes import to_text
from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

FEW = OPTIONS | {"study": "none", "seeds": [0]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkout with a data set of several tasks."""
    folder = checkout(tmp_path / "checkout")
    write_study(folder / "study")
    write_sheet(folder / "study/sheet.tsv", {"tasks": SEVERAL})
    return folder


def test_alone_they_are_prepared(folder: Path) -> None:
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


def test_beside_others_they_are_left_out_of_the_report(finished: Path) -> None:
    results = finished / "results"
    assert read_table(results / "tables/datasets.tsv")["dataset"].tolist() == [*TRAINED, "tasks"]
    assert {path.stem for path in (results / "report").iterdir()} == set(TRAINED)
    assert "implant" in set(read_table(results / "resources.tsv")["rule"])


def test_motifs_that_do_not_fit_are_one_line(folder: Path) -> None:
    done = snakemake(folder, "--cores", "1", options=FEW | {"multitask": OPTIONS["multitask"] | {"length": 12}})
    assert done.status == 1 and "Traceback" not in done.output
    assert "need 20 bp, but multitask.length is 12; raise it" in done.output
    assert not (folder / "results/data/tasks.npz").exists()
