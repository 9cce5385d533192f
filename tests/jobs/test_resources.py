from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.figures.resources import Line, growth
from deepprune.io.table import read_table, write_table
from deepprune.jobs.resources import COLUMNS, resources

HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
DATASETS = pd.DataFrame(
    {"dataset": ["1", "auc"], "format": ["bed", "simulated"], "positives": [120, 50], "negatives": [80, 50]}
).assign(length=[101, 1000])


def record(folder: Path, name: str, *lines: str) -> Path:
    path = folder / "benchmarks" / f"{name}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines))
    return path


def line(seconds: float, memory: str, cpu: str) -> str:
    return f"{seconds}\t0:00:07\t{memory}\t1\t1\t1\t1\t1\t1\t{cpu}"


def test_a_row_for_each_record(tmp_path: Path) -> None:
    records = [
        record(tmp_path, "train/1", line(7.25, "1000.00", "12.50")),
        record(tmp_path, "train/auc", line(9.5, "500.00", "3.00")),
        record(tmp_path, "table/auc", line(0.5, "NA", "NA")),
        record(tmp_path, "genome/hg19-0", line(60, "200.00", "50.00")),
        record(tmp_path / "shared", "jaspar/core", line(4, "50.00", "2.00")),
        record(tmp_path, "auc_overview", line(3, "50.00", "2.00")),
    ]
    write_table(resources(records, DATASETS), tmp_path / "resources.tsv")
    # 1 MiB is 1.048576 MB
    assert (tmp_path / "resources.tsv").read_text().splitlines() == [
        "\t".join(COLUMNS),
        "train\t1\tbed\t200\t101\t7.25\t12.5\t1048.6",
        "train\tauc\tsimulated\t100\t1000\t9.5\t3.0\t524.3",
        "table\tauc\t\t\t\t0.5\t\t",
        "genome\thg19-0\t\t\t\t60.0\t50.0\t209.7",
        "jaspar\tcore\t\t\t\t4.0\t2.0\t52.4",
        "auc_overview\t\t\t\t\t3.0\t2.0\t52.4",
    ]
    assert read_table(tmp_path / "resources.tsv")["name"].tolist()[0] == "1"


def test_names_with_dots_stay_whole(tmp_path: Path) -> None:
    table = resources([record(tmp_path, "train/a.b.tsv", line(1, "1", "1"))], DATASETS)
    assert table["name"].tolist() == ["a.b.tsv"]


def test_the_last_line_counts(tmp_path: Path) -> None:
    path = record(tmp_path, "train/1", line(7, "1000", "12"), line(3, "400", "2"))
    assert resources([path], DATASETS)["seconds"].tolist() == [3]


@pytest.mark.parametrize("text", ["", HEADER, "s\tmax_rss\n1\t2\n", HEADER.replace("\t", " ") + "7 8\n"])
def test_what_is_no_record_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "train.tsv").write_text(text)
    with pytest.raises(InputError, match=r"train\.tsv is no record of a job's time and memory; remove it"):
        resources([tmp_path / "train.tsv"], DATASETS)


def test_growth_is_the_line_of_least_squares() -> None:
    # Means 2 and 5; sums of squares and products 2 and 5: slope 2.5 for each thousand, 0 at 5 - 2 * 2.5.
    assert growth(pd.Series([1000, 2000, 3000]), pd.Series([3.0, 4.0, 8.0])) == pytest.approx(Line(0, 2.5))


def test_growth_leaves_out_what_was_not_measured() -> None:
    sizes, seconds = pd.Series([1000, 2000, 3000, 4000]), pd.Series([3.0, 4.0, 8.0, np.nan])
    assert growth(sizes, seconds) == pytest.approx(Line(0, 2.5))
    assert growth(sizes[1:], seconds[1:]) is None


@pytest.mark.parametrize("sizes", [[], [1000], [1000, 5000], [1000, 1000, 5000], [1000, 1200, 1499]])
def test_sizes_too_few_or_too_alike_say_nothing_of_growth(sizes: list[int]) -> None:
    assert growth(pd.Series(sizes, dtype=float), pd.Series([1.0, 2.0, 3.0][: len(sizes)], dtype=float)) is None


@given(
    start=st.floats(-100, 100),
    slope=st.floats(-100, 100),
    sizes=st.lists(st.integers(100, 10**6), min_size=3, max_size=20, unique=True),
)
def test_growth_finds_the_line_that_values_are_on(start: float, slope: float, sizes: list[int]) -> None:
    sequences = pd.Series(sizes)
    line = growth(sequences, start + slope * sequences / 1000)
    if max(sizes) < 1.5 * min(sizes):
        assert line is None
    else:
        assert line == pytest.approx(Line(start, slope), abs=1e-3)
