"""The JSON schemas of the options and of the data-set sheet."""

import functools
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.protocols import Validator

SCHEMAS = Path(__file__).with_name("schemas")


@functools.cache
def schema(name: str) -> dict[str, Any]:
    """Return the content of schemas/{name}.schema.json."""
    content: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return content


@functools.cache
def validator(name: str) -> Validator:
    """Return the validator of schemas/{name}.schema.json.

    It does not accept 1.0 as an integer, nor NaN and infinity as numbers.
    """
    base = jsonschema.Draft202012Validator
    types = base.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            "number": lambda _, value: (
                not isinstance(value, bool)
                # isfinite fails for whole numbers of hundreds of digits.
                and (isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)))
            ),
        }
    )
    return jsonschema.validators.extend(base, type_checker=types)(schema(name))


def options(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted key of every option of a schema, groups included, but not what may replace another value."""
    for name, below in tree.get("properties", {}).items():
        yield join(prefix, name)
        if below["type"] == "object":
            yield from options(below, join(prefix, name))


def join(key: str, name: str) -> str:
    """Append a name to a dotted key, which is empty at the top level."""
    return f"{key}.{name}" if key else name
