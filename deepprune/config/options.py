"""The check of the options, and values derived from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deepprune.config.flags import flagged
from deepprune.config.messages import explain, nearest
from deepprune.config.schema import validator
from deepprune.errors import InputError, quoted

# The kinds of data that may have different values of an option
KINDS_OF_DATA = ("simulated", "chipseq")
# The options of `model` on which the reading of kernels depends
READ_BY_MOTIFS = ("padding", "activation", "strands", "average_strands", "background")


def check_config(config: dict[str, Any]) -> None:
    """Raise InputError, one line, at the first option that is unknown, missing, of the wrong type or out of range."""
    errors = sorted(validator("config").iter_errors(config), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        raise InputError("config: " + explain(errors[0]))
    ladder(config)
    check_methods(config)
    check_strands(config)
    check_numbers(config["multitask"]["numbers"])
    check_bins(config["bins"])
    length, margin = config["simulate"]["length"], config["simulate"]["margin"]
    if 2 * margin >= length:
        raise InputError(
            f"config: simulate.margin is {margin}, but a motif must fit between the margins of a sequence of "
            f"simulate.length {length} bp; give a margin of at most {(length - 1) // 2}"
        )


def check_study(study: str, known: Iterable[str]) -> None:
    """Raise InputError unless a study is known, or none."""
    names = ["none", *known]
    if study not in names:
        guess = nearest(study, names)
        hint = f"did you mean {guess}?" if guess else "correct it"
        raise InputError(f"config: study is the text {quoted(study)}, but must be one of {', '.join(names)}; {hint}")


def check_numbers(numbers: Sequence[float]) -> None:
    """Raise InputError unless the shares of sequences with 1, 2, ... motif instances sum to 1."""
    if abs(sum(numbers) - 1) > 1e-6:
        raise InputError(f"config: multitask.numbers sum to {sum(numbers):g}, but shares sum to 1; correct them")


def check_bins(bins: Mapping[str, Any]) -> None:
    """Raise InputError unless the windows hold their bins, and each chromosome is for one part."""
    width, window = bins["width"], bins["window"]
    if window < width:
        raise InputError(f"config: bins.window is {window}, but must hold a bin of bins.width {width} bp; lengthen it")
    if twice := sorted(set(bins["test"]) & set(bins["validation"])):
        raise InputError(f"config: {twice[0]} is in bins.test and in bins.validation; remove it from one of them")


def check_methods(config: Mapping[str, Any]) -> None:
    """Raise InputError unless deepprune is among the methods, and both kinds of data begin with the same criterion."""
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


def check_strands(config: Mapping[str, Any]) -> None:
    """Raise InputError if both strands are scanned, but an average over strands or circular filters are wanted too."""
    strands = by_kind(config["model"]["strands"])
    both = [kind for kind in KINDS_OF_DATA if strands[kind] == "both"]
    option = "model.strands" if len(both) == len(strands) else f"model.strands.{''.join(both)}"
    if both and config["model"]["average_strands"]:
        raise InputError(
            f"config: model.average_strands is for networks of one strand, but {option} is both; set the first to "
            "false, or the second to one"
        )
    methods = by_kind(config["methods"])
    if any("circular" in methods[kind] for kind in both):
        raise InputError(
            f"config: {option} is both, but circular filters read one strand only (a rotated filter has no reverse "
            f"complement among its rotations); leave circular out of methods, or set {option} to one"
        )


def of_kind(option: Any, kind: str) -> Any:
    """Return the value, for one kind of data, of an option that may differ between kinds."""
    return option[kind if kind in KINDS_OF_DATA else KINDS_OF_DATA[-1]] if isinstance(option, Mapping) else option


def by_kind(option: Any) -> dict[str, Any]:
    """Return the values, by kind of data, of an option that may differ between kinds."""
    return {kind: of_kind(option, kind) for kind in KINDS_OF_DATA}


def all_criteria(config: Mapping[str, Any]) -> list[str]:
    """Return the pruning criteria of all kinds of data; the kernels of the first are read as motifs."""
    return list(dict.fromkeys(name for names in by_kind(config["prune"]["criteria"]).values() for name in names))


def ladder(config: Mapping[str, Any]) -> list[int]:
    """Return the numbers of kernels from prune.start down to prune.final; each step divides by prune.factor."""
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


def kernel_length(config: Mapping[str, Any], dataset: str, kind: str) -> int:
    """Return the kernel length of a data set of one kind; InputError if the kernel is longer than the sequences."""
    option = "model.kernel_length"
    length = of_kind(config["model"]["kernel_length"], kind)
    if isinstance(config["model"]["kernel_length"], Mapping):
        option += f".{kind}"
    simulated = config["simulate"]["length"], "simulate.length"
    window, window_option = simulated if kind == "simulated" else (config["data"]["window"], "data.window")
    if length > window:
        raise InputError(
            f"config: {option} is {length}, longer than the sequences of data set {dataset}: "
            f"{flagged(window_option)} is {window}; shorten the kernel or lengthen the sequences"
        )
    return int(length)


def motif_options(config: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the options of `motifs`, and those of `model`, for a kind of data, that the reading depends on."""
    options = dict(config["motifs"])
    if isinstance(options["threshold"], Mapping):
        options["threshold"] = options["threshold"][options["method"]]
    return options | {key: of_kind(config["model"][key], kind) for key in READ_BY_MOTIFS}
