import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.config.yaml_file import read_yaml
from deepprune.errors import InputError


def write(folder: Path, text: str) -> Path:
    (folder / "o.yaml").write_text(text, encoding="utf-8")
    return folder / "o.yaml"


def test_options_of_a_file(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, "train: {patience: 3}\nday: 2024-01-31\n")) == {
        "train": {"patience": 3},
        "day": datetime.date(2024, 1, 31),
    }
    assert read_yaml(write(tmp_path, "")) == read_yaml(write(tmp_path, "# nothing\n")) == {}


def test_one_name_in_several_groups(tmp_path: Path) -> None:
    text = "a: {p: 1}\nb: {p: 1}\n1: x\n'1': y\nbase: &base {q: 1}\nc: {<<: *base, q: 2}\n"
    assert read_yaml(write(tmp_path, text)) == {
        **{"a": {"p": 1}, "b": {"p": 1}, 1: "x", "1": "y"},
        **{"base": {"q": 1}, "c": {"q": 2}},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "train: {patience: 3\nseeds: [0\n",
            ", line 2, column 6: expected ',' or '}', but got ':' while parsing a flow mapping that begins in line 1, "
            "column 8; correct the YAML",
        ),
        (
            "a: 1\n\tb: 2\n",
            ", line 2, column 1: found character '\\t' that cannot start any token while scanning for the next token; "
            "correct the YAML",
        ),
        ("a: b: c\n", ", line 1, column 5: mapping values are not allowed here; correct the YAML"),
        ("é: *x\n", ", line 1, column 4: found undefined alias 'x'; correct the YAML"),
        ("é: 1\nb: \a\n", ", line 2, column 4: '\\x07' is not allowed; correct the YAML"),
        ("a: 2024-13-01\n", " cannot be read as YAML: month must be in 1..12"),
        ("[" * 2000, " cannot be read as YAML: maximum recursion depth exceeded"),
        ("a: " + "x" * 10**6, " has more than 1,000,000 letters, which is no file of options; give another"),
        ("- a\n", " holds no options; write lines such as `seeds: [0, 1]`"),
        ("0\n", " holds no options"),
        ("a: 1\n--- \nb: 1\n", ", line 2, column 1: but found another document"),
        ("a: 1\nb: 2\na: 1\n", ", line 3, column 1: 'a' is given before, in line 1; correct the YAML"),
        ("t: {p: 1, q: 2, p: 3}\n", ", line 1, column 17: 'p' is given before, in line 1; correct the YAML"),
        ("t:\n  - {p: 1}\n  - p: 1\n    'p': 2\n", ", line 4, column 5: 'p' is given before, in line 3"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_yaml(path)
    assert str(caught.value).startswith(f"{path}{message}") and "\n" not in str(caught.value)


@given(st.text(st.sampled_from("ab:[]{}-,\n\t '\"#&*!|>%@`?0\x07\x85\ufeff"), max_size=30))
def test_any_text_is_read_or_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = write(tmp_path_factory.mktemp("yaml"), text)
    try:
        assert isinstance(read_yaml(path), dict)
    except InputError as error:
        assert str(path) in str(error) and "\n" not in str(error)
