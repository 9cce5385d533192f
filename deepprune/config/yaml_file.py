"""Options in YAML files.

https://yaml.org/spec/1.1/
"""

from pathlib import Path
from typing import Any

import yaml

from deepprune.errors import InputError, quoted
from deepprune.io.files import open_text

LARGEST = 1_000_000  # letters; PyYAML takes a second for each million


class Loader(yaml.SafeLoader):
    """A loader that refuses an option given twice, of which PyYAML keeps the last one in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the options of a group."""
        seen: dict[tuple[str, str], yaml.ScalarNode] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                first = seen.setdefault((key.tag, key.value), key)
                if first is not key:
                    says = f"{quoted(key.value)} is given before, in line {first.start_mark.line + 1}"
                    raise yaml.constructor.ConstructorError(None, None, says, key.start_mark)
        return super().construct_mapping(node, deep)


def read_yaml(path: str | Path) -> dict[str, Any]:
    """Return the options of a YAML file, plain or gzip; none of an empty one.

    InputError, which names file, line and column, if the file is no YAML or holds something else than options.
    """
    with open_text(path) as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise InputError(f"{path} has more than {LARGEST:,} letters, which is no file of options; give another")
    try:
        loader = Loader(text)
        options = loader.get_single_data()
    except yaml.YAMLError as error:
        raise InputError(f"{path}{mistake(error, text)}; correct the YAML") from None
    except (ValueError, RecursionError) as error:  # of a date such as 2024-13-01; of very many brackets
        raise InputError(f"{path} cannot be read as YAML: {error}; put text in quotes") from None
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise InputError(f"{path} holds no options; write lines such as `seeds: [0, 1]`")
    return options


def mistake(error: yaml.YAMLError, text: str) -> str:
    """Say in one line where a text is no YAML, counted from 1, and what is wrong."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position].split("\n")
        return f", line {len(before)}, column {len(before[-1]) + 1}: {text[error.position]!r} is not allowed"
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return f": {' '.join(str(error).split())}"
    mark, start = error.problem_mark, error.context_mark
    within = f" {error.context}" if error.context else ""
    if start and (start.line, start.column) != (mark.line, mark.column):
        within += f" that begins in line {start.line + 1}, column {start.column + 1}"
    return f", line {mark.line + 1}, column {mark.column + 1}: {' '.join(f'{error.problem}{within}'.split())}"
