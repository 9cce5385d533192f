"""The column most of the data-set sheet, and the option behind it."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from options import DEFAULT

from deepprune.data.sheet import read_sheets
from deepprune.errors import InputError

HEADER = "dataset\tformat\tpath\tgenome\ttarget\tcell_type\tmost\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with blank files of four formats."""
    (tmp_path / "csail").mkdir()
    for name in ("g.fa", "p.bed", "s.fa", "m.meme", "csail/train.data", "csail/test.data"):
        (tmp_path / name).touch()
    return tmp_path


def with_sizes(folder: Path, option: Any, *rows: str, **options: Any) -> pd.DataFrame:
    sheet = folder / "sheet.tsv"
    sheet.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return read_sheets(sheet, DEFAULT | {"data": DEFAULT["data"] | {"most_positives": option} | options})


ROWS = ("a\tbed\tp.bed\tg.fa", "b\tfasta\ts.fa\t\t\t\t700", "c\tcsail\tcsail", "d\tsimulated\tm.meme")


def test_the_option_says_what_empty_cells_of_most_mean(folder: Path) -> None:
    assert with_sizes(folder, None, *ROWS)["most"].tolist() == ["", "700", "", ""]
    assert dict(with_sizes(folder, 2500, *ROWS)["most"]) == {"a": "2500", "b": "700", "c": "2500", "d": ""}
    assert dict(with_sizes(folder, [2500], *ROWS)["most"]) == {"a": "2500", "b": "700", "c": "2500", "d": ""}


def test_several_sizes_are_several_data_sets(folder: Path) -> None:
    table = with_sizes(folder, [10000, 2500], *ROWS)
    sizes = {"a.10000": "10000", "a.2500": "2500", "b": "700", "c.10000": "10000", "c.2500": "2500", "d": ""}
    assert dict(table["most"]) == sizes and table["dataset"].tolist() == list(table.index)
    both = with_sizes(folder, [900, 60], ROWS[0], negatives=["shuffle", "genomic"])
    assert list(both.index) == ["a.shuffle.900", "a.shuffle.60", "a.genomic.900", "a.genomic.60"]


def test_a_size_may_not_give_a_name_that_is_taken(folder: Path) -> None:
    with pytest.raises(InputError, match=r"two data sets would be called a\.60: .*; rename the row"):
        with_sizes(folder, [900, 60], ROWS[0], "a.60\tfasta\ts.fa\t\t\t\t80")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("d\tsimulated\tm.meme\t\t\t\t60", "line 2: most is given, but means nothing for format simulated"),
        ("a\tfasta\ts.fa\t\t\t\t49", "line 2: most is '49'; expected here: The largest number of positives"),
        ("a\tfasta\ts.fa\t\t\t\t1e3", "line 2: most is '1e3'; expected here"),
    ],
)
def test_most_where_it_is_wrong(folder: Path, row: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        with_sizes(folder, None, row)
