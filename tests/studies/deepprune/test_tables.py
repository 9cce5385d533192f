from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from claimed import CRITERIA, GAINS, LADDER, PAPER, run_of
from networks import with_architecture

from deepprune.io.table import read_table, write_table
from deepprune.keys import KIND_COLUMNS
from deepprune.studies.claims.tables import RunTables
from deepprune.studies.deepprune.tables import (
    TABLE2,
    TABLE3,
    compare_sizes,
    follow_weights,
    read_run,
    write_study_tables,
)


def auc(*rows: tuple) -> pd.DataFrame:
    return with_architecture(pd.DataFrame(rows, columns=["dataset", "method", "criterion", "seed", "kernels", "auroc"]))


def test_table2_by_hand() -> None:
    rows = [("baseline", "-", 4, 0.6), ("deepprune", "weight", 4, 0.7), ("baseline", "-", 8, 0.75)]
    rows += [("deepprune", "weight", 8, 0.75), ("circular", "-", 1, 0.5)]
    table = compare_sizes(
        auc(
            *(
                (f"set{i}", *row[:2], seed, row[2], row[3] + i / 100)
                for i in range(3)
                for seed in (0, 1)
                for row in rows
            ),
            # A seed whose baseline diverged is in no mean.
            ("set0", "deepprune", "weight", 2, 4, 0.1),
        ),
        [],
        ["weight"],
    )
    assert table.columns.tolist() == TABLE2
    assert table[[*KIND_COLUMNS, "seeds"]].to_numpy().tolist() == [
        ["circular", "circular", "-", 1, 2],
        ["few_kernel", "deepprune", "weight", 1, 2],
        ["few_kernel", "baseline", "-", 4, 2],
        ["few_kernel", "deepprune", "weight", 4, 2],
        ["few_kernel", "baseline", "-", 8, 2],
    ]
    assert set(table["group"]) == {"chipseq"}
    against_circular, pruned = table.loc[1], table.loc[3]
    assert against_circular[["auroc", "baseline", "gain"]].tolist() == pytest.approx([0.71, 0.51, 0.2])
    assert pruned["auroc":"improved"].tolist() == pytest.approx([0.71, 0.61, 0.1, 0.1, 0.1, 1])
    assert pd.isna(pruned["p_value"])  # three data sets
    assert table.loc[2, "baseline":].isna().all()


def test_table2_of_a_whole_study() -> None:
    whole = run_of(holds=True, datasets=200, seeds=2)
    table = compare_sizes(whole.auc, whole.simulated, whole.criteria)
    assert table["group"].unique().tolist() == ["chipseq", "simulated"]
    real = table[table["group"] == "chipseq"].set_index(["method", "criterion", "kernels"])
    for kernels in LADDER[1:]:
        row = real.loc["deepprune", "weight", kernels]
        assert row["gain"] == pytest.approx(GAINS[kernels], abs=5e-4)
        assert row["gain_low"] < row["gain"] < row["gain_high"]
        assert row["improved"] == pytest.approx(0.77, abs=0.01)
        assert (row["datasets"], row["seeds"]) == (200, 3)
    assert real.loc["deepprune", "weight", 4]["p_value"] < 1e-6
    # Rows of all criteria, of winning tickets for the main one; none of deepprune at the widest.
    assert {key[1] for key in real.index if key[0] == "inter"} == set(CRITERIA)
    assert {key[1] for key in real.index if key[0] == "winning_ticket"} == {"weight"}
    assert [key[0] for key in real.index if key[2] == 256] == ["baseline"]
    assert (table["auroc"] - table["baseline"] - table["gain"]).abs().max() < 2e-6
    simulated = table[(table["group"] == "simulated") & (table["kernels"] == 4)].set_index(["method", "criterion"])
    assert simulated.loc[("deepprune", "weight"), "p_value"] == pytest.approx(1 / 32)


def weights(ladder: dict[int, dict[int, float]], seed: int = 0) -> pd.DataFrame:
    rows = [
        ("d", "weight", seed, rung, kernel, weight) for rung, kept in ladder.items() for kernel, weight in kept.items()
    ]
    return pd.DataFrame(rows, columns=["dataset", "criterion", "seed", "kernels", "kernel", "weight"])


def test_table3_by_hand() -> None:
    # Steps drop 6 7 (the first), 4 5 (the middle, and last but one), 3 (the last).
    ladder = {
        8: dict(enumerate([1, -2, 3, 0.1, 0.2, -0.3, 0.4, 0.5])),
        6: dict(enumerate([1, -2, 3, 0.1, 0.2, -0.4])),
        4: dict(enumerate([1, -2, 3, 0.2])),
        3: {0: 4, 1: -6, 2: 5},
    }
    ended_early = weights({8: ladder[8]}, seed=0)
    table = follow_weights(pd.concat([ended_early, weights(ladder, seed=1)]), ["d", "unknown"], "weight")
    assert table.columns.tolist() == TABLE3
    assert table[["architecture", "method", "criterion", "seed"]].drop_duplicates().to_numpy().tolist() == [
        ["few_kernel", "deepprune", "weight", 1]
    ]
    assert table["kernels"].tolist() == [8, 6, 4, 3]
    assert table["kernel_1"].tolist() == [2, 2, 2, 6]
    assert table["kernel_2"].tolist() == [3, 3, 3, 5]
    assert table["kernel_3"].tolist() == [1, 1, 1, 4]
    assert table["kernel_4"].isna().all()
    # Of the same step the largest and the next; their weights when they were last there count.
    assert table["kernel_5"].tolist() == [0.3, 0.4, 0, 0]
    assert table["kernel_6"].tolist() == [0.2, 0.2, 0, 0]


def test_table3_of_the_papers_ladder() -> None:
    whole = run_of(holds=True, datasets=0, seeds=2)
    table = follow_weights(whole.weights, whole.simulated, "weight")
    assert table["dataset"].unique().tolist() == whole.simulated
    first = table[table["dataset"] == "set1"]
    assert first["kernels"].tolist() == list(LADDER)
    # As in the paper: gone from 32 kernels on, and from 8 on. Here the last kernel of those dropped is the largest.
    assert first["kernel_5"].tolist() == pytest.approx([0.563, 0.663, 0.763, 0, 0, 0, 0])
    assert first["kernel_6"].tolist() == pytest.approx([0.515, 0.615, 0.715, 0.815, 0.915, 0, 0])
    assert first["kernel_1"].iloc[-1] == first.loc[first.index[-1], "kernel_1":"kernel_4"].max()


def test_short_ladders_have_fewer_columns_filled() -> None:
    table = follow_weights(weights({8: dict(enumerate(range(1, 9))), 4: dict(enumerate(range(1, 5)))}), ["d"], "weight")
    assert table["kernel_5"].tolist() == [8, 0]
    assert table["kernel_6"].isna().all()
    assert follow_weights(weights({4: {0: 1}}), ["d"], "loss").empty


@pytest.mark.parametrize(("datasets", "sets"), [(3, 2), (3, 0), (0, 1)])
def test_written_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, datasets: int, sets: int) -> None:
    monkeypatch.setattr("deepprune.evaluation.bootstrap.DRAWS", 100)
    write_table(read_table(PAPER / "claims.tsv").iloc[::7], tmp_path / "claims.tsv")
    made = run_of(holds=True, datasets=datasets, seeds=2, sets=sets)
    output = {name: str(tmp_path / f"{name}.tsv") for name in ("table2", "table3", "replication")}
    written = []
    for whole in (made, made, read_run(saved(made, tmp_path), made.simulated, made.criteria)):
        write_study_tables(whole, tmp_path / "claims.tsv", output)
        written.append([Path(path).read_bytes() for path in output.values()])
    assert written[0] == written[1] == written[2]
    assert len(read_table(output["replication"])) == 14
    assert read_table(output["table3"])["dataset"].unique().tolist() == (["set1", "set2"][:sets] or ["real000"])


def saved(made: RunTables, folder: Path) -> dict[str, Any]:
    """Write the tables of a run, its weights in two parts."""
    half = len(made.weights) // 2
    parts = {"auc": made.auc, "comparison": made.comparison, "one": made.weights[:half], "two": made.weights[half:]}
    parts |= {} if made.recovered is None else {"recovered": made.recovered}
    files: dict[str, Any] = {name: folder / f"{name}.tsv" for name in parts}
    for name, table in parts.items():
        write_table(table, files[name])
    return {"recovered": []} | files | {"weights": [files["one"], files["two"]]}
