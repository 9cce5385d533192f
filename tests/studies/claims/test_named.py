import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.errors import InputError
from deepprune.studies.claims.named import COLUMNS, judge_named, read_named_claims

MEASURES = {"auroc": "mean test AUROC", "factors": "number of factors"}
HEAD = "claim\tplace\tmeasure\tfirst\tsecond\tabove\tbelow\tpaper\ttext\n"


def write(path: Path, *rows: str) -> str:
    path.write_text(HEAD + "".join(row.replace("|", "\t") + "\n" for row in rows))
    return str(path)


VALUES = pd.DataFrame(
    {
        "network": ["a"] * 4 + ["b"] * 4 + ["c"] * 2,
        "seed": [0, 1, 2, 3] * 2 + [0, 1],
        "auroc": [0.9, 0.8, 0.9, 0.8, 0.5, 0.6, 0.7, 0.6, 0.1, 0.1],
    }
)


def test_a_claim_is_judged_by_its_interval_over_seeds(tmp_path: Path) -> None:
    path = write(
        tmp_path / "claims.tsv",
        "high|Table 1|auroc|a||0.7||0.9|a is high",
        "gain|Table 1|auroc|a|b|0.5||0.3|a is far above b",
        "alike|Text|auroc|a b||0.6|0.8||a and b on the mean",
        "few|Text|auroc|a|c|0||0.7|too few seeds",
        "gone|Text|auroc|a d||0||0.7|no such network",
    )
    table = judge_named(VALUES, read_named_claims(path, MEASURES), MEASURES)
    assert list(table.columns) == COLUMNS
    assert table["verdict"].tolist() == ["reproduced", "not reproduced", "reproduced"] + ["not enough data"] * 2
    np.testing.assert_allclose(table["value"], [0.85, 0.25, 0.725, 0.75, np.nan])
    assert table["seeds"].tolist() == [4, 4, 4, 2, 0]
    assert table["rule"][1] == "mean test AUROC, mean of a minus that of b: above 0.5"
    assert table["rule"][2] == "mean test AUROC, mean of a, b: above 0.6 and below 0.8"
    assert np.isnan(table["paper"][2]) and table["paper"][0] == 0.9


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x|p|speed|a||0||1|t", "line 2, claim x: measure is speed; give one of auroc, factors"),
        ("x|p|auroc|||0||1|t", "line 2, claim x: fill in the column first, and above or below"),
        ("x|p|auroc|a||||1|t", "line 2, claim x: fill in the column first, and above or below"),
    ],
)
def test_wrong_claims_are_one_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        read_named_claims(write(tmp_path / "claims.tsv", row), MEASURES)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "claims.tsv").write_text("claim\tplace\nx\ty\n")
    with pytest.raises(InputError, match="lacks the column measure"):
        read_named_claims(str(tmp_path / "claims.tsv"), MEASURES)
