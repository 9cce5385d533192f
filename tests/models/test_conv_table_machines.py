"""gkm-SVMs in tables of networks."""

from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.models.conv_settings import Convolution, ConvSettings, GkmSettings
from deepprune.models.conv_table import read_conv_table


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "networks.tsv"


def test_gkm_svms(table: Path) -> None:
    table.write_text("network\tgkm\tmost\tconvolutions\ndefault\t10/6/3\t\t\nfew\t11/7/4\t100\t\nstack\t\t\t4x5\n")
    assert read_conv_table(str(table)) == {
        "default": GkmSettings(10, 6, 3, 5000),
        "few": GkmSettings(11, 7, 4, 100),
        "stack": ConvSettings((Convolution(4, 5),)),
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"gkm": "10/6"}, "gkm is '10/6' and most ''; write l, k and d like 10/6/3, and most as a"),
        ({"gkm": "8/6/2", "most": "all"}, "gkm is '8/6/2' and most 'all'; write l, k and d like"),
        ({"most": "100"}, "gkm is '' and most '100'; write l, k and d like 10/6/3"),
        (
            {"gkm": "10/6/3", "convolutions": "4x5"},
            "a gkm-SVM has no convolutions, kernels, layers or dropout; leave them empty",
        ),
        ({"gkm": "10/6/3", "kernels": "2x9"}, "a gkm-SVM has no convolutions, kernels"),
        ({"gkm": "13/7/3"}, "gkm is '13/7/3'; give l up to 12, k up to l, d up to l - k and 4"),
        ({"gkm": "6/7/0"}, "gkm is '6/7/0'; give l up to 12"),
        ({"gkm": "10/0/3"}, "gkm is '10/0/3'; give l up to 12"),
        ({"gkm": "10/8/3"}, "gkm is '10/8/3'; give l up to 12"),
        ({"gkm": "12/6/5"}, "gkm is '12/6/5'; give l up to 12"),
    ],
)
def test_mistakes_of_a_row(table: Path, row: dict[str, str], message: str) -> None:
    cells = {"network": "a"} | row
    table.write_text("\t".join(cells) + "\n" + "\t".join(cells.values()) + "\n")
    with pytest.raises(InputError) as caught:
        read_conv_table(str(table))
    assert str(caught.value).startswith(f"{table}, line 2: {message}")
