"""One-line messages about invalid options."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from deepprune.config.flags import OPTIONS_FILE, flagged
from deepprune.config.schema import join, options, schema

KINDS = {"object": "a group of options", "array": "a list", "string": "text", "number": "a number"}
KINDS |= {"integer": "a whole number", "null": "empty", "boolean": "true or false"}


def nearest(word: str, known: Iterable[str], likeness: float = 0.5) -> str | None:
    """Return the known word most like the given one, ignoring case; None if none is alike."""
    folded = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=likeness)
    return folded[found[0]] if found else None


def explain(error: ValidationError) -> str:
    """Say in one line which option (its dotted key) is wrong, its value, and what is allowed."""
    key = dotted(error.absolute_path)
    value: Any = error.instance
    rule: Any = error.schema
    match error.validator:
        case "additionalProperties":
            unknown = next(name for name in value if name not in rule["properties"])
            return explain_unknown(key, str(unknown), rule["properties"])
        case "required":
            absent = next(name for name in rule["required"] if name not in value)
            return f"the option {join(key, absent)} is missing; config.yaml shows it with its default"
        case "type":
            return f"{key or 'the whole'} is {described(value)}, but must be {explain_type(value, rule['type'])}"
        case "enum" | "pattern" if known := words_of(rule):
            guess = nearest(str(value), known)
            hint = f"; did you mean {guess}?" if guess else ""
            if isinstance(value, str) and {"integer", "number"} & set(types_of(rule)):
                hint = f"; {remedy}" if (remedy := explain_type(value, "number").partition("; ")[2]) else hint
            return f"{key} is {described(value)}, but must be one of {', '.join(known)}{hint}"
        case "minItems" | "minLength":
            return f"{key} is empty; give at least one"
        case "pattern":
            return f"{key} is {described(value)}; expected here: {rule['description']}"
        case "uniqueItems":
            twice = next(item for i, item in enumerate(value) if item in value[:i])
            return f"{key} holds {twice} twice; name each once"
        case _:
            words = f", or one of {', '.join(known)}" if (known := words_of(rule)) else ""
            return f"{flagged(key)} is {described(value)}, but must be {allowed_range(rule)}{words}"


def types_of(rule: Mapping[str, Any]) -> list[str]:
    """Return the types that a rule allows."""
    types: str | list[str] = rule.get("type", [])
    return [types] if isinstance(types, str) else types


def words_of(rule: Mapping[str, Any]) -> list[str]:
    """Return the words that a rule allows: those of an enum, or of a pattern of alternatives; none otherwise."""
    if "enum" in rule:
        return list(map(str, rule["enum"]))
    found = re.fullmatch(r"\^\(([\w|]+)\)\$", rule.get("pattern", ""))
    return found[1].split("|") if found else []


def explain_unknown(key: str, unknown: str, siblings: Iterable[str]) -> str:
    """Name the option that was probably meant by an unknown one: a sibling, or an option of that name elsewhere."""
    guess = nearest(unknown, siblings)
    if guess:
        hint = f"did you mean {join(key, guess)}?"
    else:
        # Of options with one name, that of the fewest groups
        every = sorted(options(schema("config")), key=lambda option: option.count("."), reverse=True)
        elsewhere = {option.rpartition(".")[2]: option for option in every}
        guess = nearest(unknown, elsewhere, likeness=0.8)
        hint = f"did you mean {elsewhere[guess]}?" if guess else f"known here: {', '.join(siblings)}"
    return f"unknown option {join(key, unknown)}; {hint}"


def explain_type(value: Any, expected: str | list[str]) -> str:
    """Say which type is expected and, for a text that reads as a number, how to write it."""
    kinds = [expected] if isinstance(expected, str) else expected
    text = " or ".join(KINDS[kind] for kind in kinds)
    if "object" in kinds and len(kinds) == 1:
        return f"{text}; write nested options in a file and name it with {OPTIONS_FILE}"
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return text
        # YAML reads 1e-2, without a point, as text. Snakemake keeps nested values of --config as text.
        return f"{text}; write {number:g}, without quotes, in a file that you name with {OPTIONS_FILE}"
    return text


def allowed_range(rule: Mapping[str, Any]) -> str:
    """Put the numeric limits of a schema into words."""
    words = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    return " and ".join(f"{word} {rule[limit]}" for limit, word in words.items() if limit in rule)


def dotted(path: Iterable[str | int]) -> str:
    """Write a path into the option tree as prune.start or seeds[1]."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def described(value: Any) -> str:
    """Describe a value for a message, in one line of moderate length."""
    text = "empty" if value is None else f"the text {value!r}" if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
