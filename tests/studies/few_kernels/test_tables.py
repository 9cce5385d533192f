import math
from pathlib import Path

import pandas as pd
import pytest

from deepprune.io.table import read_table, write_table
from deepprune.keys import KEY_COLUMNS
from deepprune.studies.few_kernels.tables import SETS, SUMMARY, VariantFiles, of_data_sets, summary, write_tables

DATASETS = [f"set{number}" for number in range(6)]


def networks(dataset: str, level: float) -> pd.DataFrame:
    """Two seeds, the second .02 better: 8 kernels, the widest, at the level and 4 kernels .1 below it."""
    rows = [
        ("few_kernel", method, criterion, kernels, seed, level + 0.02 * seed - (0.1 if kernels == 4 else 0), seconds)
        for seed in (0, 1)
        for method, criterion, kernels, seconds in (
            ("baseline", "-", 8, 5.0),
            ("deepprune", "loss", 8, 5.0),
            ("deepprune", "loss", 4, 1.0 + seed),
            ("inter", "loss", 4, 0.0),
        )
    ]
    table = pd.DataFrame(rows, columns=[*KEY_COLUMNS, "auroc", "seconds"]).assign(dataset=dataset)
    return table.assign(auprc=0.5, validation_loss=0.4, auroc_background=0.6, auroc_kernels=0.7)


def motifs(dataset: str) -> pd.DataFrame:
    keys = {"architecture": "few_kernel", "method": "deepprune", "criterion": "loss", "kernels": 4}
    counts = {"alive": 4, "distinct": [3, 4], "target_motifs": 1, "evalue": 0.01, "matched": [0, 1]}
    return pd.DataFrame({"dataset": dataset, **keys, "seed": [0, 1], **counts})


def test_means_over_seeds() -> None:
    table = of_data_sets(networks("a", 0.8), motifs("a"))
    wide, pruned = table.to_dict("records")
    assert (wide["criterion"], wide["kernels"], wide["auroc"]) == ("-", 8, pytest.approx(0.81))
    assert math.isnan(wide["distinct"]) and math.isnan(wide["ladder_seconds"])
    assert (pruned["criterion"], pruned["kernels"], pruned["seeds"]) == ("loss", 4, 2)
    assert pruned["auroc"] == pytest.approx(0.71)
    assert (pruned["distinct"], pruned["matched"]) == (3.5, 0.5)
    assert pruned["ladder_seconds"] == pytest.approx(6.5)  # 5 + 1 and 5 + 2


@pytest.fixture
def files(tmp_path: Path) -> dict[str, VariantFiles]:
    """The reference, and a variant better by .05 to .1, but by -.12 in the last set."""
    found = {}
    for variant in ("paper", "words5"):
        paths: tuple[list[str], list[str]] = ([], [])
        for number, dataset in enumerate(DATASETS):
            gain = -0.12 if number == 5 else 0.05 + 0.01 * number
            tables = networks(dataset, 0.8 + (gain if variant == "words5" else 0)), motifs(dataset)
            for table, own, kind in zip(tables, paths, ("auc", "motifs"), strict=True):
                own.append(str(tmp_path / f"{variant}.{dataset}.{kind}.tsv"))
                write_table(table, own[-1])
        found[variant] = VariantFiles(*paths)
    return found


def test_gains_over_the_widest_reference_and_over_that_of_the_same_size(
    files: dict[str, VariantFiles], tmp_path: Path
) -> None:
    paths = [str(tmp_path / name) for name in ("sets.tsv", "means.tsv")]
    write_tables(files, *paths)
    sets, means = map(read_table, paths)
    assert list(sets.columns) == SETS and list(means.columns) == SUMMARY
    assert len(sets) == 2 * 6 * 2 and means["datasets"].tolist() == [6] * 4
    rows = means.set_index(["variant", "criterion", "kernels"])
    pruned = rows.loc["words5", "loss", 4]
    gains = [0.05, 0.06, 0.07, 0.08, 0.09, -0.12]
    assert pruned["over_same"] == pytest.approx(sum(gains) / 6, abs=1e-6)
    assert pruned["over_widest"] == pytest.approx(sum(gains) / 6 - 0.1, abs=1e-6)
    assert (pruned["share_above_same"], pruned["share_above_widest"]) == (pytest.approx(5 / 6, abs=1e-6), 0)
    assert pruned["p_value_same"] == pytest.approx(14 / 64, rel=1e-3)  # of the sums of ranks, 14 of 64 are 15 or more
    reference = rows.loc["paper", "-", 8]
    assert (reference["over_widest"], reference["share_above_widest"], reference["p_value_widest"]) == (0, 0, 1)
    assert math.isnan(rows.loc["words5", "-", 8]["distinct"])


def test_few_data_sets_have_no_p_value() -> None:
    sets = of_data_sets(networks("a", 0.8), motifs("a")).assign(variant="paper")
    assert summary(sets)["p_value_widest"].isna().all()
