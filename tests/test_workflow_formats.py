"""Data sets of every format, and of several sizes, by the real workflow."""

from pathlib import Path

import pytest
from workflow import LENGTH, OPTIONS, ROWS, checkout, snakemake, write_study

from deepprune.io.table import read_table

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with a study of every format."""
    folder = checkout(tmp_path_factory.mktemp("workflow") / "formats")
    write_study(folder / "study")
    return folder


def test_rows_that_cannot_be_used_are_counted(folder: Path) -> None:
    done = snakemake(folder, "prepare", "--cores", "2")
    assert done.status == 0, done.output
    table = read_table(folder / "results/tables/datasets.tsv").set_index("dataset")
    assert list(table.index) == list(ROWS)
    skipped = ["unknown_contig", "beyond_chromosome", "summit_outside", "too_short", "with_n"]
    assert table.loc["narrowpeak", ["rows", "positives", *skipped]].tolist() == [123, 120, 1, 1, 0, 0, 1]
    assert (table.drop(index="narrowpeak")[skipped] == 0).all(axis=None)
    assert dict(table["against"]) == dict.fromkeys(ROWS, "shuffle") | {
        "simulated": "random",
        "csail": "source",
        "fasta": "file",
        "bed": "genomic",
    }
    assert (table["positives"] + table["unmatched"]).to_dict() == dict.fromkeys(ROWS, 120) | {
        "simulated": 200,
        "csail": 180,
    }
    assert 100 < table.loc["bed", "positives"] == table.loc["bed", "negatives"]
    assert table["length"].to_dict() == dict.fromkeys(ROWS, LENGTH) | {"simulated": 60}


def test_a_list_of_sizes_makes_a_data_set_of_each(folder: Path) -> None:
    sizes = {"data": OPTIONS["data"] | {"most_positives": [500, 80]}, "select": ["fasta", "csail", "simulated"]}
    done = snakemake(folder, "prepare", "--cores", "2", options=OPTIONS | sizes | {"folder": "sizes"})
    assert done.status == 0, done.output
    table = read_table(folder / "results/sizes/tables/datasets.tsv").set_index("dataset")
    whole = {name: int(table.loc[name + ".500", "positives"]) for name in ("fasta", "csail")}
    assert min(whole.values()) > 80 and max(whole.values()) < 500
    expected = {f"{name}.{most}": min(most, whole[name]) for name in whole for most in (500, 80)}
    assert table["positives"].drop("simulated").to_dict() == expected
    assert table["most"].drop("simulated").to_dict() == {name: int(name.split(".")[1]) for name in expected}
    assert table["most"].isna().to_dict() == dict.fromkeys(expected, False) | {"simulated": True}
