"""A request for a run on one peak file, as a configuration of the workflow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from deepprune.data.stream import guess_format
from deepprune.errors import InputError
from deepprune.io.files import make_folder, open_text, safe_name, write_atomic

WORK = "work"  # the folder of the workflow within the output folder
SHEET, OPTIONS = "sheet.tsv", "options.yaml"
HEAD = 20  # lines that tell the format of a file
SEEDS = 3
GAIN_KEPT = 0.95
WIDEST = 256


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
        """The name of the data set."""
        return safe_name(self.name or Path(self.peaks).name.split(".")[0])


def prepare_folder(request: Request) -> Path:
    """Write the sheet and the options of a request, and return the folder in which the workflow runs.

    InputError if the request makes no sense, or if the folder holds something else.
    """
    row = sheet_row(request)
    options = yaml.safe_dump(workflow_options(request), sort_keys=False)
    sheet = "\t".join(row) + "\n" + "\t".join(row.values()) + "\n"
    work = Path(request.out) / WORK
    _check_folder(Path(request.out), sheet)
    make_folder(request.out)
    make_folder(work)
    for name, text in ((SHEET, sheet), (OPTIONS, options)):
        with write_atomic(work / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return work


def sheet_row(request: Request) -> dict[str, str]:
    """Return the row of the data-set sheet; InputError if a file cannot be read or peaks have no genome."""
    if request.peaks == "-":
        raise InputError("peaks of a run are read more than once; give a file, not standard input")
    with open_text(request.peaks) as file:
        kind = guess_format([line for line, _ in zip(file, range(HEAD), strict=False)], request.peaks)
    genome = ""
    if kind != "fasta":
        if not request.genome:
            raise InputError(f"{request.peaks} holds peaks, whose sequences are in their genome; give it with --genome")
        with open_text(request.genome):
            genome = _absolute(request.genome)
    paths = {"path": _absolute(request.peaks), "genome": genome}
    return {"dataset": request.dataset, "format": kind, **paths, "target": "", "cell_type": ""}


def workflow_options(request: Request) -> dict[str, Any]:
    """Return the options of the workflow that differ from its defaults."""
    if request.seeds < 1:
        raise InputError(f"--seeds is {request.seeds}, but at least one network must be trained; give 1 or more")
    data: dict[str, Any] = {"negatives": list(request.negatives)}
    if request.window is not None:
        data["window"] = request.window
    options: dict[str, Any] = {"datasets": SHEET, "seeds": list(range(request.seeds)), "methods": ["deepprune"]}
    options |= {"data": data, "prune": ladder_options(request.kernels)}
    if request.blacklist:
        options["blacklist"] = _absolute(request.blacklist)
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
    with open_text(path) as file:
        try:
            options = yaml.safe_load(file.read()) or {}
        except yaml.YAMLError as error:
            raise InputError(f"{path} is no YAML file: {' '.join(str(error).split())}") from None
    if not isinstance(options, dict):
        raise InputError(f"{path} holds no options; write lines such as `seeds: [0, 1]`")
    return options


def _check_folder(out: Path, sheet: str) -> None:
    """Raise InputError unless the folder is new, empty, or of a run on the same peaks."""
    written = out / WORK / SHEET
    if written.is_file():
        if written.read_text(encoding="utf-8") != sheet:
            raise InputError(f"{out} holds the results of other peaks; give another folder with -o")
    elif out.is_dir() and any(out.iterdir()):
        raise InputError(f"{out} is not empty, and holds no results of deepprune; give another folder with -o")


def _absolute(path: str) -> str:
    # Not resolved: a link may lead elsewhere later.
    return str(Path.cwd() / path)


def _merged(options: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return options that others override, group by group."""
    merged = dict(options)
    for name, value in others.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _merged(merged[name], value) if both else value
    return merged
