"""The real workflow with data sets of several tasks from peak files and from DeepSEA's bundle, over loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundled import SIZES, contents, pack, write_bundle
from server import Server, serving
from workflow import OPTIONS, ROOT, checkout, jobs, sequences, snakemake, write_sheet, write_study

from deepprune.data.dataset import Dataset
from deepprune.io.table import read_table
from deepprune.sources.deepsea import BUNDLE, FOLDER, PARTS

pytestmark = pytest.mark.slow

ROWS = {
    "mine": {"format": "multitask_peaks", "path": "tables/tasks.tsv", "genome": "three.fa.gz"},
    "theirs": {"format": "deepsea"},
}
ALONE = OPTIONS | {
    "study": "none",
    "bins": {"width": 20, "window": 60, "test": ["chr2"], "validation": ["chr3"]},
    "deepsea": {"classes": "study/tables/classes.tsv"},
}
CLASSES = [592, 602]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkout with two peak files, a genome, and tables of tasks and of classes."""
    folder = checkout(tmp_path / "checkout")
    write_study(folder / "study")
    study = folder / "study"
    (study / "three.fa.gz").write_text(
        "".join(f">chr{i}\n{text}\n" for i, text in enumerate(sequences(3, seed=3, length=4000), start=1))
    )
    for place, task in enumerate("ab"):
        starts = range(100 + 40 * place, 3900, 80)
        rows = [f"chr{i}\t{start}\t{start + 19}\n" for i in (1, 2, 3) for start in starts]
        (study / f"{task}.bed").write_text("".join(rows))
    (study / "tables").mkdir()
    (study / "tables/tasks.tsv").write_text("task\tpath\na\t../a.bed\nb\t../b.bed\n")
    (study / "tables/classes.tsv").write_text("task\tclass\nArid3a\t592\nCEBPB\t602\n")
    write_sheet(study / "sheet.tsv", ROWS)
    return folder


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a server of a small bundle."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    write_bundle(tmp_path / "bundle", contents(share=0.3))
    (tmp_path / "mirror").mkdir()
    pack(tmp_path / "bundle", tmp_path / "mirror" / BUNDLE)
    with serving(tmp_path / "mirror") as server:
        yield server


def options(server: Server, **others: Any) -> dict[str, Any]:
    return ALONE | {"sources": {"deepsea": server.url}} | others


def test_both_are_prepared_and_only_what_changed_is_made_again(server: Server, folder: Path) -> None:
    server.faults.extend([404, "cut"])
    done = snakemake(folder, "--cores", "2", options=options(server))
    assert done.status == 0, done.output
    rules = {"bin_peaks", "take_classes", "genome", "download_bundle", "download_parts", "table", "datasets_figure"}
    assert rules <= {job.rule for job in jobs(done.output)}
    summary = read_table(folder / "results/tables/datasets.tsv").set_index("dataset")
    assert summary["against"].tolist() == ["tasks", "tasks"] and summary["tasks"].tolist() == [2, 2]
    mine, theirs = (Dataset.load(folder / f"results/data/{name}.npz") for name in ROWS)
    assert mine.codes.shape[1] == 60 and mine.tasks == ("a", "b")
    labels = np.concatenate([contents(share=0.3)[part].labels for part in SIZES])[:, CLASSES]
    assert theirs.labels.tolist() == labels[labels.any(axis=1)].tolist()
    assert sorted(path.name for path in (folder / FOLDER).iterdir()) == sorted([BUNDLE, *PARTS])
    assert not (folder / "results/report.html").exists()

    server.requests.clear()
    assert "Nothing to be done" in snakemake(folder, "--cores", "2", options=options(server)).output
    # neither another window of other formats nor another mirror is a reason to make or to fetch them again
    again = snakemake(folder, "-n", options=options(server, data={"window": 30}, sources={"deepsea": "http://no.org"}))
    assert "Nothing to be done" in again.output
    table = folder / "study/tables/classes.tsv"
    table.write_text(table.read_text() + "SRF\t361\n")
    assert {job.dataset for job in jobs(snakemake(folder, "-n", options=options(server)).output)} == {"theirs", ""}
    (folder / "study/a.bed").write_text((folder / "study/a.bed").read_text() + "chr1\t3900\t3919\n")
    planned = jobs(snakemake(folder, "-n", options=options(server)).output)
    assert {job.rule for job in planned if job.dataset} >= {"take_classes", "bin_peaks"}
    assert server.requests == []


def test_a_bundle_that_is_cut_off_is_one_line(server: Server, folder: Path) -> None:
    for part in ("train", "valid", "test"):
        file = server.folder.parent / f"bundle/{part}.mat"
        file.write_bytes(file.read_bytes()[:-5000])
    write_sheet(folder / "study/sheet.tsv", {"theirs": {"format": "deepsea", "path": "../../bundle"}})
    (folder.parent / "bundle").rename(folder.parent / "moved")
    done = snakemake(folder, "--cores", "1", options=options(server))
    assert done.status == 1 and "bundle/train.mat is missing" in done.output
    (folder.parent / "moved").rename(folder.parent / "bundle")
    done = snakemake(folder, "--cores", "1", options=options(server))
    assert done.status == 1 and "Traceback" not in done.output
    lines = {line for line in done.output.splitlines() if line.startswith("Error: ")}
    assert len(lines) == 1 and "train.mat cannot be read (" in (line := lines.pop()) and "fetch it again" in line
    assert not list((folder / "results/data").glob("theirs*"))


def test_chromosomes_without_peaks_are_one_line(server: Server, folder: Path) -> None:
    write_sheet(folder / "study/sheet.tsv", {"mine": ROWS["mine"]})
    chosen = options(server, bins=ALONE["bins"] | {"test": ["chr8", "chr9"]})
    done = snakemake(folder, "--cores", "1", options=chosen)
    assert done.status == 1 and "Traceback" not in done.output
    assert (
        "tasks.tsv: bins takes chr8 for test, but no sequence is there; the chromosomes are chr1, chr2" in done.output
    )
    assert not list((folder / "results/data").glob("mine*"))


def test_the_sheet_of_twelve_factors(folder: Path) -> None:
    chosen = {"datasets": "resources/koo_eddy/deepsea.tsv", "deepsea": {"classes": "resources/koo_eddy/classes.tsv"}}
    done = snakemake(folder, "prepare", "-n", options=chosen)
    assert done.status == 0, done.output
    assert {"download_bundle", "download_parts", "take_classes"} <= {job.rule for job in jobs(done.output)}
    assert len((ROOT / "resources/koo_eddy/classes.tsv").read_text().splitlines()) == 13
