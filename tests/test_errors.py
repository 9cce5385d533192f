import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import LONGEST, QUOTED, InputError, quoted, shortened


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "''"),
        ("it's", '"it\'s"'),
        ("a" * 60, f"'{'a' * 60}'"),
        ("a" * 61, f"'{'a' * 60}'..."),
        ("\t" * 99, "'" + r"\t" * 60 + "'..."),
    ],
)
def test_a_quotation_is_short(text: str, shown: str) -> None:
    assert quoted(text) == shown


@given(st.text(st.characters(codec="ascii"), max_size=80))
def test_a_quotation_begins_as_the_text(text: str) -> None:
    assert eval(quoted(text).removesuffix("...")) == text[:QUOTED]


def test_a_very_long_message_keeps_both_ends() -> None:
    shown = str(InputError(f"file.tsv, line 7: {'x' * 10**6}; mend the row"))
    assert shown.startswith("file.tsv, line 7: xxx") and shown.endswith("xxx; mend the row")
    assert len(shown) < LONGEST + 40 and "x (996,032 letters) x" in shown
    assert shortened("y" * LONGEST) == "y" * LONGEST
