"""Data sets of several sizes, by the real workflow."""

from pathlib import Path

import pytest
from workflow import OPTIONS, checkout, snakemake, write_study

from deepprune.io.table import read_table


@pytest.mark.slow
def test_a_list_of_sizes_makes_a_data_set_of_each(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "sizes")
    write_study(folder / "study")
    sizes = {"data": OPTIONS["data"] | {"most_positives": [500, 80, 60]}, "select": ["fasta", "csail", "simulated"]}
    done = snakemake(folder, "prepare", "--cores", "2", options=OPTIONS | sizes)
    assert done.status == 0, done.output
    table = read_table(folder / "results/tables/datasets.tsv").set_index("dataset")
    whole = {name: int(table.loc[name + ".500", "positives"]) for name in ("fasta", "csail")}
    assert min(whole.values()) > 80 and max(whole.values()) < 500
    expected = {f"{name}.{most}": min(most, whole[name]) for name in whole for most in (500, 80, 60)}
    assert table["positives"].drop("simulated").to_dict() == expected
    assert table["most"].drop("simulated").to_dict() == {name: int(name.split(".")[1]) for name in expected}
    assert table["most"].isna().to_dict() == dict.fromkeys(expected, False) | {"simulated": True}
