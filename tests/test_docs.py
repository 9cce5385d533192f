from pathlib import Path

import pytest

from deepprune.config.schema import schema
from docs import BEGIN, END, between, documents, rows, table, tree, values, written


def test_generated_documentation_is_up_to_date() -> None:
    stale = [path.name for path, text in documents().items() if not path.exists() or path.read_text() != text]
    assert stale == [], "run `make docs`"


def test_the_tree_lists_rooms_from_the_ground_up(tmp_path: Path) -> None:
    content = {"io/__init__": "Formats.", "io/fasta": "FASTA files", "errors": "Mistakes.\n\nMore."}
    content |= {"studies/__init__": "Studies.", "studies/claims/__init__": "Claims.", "studies/claims/read": "Reading."}
    files = {}
    for name, docstring in content.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'"""{docstring}"""\n')
        files[name.removesuffix("/__init__").replace("/", ".")] = path
    assert tree(files).splitlines() == [
        "- **errors** Mistakes.",
        "- **io/** Formats.  ",
        "  `fasta` FASTA files",
        "- **studies/** Studies.",
        "- **studies/claims/** Claims.  ",
        "  `read` Reading",
    ]
    files["io.fasta"].write_text("x = 1\n")
    with pytest.raises(ValueError, match="no docstring"):
        tree(files)


def test_the_tree_is_short() -> None:
    lines = tree().splitlines()
    assert len(lines) < 180 and max(map(len, lines)) <= 122


def test_only_what_is_between_the_marks_changes() -> None:
    assert between(f"a\n{BEGIN}\nold\n{END}\nb\n", "new\n") == f"a\n{BEGIN}\nnew\n{END}\nb\n"
    with pytest.raises(ValueError, match="needs one line"):
        between(f"a\n{BEGIN}\n", "new\n")


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ({"type": "integer", "minimum": 8, "maximum": 100000}, "integer from 8 to 100,000"),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, "number above 0 below 1"),
        ({"type": "boolean"}, "`true`, `false`"),
        ({"type": "string", "minLength": 1}, "text"),
        ({"type": ["string", "array"], "items": {"type": "string", "enum": ["a", "b"]}}, "text; or list of: `a`, `b`"),
        ({"type": ["integer", "object"], "minimum": 4, "properties": {"x": {}, "y": {}}},
         "integer from 4; or one each for `x`, `y`"),
    ],
)  # fmt: skip
def test_values_in_words(option: dict, text: str) -> None:
    assert values(option) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", '""'),
        ("*", '"*"'),
        ("ucsc", "ucsc"),
        (0.1, "0.1"),
        (False, "false"),
        ([0, 1], "[0, 1]"),
        ({"a": 1}, "{a: 1}"),
    ],
)
def test_defaults_as_yaml(value: object, text: str) -> None:
    assert written(value) == text


def test_every_option_has_a_row() -> None:
    config = schema("config")
    defaults = {"tomtom": {"engine": "memelite", "evalue": 0.1, "shuffles": 100, "jaspar": {}}}
    defaults["tomtom"]["jaspar"] = {"release": "JASPAR2024", "collection": "CORE", "tax_group": "vertebrates"}
    found = list(rows({"properties": {"tomtom": config["properties"]["tomtom"]}}, defaults))
    names = ["engine", "evalue", "shuffles", "jaspar.release", "jaspar.collection", "jaspar.tax_group"]
    assert [row[0] for row in found] == [f"`tomtom.{name}`" for name in names]
    assert found[1][1:3] == ("number above 0 to 1,000", "`0.1`")


def test_a_table_keeps_bars_in_its_cells() -> None:
    assert table(["a"], [("|x|",)]) == "| a |\n| --- |\n| \\|x\\| |\n"
