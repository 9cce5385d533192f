"""The real workflow with gkm-SVMs among the networks of a study, on a small data set."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from trained import CHANGES, trained_study
from workflow import snakemake, write_sheet

from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

TABLE = "network\tconvolutions\tgkm\tmost\nstack\t4x8/8\t\t\ncontrol\t\t6/4/2\t\nfew\t\t6/4/2\t30\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return trained_study(tmp_path / "checkout", TABLE)


@pytest.mark.skipif(find_spec("gkmsvm") is None, reason="the extra gkm is not installed")
def test_a_machine_gives_the_tables_of_a_network(folder: Path) -> None:
    done = snakemake(folder, "trained", "--cores", "2", options=CHANGES)
    assert done.status == 0, done.output
    found = {name: read_table(folder / f"results/networks/fasta/{name}.tsv") for name in ("stack", "control", "few")}
    tasks = {name: read_table(folder / f"results/networks/fasta/{name}.tasks.tsv") for name in found}
    for name, table in found.items():
        assert list(table) == list(found["stack"]) and table["seed"].tolist() == [0, 1]
        assert (table["network"] == name).all() and (table["dataset"] == "fasta").all()
        assert list(tasks[name]) == list(tasks["stack"])
        assert tasks[name]["auroc"].tolist() == table["auroc"].tolist()
    control, few = found["control"], found["few"]
    assert (control["auroc"] > 0.95).all() and (control["epochs"] == 1).all()
    assert control[["loss", "validation_loss"]].isna().all(axis=None)
    assert control["auroc"].nunique() == control["parameters"].nunique() == 1
    assert (few["parameters"] <= 61).all() and (control["parameters"] > 61).all()
    with np.load(folder / "results/networks/fasta/few.npz") as file:
        assert file["seed0.1.support"].shape == (few["parameters"][0] - 1, 40)
    log = (folder / "logs/train_machine/fasta/few.log").read_text()
    assert "few, seed 0: " in log and "few, seed 1: " in log


@pytest.mark.skipif(find_spec("gkmsvm") is not None, reason="the extra gkm is installed")
def test_a_missing_package_is_one_line(folder: Path) -> None:
    done = snakemake(folder, "results/networks/fasta/few.tsv", "--cores", "1", options=CHANGES)
    assert done.status == 1 and "Traceback" not in done.output
    assert "Error: network few is a gkm-SVM, which needs a further package; install gkmsvm-lite" in done.output


def test_a_study_of_filters_refuses_machines(folder: Path) -> None:
    write_sheet(folder / "study/sheet.tsv", {"tasks": {"format": "multitask_simulated", "path": "motifs.meme"}})
    done = snakemake(folder, "--dry-run", options=CHANGES | {"study": "koo_eddy"})
    assert done.status == 1 and "Traceback" not in done.output
    assert "study koo_eddy reads the filters of networks, but control, few have none; leave them out" in done.output
