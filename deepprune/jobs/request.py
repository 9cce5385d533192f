"""A request for a run on one peak file, as a configuration of the workflow."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deepprune.config.options import check_config, kernel_length
from deepprune.config.yaml_file import read_yaml
from deepprune.data.sheet import expanded
from deepprune.data.stream import guess_format
from deepprune.errors import InputError, quoted
from deepprune.io.files import open_text, safe_name
from deepprune.jobs.workflow import default_options

SHEET = "sheet.tsv"
HEAD = 20  # lines that tell the format of a file
SEEDS = 3
GAIN_KEPT = 0.95
WIDEST = 256
NAME_LETTERS = 100  # of a data set; its name is a part of longer file names
# Options that a run sets itself, and what the user gives instead
RESERVED = {
    "datasets": "the peak file alone is used",
    "select": "the peak file alone is used",
    "folder": "results go to the folder of -o",
    "genome": "give the genome with --genome",
    "blacklist": "give the regions with --blacklist",
}


@dataclass(frozen=True)
class Request:
    """What is asked for: the networks of one peak file. None stands for the workflow's default.

    peaks: narrowPeak, BED or FASTA, plain or gzip.  genome: FASTA, for peaks.  out: folder of the results.  name: of
    the data set; by default the file's.  kernels: of the model; None for the fewest that keep `GAIN_KEPT` of the
    widest network's gain over chance.  seeds: their number.  negatives: shuffle, genomic, or both.  options: of the
    workflow, which override the others.
    """

    peaks: str
    genome: str | None = None
    out: str = "deepprune"
    name: str | None = None
    window: int | None = None
    kernels: int | None = None
    seeds: int = SEEDS
    negatives: Sequence[str] = ("shuffle",)
    blacklist: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def dataset(self) -> str:
        """The name of the data set, without its negatives."""
        return safe_name(self.name or Path(self.peaks).name.split(".")[0][:NAME_LETTERS])


def sheet_row(request: Request) -> dict[str, str]:
    """Return the row of the data-set sheet; InputError if a file cannot be read, or if files and request do not fit."""
    if request.peaks == "-":
        raise InputError("peaks of a run are read more than once; give a file, not standard input")
    if request.name and len(request.name) > NAME_LETTERS:
        raise InputError(f"--name has {len(request.name)} letters; give at most {NAME_LETTERS}")
    if request.name and request.name != request.dataset:
        raise InputError(
            f"--name is {quoted(request.name)}, but may only have letters of ASCII, digits, _ . - + =, and begins with "
            f"neither . nor -; {request.dataset} would do"
        )
    with open_text(request.peaks) as file:
        kind = guess_format([line for line, _ in zip(file, range(HEAD), strict=False)], request.peaks)
    if kind == "fasta" and request.genome:
        raise InputError(f"{request.peaks} holds sequences, which need no genome; leave --genome out")
    if kind != "fasta" and not request.genome:
        raise InputError(f"{request.peaks} holds peaks, whose sequences are in their genome; give it with --genome")
    genome = _readable(request.genome) if request.genome else ""
    paths = {"path": _absolute(request.peaks), "genome": genome}
    return {"dataset": request.dataset, "format": kind, **paths, "target": "", "cell_type": ""}


def dataset_names(request: Request, options: Mapping[str, Any]) -> list[str]:
    """Return the names of the data sets that the workflow makes of a request: one for each kind of negatives and
    each size.

    options: complete.  InputError if the peaks cannot have such negatives.
    """
    row = sheet_row(request) | {"negatives": "", "most": ""}
    return [each["dataset"] for each in expanded(request.peaks, row, options["data"])]


def complete_options(request: Request) -> dict[str, Any]:
    """Return all options of the workflow as a request has them; InputError at the first that is wrong."""
    options = _merged(default_options(), workflow_options(request))
    check_config(options)
    kernel_length(options, request.dataset, "chipseq")
    if request.blacklist and "genomic" not in options["data"]["negatives"]:
        raise InputError("--blacklist is for genomic negatives; ask for them with --negatives, or leave it out")
    return options


def workflow_options(request: Request) -> dict[str, Any]:
    """Return the options of the workflow that differ from its defaults; InputError at one that a run sets itself."""
    for name, instead in RESERVED.items():
        if name in request.options:
            raise InputError(f"the option {name} is not for a run on one peak file: {instead}; leave it out")
    if request.seeds < 1:
        raise InputError(f"--seeds is {request.seeds}, but at least one network must be trained; give 1 or more")
    data: dict[str, Any] = {"negatives": list(request.negatives)}
    if request.window is not None:
        data["window"] = request.window
    options: dict[str, Any] = {"datasets": SHEET, "seeds": list(range(request.seeds)), "methods": ["deepprune"]}
    options |= {"data": data, "prune": ladder_options(request.kernels)}
    if request.blacklist:
        options["blacklist"] = _readable(request.blacklist)
    return _merged(options, request.options)


def ladder_options(kernels: int | None) -> dict[str, Any]:
    """Return the options of the ladder; kernels: the last rung, and the model's."""
    if kernels is None:
        return {"gain_kept": GAIN_KEPT}
    if not 1 <= kernels <= WIDEST:
        raise InputError(f"--kernels is {kernels}; give a number from 1 to {WIDEST}")
    return {"final": kernels, "start": kernels * 2 ** max(1, math.ceil(math.log2(WIDEST / kernels)))}


def read_options(path: str) -> dict[str, Any]:
    """Return the options of a YAML file; InputError if it is none."""
    options = read_yaml(path) or {}
    if not isinstance(options, dict):
        raise InputError(f"{path} holds no options; write lines such as `seeds: [0, 1]`")
    return options


def _readable(path: str) -> str:
    """Return the whole path of a file; InputError if it cannot be read."""
    with open_text(path):
        return _absolute(path)


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() follows links, which may lead elsewhere later


def _merged(options: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return options that others override, group by group."""
    merged = dict(options)
    for name, value in others.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _merged(merged[name], value) if both else value
    return merged
