"""The options of config.yaml: the check against schemas/config.schema.json, and what follows from them."""

import difflib
import functools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from deepprune.errors import InputError

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"

# What an option may have a value each for, under these names.
KINDS_OF_DATA = ("simulated", "chipseq")

KINDS = {"object": "a group of options", "array": "a list", "string": "text", "number": "a number"}
KINDS["integer"] = "a whole number"


def check_config(config: dict[str, Any]) -> None:
    """Raise InputError, one line, at the first option that is unknown, missing, of the wrong type or out of range."""
    errors = sorted(validator("config").iter_errors(config), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        raise InputError("config: " + explain(errors[0]))
    ladder(config)
    check_methods(config)
    length, margin = config["simulate"]["length"], config["simulate"]["margin"]
    if 2 * margin >= length:
        raise InputError(
            f"config: simulate.margin is {margin}, but a motif must fit between the margins of a sequence of "
            f"simulate.length {length} bp; give a margin of at most {(length - 1) // 2}"
        )


def check_methods(config: Mapping[str, Any]) -> None:
    """Raise InputError unless motifs can be read: deepprune is among the methods, and the first criterion is one."""
    first = {kind: names[0] for kind, names in by_kind(config["prune"]["criteria"]).items()}
    if len(set(first.values())) > 1:
        raise InputError(
            f"config: prune.criteria.simulated begins with {first['simulated']}, but prune.criteria.chipseq with "
            f"{first['chipseq']}; begin both with the criterion whose kernels are to be read as motifs"
        )
    for kind, methods in by_kind(config["methods"]).items():
        if "deepprune" not in methods:
            option = "methods" if isinstance(config["methods"], list) else f"methods.{kind}"
            raise InputError(f"config: {option} lacks deepprune, from whose kernels the motifs are read; add it")


def kind_of_data(row: Mapping[str, Any]) -> str:
    """Return whether a data set (a row of the sheet) is simulated or chipseq, as options of both call it."""
    return "simulated" if row["format"] == "simulated" else "chipseq"


def of_kind(option: Any, kind: str) -> Any:
    """Return the value of an option that may have one for each kind of data."""
    return option[kind] if isinstance(option, Mapping) else option


def by_kind(option: Any) -> dict[str, Any]:
    """Return the value of an option that may have one for each kind of data, for each."""
    return {kind: of_kind(option, kind) for kind in KINDS_OF_DATA}


def all_criteria(config: Mapping[str, Any]) -> list[str]:
    """Return the pruning criteria of a study; the first is that of the motifs."""
    return list(dict.fromkeys(name for names in by_kind(config["prune"]["criteria"]).values() for name in names))


def ladder(config: Mapping[str, Any]) -> list[int]:
    """Return the kernel numbers from prune.start down to prune.final, each the one before divided by prune.factor."""
    start, final, factor = (config["prune"][key] for key in ("start", "final", "factor"))
    rungs = [final]
    while rungs[-1] < start:
        rungs.append(rungs[-1] * factor)
    if start == rungs[-1] and len(rungs) > 1:
        return rungs[::-1]
    fitting = [rung for rung in rungs[-2:] if rung > final] or [final * factor]
    raise InputError(
        f"config: prune.start is {start}, but must be prune.final ({final}) times prune.factor ({factor}), "
        f"once or repeatedly; {' or '.join(map(str, fitting))} would fit"
    )


def kernel_length(config: Mapping[str, Any], row: Mapping[str, Any]) -> int:
    """Return the kernel length of a data set (a row of the sheet); InputError if it exceeds the sequences' length."""
    kind, option = kind_of_data(row), "model.kernel_length"
    length = of_kind(config["model"]["kernel_length"], kind)
    if isinstance(config["model"]["kernel_length"], Mapping):
        option += f".{kind}"
    simulated = config["simulate"]["length"], "simulate.length"
    window, window_option = simulated if kind == "simulated" else (config["data"]["window"], "data.window")
    if length > window:
        raise InputError(
            f"config: {option} is {length}, longer than the sequences of data set {row['dataset']} "
            f"({window_option} is {window}); shorten the kernel or lengthen the sequences"
        )
    return int(length)


def motif_options(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of `motifs.kernel_motifs`: those of `motifs`, and what of `model` its reading depends on."""
    options = dict(config["motifs"])
    if isinstance(options["threshold"], Mapping):
        options["threshold"] = options["threshold"][options["method"]]
    return options | {key: config["model"][key] for key in ("padding", "activation")}


def nearest(word: str, known: Iterable[str], likeness: float = 0.5) -> str | None:
    """Return the known word that the given one was probably meant to be, ignoring case; None if none is alike."""
    folded = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=likeness)
    return folded[found[0]] if found else None


@functools.cache
def schema(name: str) -> dict[str, Any]:
    """Return the content of schemas/{name}.schema.json."""
    content: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return content


@functools.cache
def validator(name: str) -> Validator:
    """Return the validator of schemas/{name}.schema.json; 1.0 is no integer for it, and NaN and infinity no numbers."""
    base = jsonschema.Draft202012Validator
    types = base.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            "number": lambda _, value: (
                isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            ),
        }
    )
    return jsonschema.validators.extend(base, type_checker=types)(schema(name))


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
            return f"{key or 'the whole'} is {shown(value)}, but must be {explain_type(value, rule['type'])}"
        case "enum":
            guess = nearest(str(value), rule["enum"])
            hint = f"; did you mean {guess}?" if guess else ""
            return f"{key} is {shown(value)}, but must be one of {', '.join(rule['enum'])}{hint}"
        case "minItems" | "minLength":
            return f"{key} is empty; give at least one"
        case "pattern":
            return f"{key} is {shown(value)}; expected here: {rule['description']}"
        case "uniqueItems":
            twice = next(item for i, item in enumerate(value) if item in value[:i])
            return f"{key} holds {twice} twice; name each once"
        case _:
            return f"{key} is {shown(value)}, but must be {allowed_range(rule)}"


def explain_unknown(key: str, unknown: str, siblings: Iterable[str]) -> str:
    """Name the option that an unknown one was probably meant to be: a sibling, or one of that name elsewhere."""
    guess = nearest(unknown, siblings)
    if guess:
        hint = f"did you mean {join(key, guess)}?"
    else:
        elsewhere = {option.rpartition(".")[2]: option for option in options(schema("config"))}
        guess = nearest(unknown, elsewhere, likeness=0.8)
        hint = f"did you mean {elsewhere[guess]}?" if guess else f"known here: {', '.join(siblings)}"
    return f"unknown option {join(key, unknown)}; {hint}"


def explain_type(value: Any, expected: str | list[str]) -> str:
    """Say what type is expected and, for a text that reads as a number, how to write it."""
    kinds = [expected] if isinstance(expected, str) else expected
    text = " or ".join(KINDS[kind] for kind in kinds)
    if "object" in kinds and len(kinds) == 1:
        return f"{text}; write nested options in a file and name it with --configfile"
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return text
        # YAML reads 1e-2, without a point, as text; Snakemake leaves everything nested in --config text
        return f"{text}; write {number:g}, without quotes, in a file and name it with --configfile, not with --config"
    return text


def allowed_range(rule: Mapping[str, Any]) -> str:
    """Put the numeric limits of a schema into words."""
    words = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    return " and ".join(f"{word} {rule[limit]}" for limit, word in words.items() if limit in rule)


def options(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted key of every option of a schema, groups included; not what may be written in place of a list."""
    for name, below in tree.get("properties", {}).items():
        yield join(prefix, name)
        if "array" not in below["type"]:
            yield from options(below, join(prefix, name))


def dotted(path: Iterable[str | int]) -> str:
    """Write a path into the option tree as prune.start or seeds[1]."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def join(key: str, name: str) -> str:
    """Append a name to a dotted key, which is empty at the top level."""
    return f"{key}.{name}" if key else name


def shown(value: Any) -> str:
    """Show a value in a message, in one line of moderate length."""
    text = "empty" if value is None else f"the text {value!r}" if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
