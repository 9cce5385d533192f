from pathlib import Path

import pandas as pd
import pytest
from answers import models, motifs
from console import complaint

from deepprune.cli.main import main
from deepprune.cli.run import MOTIFS, told
from deepprune.io.table import write_table


def lines(out: Path, table: pd.DataFrame) -> list[str]:
    tables = out / "work/results/tables"
    tables.mkdir(parents=True, exist_ok=True)
    write_table(models("set"), tables / "models.tsv")
    write_table(table, tables / "motifs.tsv")
    return list(told(out))


def test_what_a_run_found(tmp_path: Path) -> None:
    chance = {"motif": "motif_2", "consensus": "GGCGCC", "null_p": 0.2, "p-value": 0.01}
    none = {"motif": "motif_3", "p-value": 0.2}
    rarer = {"motif": "motif_5", "positives": 0.1, "negatives": 0.3}
    against = {"motif": "motif_4", "weight": -0.5, "match": None}
    assert lines(tmp_path, motifs("set", {}, chance, none, against, rarer)) == [
        "set: 4 kernels, AUROC 0.875 (0.850 to 0.900)",
        "  motif_1 ACGTA, resembles CTCF: 2 of 3 seeds, 50.0 % of positives, 25.0 % of negatives",
        "  motif_2 GGCGCC: 2 of 3 seeds, 50.0 % of positives, 25.0 % of negatives",
        "  motif_4 ACGTA: 2 of 3 seeds, 50.0 % of positives, 25.0 % of negatives, against binding",
        "  1 rarer in positives",
        "  1 that positives hold as often as negatives",
        f"Open {tmp_path}/report.html",
    ]


def test_many_motifs_and_none(tmp_path: Path) -> None:
    many = lines(tmp_path, motifs("set", *({"motif": f"motif_{number}"} for number in range(1, MOTIFS + 3))))
    assert len(many) == 1 + MOTIFS + 2 and many[-2] == "  and 2 more"
    assert len(lines(tmp_path, motifs("set")[:0])) == 2


def test_mistakes_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No such file" in complaint(capsys, "run", tmp_path / "none.bed", "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert "--cores is 0; give 1 or more" in complaint(capsys, "run", "x.bed", "--cores", "0")
    with pytest.raises(SystemExit):
        main(["run", "peaks.bed", "--negatives", "random"])
    assert "invalid choice: 'random'" in capsys.readouterr().err
