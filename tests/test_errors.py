import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a b é \N{GREEK SMALL LETTER ALPHA}", "a b é \N{GREEK SMALL LETTER ALPHA}"),
        ("two\nlines\r", "two\\nlines\\r"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\udcff", "\\udcff"),
    ],
)
def test_names_stand_in_a_message_as_text(name: str, shown: str) -> None:
    assert str(InputError(f"{name} is wrong")) == f"{shown} is wrong"


@given(st.text())
def test_any_message_is_one_line_that_a_terminal_can_show(text: str) -> None:
    shown = str(InputError(text))
    assert shown.isprintable() and len(shown.splitlines()) <= 1
    shown.encode()
