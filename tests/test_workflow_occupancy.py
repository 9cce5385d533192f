"""The real workflow with data sets of motif occupancy, from a genome and peaks to trained networks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from server import serving
from workflow import LENGTH, OPTIONS, Job, checkout, jobs, snakemake, write_csail, write_sheet

from deepprune.data.dataset import Dataset
from deepprune.dna.codes import to_text
from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

WORD = "TTCAGCACCATGGACAGCGCC"  # the consensus of REST's motif, MA0138
ROW = {"format": "occupancy", "path": "p.bed", "genome": "g.fa", "target": "REST"}
FEW = OPTIONS | {
    "study": "none",
    "seeds": [0],
    "methods": ["deepprune"],
    "prune": OPTIONS["prune"] | {"criteria": ["loss"]},
    "train": OPTIONS["train"] | {"max_epochs": 5},
    "occupancy": {"gc": 0.2, "p_value": 1.0e-6},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkout with a genome that holds the motif every 100 bp, and peaks on the first half of them.

    Beside bound instances lies a word of its own, so that there is something to learn.
    """
    folder = checkout(tmp_path / "checkout")
    (folder / "study").mkdir()
    rng = np.random.default_rng(3)
    fasta, peaks = "", ""
    for chrom in ("chr1", "chr2"):
        texts = to_text(rng.integers(0, 4, (200, 100), dtype=np.uint8))
        for number, text in enumerate(texts):
            bound = number < 100
            own = "TGACTCA" if bound else text[71:78]
            fasta += (f">{chrom}\n" if number == 0 else "") + text[:50] + WORD + own + text[78:] + "\n"
            peaks += f"{chrom}\t{100 * number + 40}\t{100 * number + 80}\n" if bound else ""
    (folder / "study/g.fa").write_text(fasta)
    (folder / "study/p.bed").write_text(peaks)
    write_sheet(folder / "study/sheet.tsv", {"one": ROW})
    return folder


def options(**occupancy: Any) -> Mapping[str, Any]:
    return FEW | {"occupancy": FEW["occupancy"] | occupancy}


def test_from_genome_and_peaks_to_the_report(folder: Path) -> None:
    done = snakemake(folder, "--cores", "2", options=FEW)
    assert done.status == 0, done.output
    ran = [job.rule for job in jobs(done.output)]
    assert ran.count("scan_genome") == ran.count("match_instances") == 1 and "dataset" not in ran
    results = folder / "results"
    (instances,) = (results / "instances").iterdir()
    assert len(instances.read_text().splitlines()) >= 400
    data = Dataset.load(results / "data/one.npz")
    assert {text[9:30] for text in to_text(data.codes)} == {WORD} and data.codes.shape[1] == LENGTH
    assert data.positive().sum() * 2 == len(data.codes) > 300
    table = read_table(results / "tables/matching.tsv")
    assert table["dataset"].unique().tolist() == ["one"]
    assert table[["bound", "unbound"]].sum().tolist() == [200, 200]
    assert (results / "figures/matching/one.svg").read_bytes().startswith(b"<?xml")
    page = (results / "report/one.html").read_text()
    assert "unbound instances of the motif" in page and "motif occupancy" in page
    assert "motif strength of instances before and after matching" in page
    measured = set(read_table(results / "resources.tsv")["rule"])
    assert {"scan_genome", "match_instances", "matching_figure"} <= measured
    assert "Nothing to be done" in snakemake(folder, "--cores", "2", options=FEW).output

    # another matching needs no other scan, another p-value does
    free = jobs(snakemake(folder, "-n", "prepare", options=options(position="free")).output)
    assert Job("match_instances", "one") in free and not [job for job in free if job.rule == "scan_genome"]
    stronger = jobs(snakemake(folder, "-n", "prepare", options=options(p_value=1.0e-7)).output)
    assert [job.rule for job in stronger].count("scan_genome") == 1
    # another data set of the factor needs no scan either
    write_sheet(folder / "study/sheet.tsv", {"one": ROW, "other": ROW | {"cell_type": "K562"}})
    second = [job for job in jobs(snakemake(folder, "-n", "prepare", options=FEW).output) if job.dataset]
    assert second == [Job("match_instances", "other")]


def test_what_is_wrong_is_one_line(folder: Path) -> None:
    (folder / "study/motifs.tsv").write_text("target\tmotif\nRAD21\tMA0138.1\n")
    table = {"motifs": "study/motifs.tsv"}
    for target, chosen, message in (
        ("POLR2A", {}, "known motifs is called POLR2A; name one in the table occupancy.motifs"),
        ("RAD21", table, "occupancy.motifs gives RAD21 the motif MA0138.1, which is not among"),
        ("REST", {"motifs": "none.tsv"}, "config: occupancy.motifs is none.tsv, but there is no such file"),
    ):
        write_sheet(folder / "study/sheet.tsv", {"one": ROW | {"target": target}})
        done = snakemake(folder, "--cores", "1", "prepare", options=options(**chosen))
        assert done.status == 1 and "Traceback" not in done.output
        (line,) = {line for line in done.output.splitlines() if line.startswith("Error: ")}
        assert message in line
    assert not list((folder / "results").glob("data/one*"))


def test_sets_of_csail_are_those_of_motif_occupancy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    id = "wgEncodeAwgTfbsHaibGm12878NrsfPcr1xUniPk"
    mirror = folder.parent / "mirror"
    write_csail(mirror / id)
    write_sheet(folder / "study/sheet.tsv", {id: {"format": "occupancy", "target": "REST"}})
    with serving(mirror) as server:
        chosen = FEW | {"source": "csail", "sources": {"csail_occupancy": server.url}}
        done = snakemake(folder, "--cores", "1", "prepare", options=chosen)
    assert done.status == 0, done.output
    assert sorted(path.name for path in (folder / f"resources/downloads/csail_occupancy/{id}").iterdir()) == [
        *("test.data", "train.data")
    ]
    assert read_table(folder / "results/tables/datasets.tsv").loc[0, ["format", "positives"]].tolist() == ["csail", 180]
