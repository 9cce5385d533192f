"""The real workflow with the study of ten architectures, on small data sets of two tasks."""

from pathlib import Path

import pytest
from workflow import OPTIONS, ROWS, checkout, jobs, snakemake, write_sheet, write_study

from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

TABLE = """network	convolutions	dense	conv_norm	dense_norm	dense_dropout
1layer	4x8/all	4	0	0	0.5
2layer	4x8/3+ 4x4/all	4	0	0	0.5
"""
SEARCH = {"space": {"rho": [0.9, 0.99]}, "max_epochs": 1}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = checkout(tmp_path_factory.mktemp("zeng") / "checkout")
    write_study(folder / "study")
    (folder / "study/networks.tsv").write_text(TABLE)
    rows = {"fasta": ROWS["fasta"] | {"target": "FOS"}, "peaks": ROWS["narrowpeak"] | {"target": "ELK1"}}
    rows["again"] = ROWS["fasta"] | {"target": "FOS", "negatives": "shuffle"}
    write_sheet(folder / "study/sheet.tsv", rows)
    changes = {"study": "zeng", "networks": "study/networks.tsv", "seeds": [0], "methods": ["deepprune"]}
    changes |= {"prune": {"start": 8, "criteria": ["loss"]}, "search": SEARCH}
    changes["train"] = OPTIONS["train"] | {"optimizer": "adadelta", "learning_rate": 1, "max_epochs": 3}
    done = snakemake(folder, "--cores", "2", "results/two_tasks.html", options=OPTIONS | changes)
    assert done.status == 0, done.output
    # The report of the other networks is that of any run.
    left = {job.rule for job in jobs(snakemake(folder, "--dry-run", options=OPTIONS | changes).output)}
    assert "front_page" in left and not left & {"train", "train_network", "study_tables", "study_page"}
    return folder / "results"


def test_tables_hold_all_networks_and_data_sets(results: Path) -> None:
    values = read_table(results / "tables/zeng/values.tsv")
    assert set(values["dataset"]) == {"fasta", "peaks", "again"}
    names = ["1layer", "2layer", "8 kernels", "4 kernels"]
    assert values["network"].unique().tolist() == names and len(values) == 12
    assert (values["task"] == "discovery").all()
    search = read_table(results / "tables/zeng/search.tsv")
    assert search.groupby("network")["chosen"].sum().eq(3).all() and (search["tried"] == 3).all()
    times = read_table(results / "tables/zeng/times.tsv")
    assert times["network"].tolist() == names[:2] and (times["seconds"] > 0).all()
    anova = read_table(results / "tables/zeng/anova.tsv")  # two sets of FOS, one of ELK1
    assert (anova["families"] == 2).all() and (anova["datasets"] == 3).all()


def test_the_page_shows_what_was_run(results: Path) -> None:
    page = (results / "two_tasks.html").read_text()
    assert "4x8/3+ 4x4/all, dense 4" in page and "Figure 2A: motif discovery" in page
    assert "Figure 3: motif occupancy" not in page and "Figure 4A" in page
