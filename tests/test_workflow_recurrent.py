"""The real workflow with recurrent networks, one of which starts from known motifs, on a small data set."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reused import check_predictions
from trained import CHANGES, trained_study
from workflow import snakemake

from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

COLUMNS = "network\tconvolutions\tdense\tpadding\tlstm\tlstm_dropout\taverage_strands\tknown_motifs\n"
TABLE = f"{COLUMNS}known\t6x12/5\t8\tvalid\t3\t0.1\t1\t1\nplain\t6x12/5\t8\tvalid\t3\t0.1\t0\t0\n"
OPTIONS: dict[str, Any] = CHANGES | {
    "seeds": [0, 1],
    "train": CHANGES["train"] | {"optimizer": "rmsprop", "learning_rate": 0.01, "rho": 0.9, "max_epochs": 3},
    "tomtom": {"jaspar": {"release": "JASPAR2016"}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return trained_study(tmp_path / "checkout", TABLE)


def test_recurrent_networks_train(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = snakemake(folder, "results/networks/fasta/plain.tsv", "--cores", "2", options=OPTIONS)
    assert done.status == 0 and not (folder / "results/jaspar").exists(), done.output
    done = snakemake(folder, "trained", "--cores", "2", options=OPTIONS)
    assert done.status == 0 and len(list((folder / "results/jaspar").glob("*.meme"))) == 1, done.output
    found = {name: read_table(folder / f"results/networks/fasta/{name}.tsv") for name in ("known", "plain")}
    for table in found.values():
        # 29 positions: 5 pools. Filters and dense layer with batch norm; 2 x 4 gates; output
        assert table["seed"].tolist() == [0, 1]
        assert set(table["parameters"]) == {6 * (48 + 2) + 2 * 4 * 3 * (6 + 3 + 1) + 8 * (5 * 6 + 2) + 9}
    assert found["known"]["loss"].tolist() != found["plain"]["loss"].tolist()
    with np.load(folder / "results/networks/fasta/known.npz") as file:
        assert file["seed0.0.0"].shape == (12, 4, 6)
        # Three epochs later, filters are still of the size that matrices have.
        assert np.abs(file["seed0.0.0"]).max(axis=(0, 1)).min() > 0.3
    for name in found:
        check_predictions(folder / "results", f"fasta/{name}", capsys)
    again = snakemake(folder, "trained", "--cores", "2", options=OPTIONS)
    assert again.status == 0 and "Nothing to be done" in again.output


def test_filters_too_short_for_known_motifs_are_one_line(folder: Path) -> None:
    (folder / "study/networks.tsv").write_text(f"{COLUMNS}short\t6x3\t\t\t\t\t\t1\n")
    done = snakemake(folder, "results/networks/fasta/short.tsv", "--cores", "1", options=OPTIONS)
    assert done.status == 1 and "Traceback" not in done.output
    assert "network short: known_motifs needs motifs of at most 3 bp, the width of its first filters" in done.output
