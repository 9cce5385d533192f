"""Write the documentation that follows from the code (make docs): a tree in ARCHITECTURE.md, docs/configuration.md."""

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from rooms import PACKAGE, ROOMS, module_files

from deepprune.config.messages import words_of
from deepprune.config.schema import join, schema
from deepprune.io.files import write_atomic

ROOT = PACKAGE.parent
WIDTH = 120
BEGIN, END = "<!-- tree: begin (make docs) -->", "<!-- tree: end -->"
CONFIGURATION = """\
# Configuration

<!-- Written by `make docs` from deepprune/config/schemas/ and config.yaml. -->

Options are written in YAML and given with `--configfile my.yaml`, only those that differ from the defaults. The
pipeline refuses unknown options and values out of range.

{options}
## The data-set sheet

{sheet[description]} Columns of a tab-separated table:

{columns}"""


def documents(root: Path = ROOT) -> dict[Path, str]:
    """Return what the generated files should hold, by their paths."""
    architecture = root / "ARCHITECTURE.md"
    defaults = yaml.safe_load((root / "config.yaml").read_text())
    sheet = schema("datasets")
    text = CONFIGURATION.format(
        options=options_text(schema("config"), defaults), sheet=sheet, columns=columns_text(sheet)
    )
    return {
        architecture: between(architecture.read_text(), tree()),
        root / "docs" / "configuration.md": text,
    }


def between(text: str, content: str) -> str:
    """Put content between the two marks of a text; ValueError unless each is there once."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"ARCHITECTURE.md needs one line {BEGIN} and below it one line {END}")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{content}{END}{rest.partition(END)[2]}"


def tree(files: Mapping[str, Path] | None = None) -> str:
    """Return the rooms from the ground up as a list, each with its modules and their captions."""
    files = module_files() if files is None else files
    lines = []
    for place in sorted(files, key=_place):
        if files[place].name != "__init__.py" and "." in place:
            continue
        inside = [name for name in files if name.rpartition(".")[0] == place and files[name].name != "__init__.py"]
        name = place.replace(".", "/") + "/" * (files[place].name == "__init__.py")
        modules = " · ".join(f"`{module.rpartition('.')[2]}` {caption(files[module])}" for module in inside)
        lines += wrapped(f"**{name}** {caption(files[place])}.", "- ")
        if modules:
            lines[-1] += "  "  # a line break of Markdown
            lines += wrapped(modules, "  ")
    return "".join(f"{line}\n" for line in lines)


def wrapped(text: str, indent: str) -> list[str]:
    """Return a text in lines, all but the first indented by two spaces."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent="  ", break_on_hyphens=False)


def caption(path: Path) -> str:
    """Return the first line of a module's docstring without addresses and its full stop."""
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    if not docstring:
        raise ValueError(f"{path} has no docstring; its first line is the module's caption")
    return re.sub(r"[:,]? *\(?https?://\S+", "", docstring.split("\n")[0]).strip().removesuffix(".")


def options_text(top: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """Return a table of the options of no group, then a section with a table for each group."""
    groups = {name: part for name, part in top["properties"].items() if part["type"] == "object"}
    single = {name: part for name, part in top["properties"].items() if name not in groups}
    text = table(["option", "values", "default", "meaning"], rows({"properties": single}, defaults))
    for name, group in groups.items():
        text += f"\n## {name}\n\n{group['description']}\n\n"
        text += table(["option", "values", "default", "meaning"], rows(group, defaults[name], name))
    return text


def rows(group: Mapping[str, Any], defaults: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, ...]]:
    """Yield the cells of each option of a group and of the groups in it."""
    for name, option in group["properties"].items():
        key = join(prefix, name)
        if option["type"] == "object":
            yield from rows(option, defaults[name], key)
        else:
            default = f"`{written(defaults[name])}`" if name in defaults else ""
            yield f"`{key}`", values(option), default, option["description"]


def values(option: Mapping[str, Any]) -> str:
    """Return what an option may be, in words."""
    types = [option["type"]] if isinstance(option["type"], str) else option["type"]
    words = ", ".join(f"`{word}`" for word in words_of(option))
    if "enum" in option:
        return words
    texts = []
    for kind in types:
        if kind == "object":
            texts.append("one each for " + ", ".join(f"`{name}`" for name in option["properties"]))
        elif kind == "array":
            texts.append(f"list of: {values(option['items'])}")
        else:
            texts.append(
                {"string": words or "text", "boolean": "`true`, `false`"}.get(kind, kind) + bounds(option, kind)
            )
    return "; or ".join(texts)


def bounds(option: Mapping[str, Any], kind: str) -> str:
    """Return the range of a number in words."""
    if kind not in ("integer", "number"):
        return ""
    words = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "below"}
    return "".join(f" {word} {option[key]:,}" for key, word in words.items() if key in option)


def written(value: Any) -> str:
    """Return a default as YAML would take it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {written(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w./:-]*", value)
    return value if plain else json.dumps(value)


def columns_text(sheet: Mapping[str, Any]) -> str:
    """Return the table of the sheet's columns."""
    columns = sheet["properties"].items()
    cells = [
        (f"`{name}`", "yes" if name in sheet["required"] else "no", values(column), column["description"])
        for name, column in columns
    ]
    return table(["column", "needed", "values", "meaning"], cells)


def table(head: list[str], cells: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", r"\|") for cell in row] for row in cells)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _place(name: str) -> tuple[int, str]:
    return ROOMS.index(name.split(".")[0]), name


if __name__ == "__main__":
    for path, text in documents().items():
        with write_atomic(path) as temporary:
            temporary.write_text(text)
