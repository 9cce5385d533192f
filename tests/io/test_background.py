from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.io.background import read_background


def write(folder: Path, text: str) -> Path:
    (folder / "x.bg").write_text(text)
    return folder / "x.bg"


def test_letters_in_any_order_beside_longer_words(tmp_path: Path) -> None:
    text = "# order 0\nT 2.0e-1\nA 0.3\n\nc 0.1\nG 0.4\n# order 1\nAA 0.05\n"
    assert read_background(write(tmp_path, text)) == (0.3, 0.1, 0.4, 0.2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no frequency of A, C, G, T"),
        ("A 0.3\nC 0.2\nT 0.5\n", "no frequency of G"),
        ("A 0.3\nC 0.2\nG 0.3\nT 0.3\n", "sum to 1.1, not one"),
        ("A 0.5\nC 0.5\nG 0\nT 0\n", "line 3: 'G 0' is no letter with a frequency"),
        ("A 0.5 C 0.5\n", "line 1: 'A 0.5 C 0.5'"),
        ("A\n", "line 1: 'A'"),
        ("A nan\n", "line 1: 'A nan'"),
        ("A many\n", "line 1: 'A many'"),
        ("1 0.3\n", "line 1: '1 0.3'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_background(path)
    assert message in str(caught.value) and str(path) in str(caught.value) and "\n" not in str(caught.value)
