"""The folder of a run on one peak file: kept for one run at a time, with the results in front."""

import fcntl
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

from deepprune.errors import InputError
from deepprune.io.files import make_folder, write_atomic
from deepprune.jobs.request import SHEET, Request, sheet_row, workflow_options

WORK = "work"  # the folder of the workflow within the output folder
OPTIONS = "options.yaml"
REPORT = "report.html"
SOURCES = "sources.txt"  # size and date of the files that the results are of
COLLECTED = "collected.txt"  # lists the results in front, by which those of an earlier run are known
# Results of a data set by their names in the folder of results
RESULTS = {
    "motifs.meme": "motifs/{dataset}/motifs.meme",
    "motifs.tsv": "motifs/{dataset}/motifs.tsv",
    "model.npz": "models/{dataset}/model.npz",
    "hits.bed": "motifs/{dataset}/hits.bed",
    "windows.bed": "data/{dataset}.windows.bed",
    "skipped.tsv": "data/{dataset}.skipped.tsv",
}


@contextmanager
def work_folder(request: Request) -> Iterator[tuple[Path, int]]:
    """Yield the folder in which the workflow of a request runs, with its sheet and options, and the lock's descriptor.

    No other run enters the folder as long as a process has the descriptor. InputError if the request makes no sense,
    if the folder holds something else, or if another run is in it.
    """
    row, options = sheet_row(request), workflow_options(request)
    out = Path(request.out)
    work = out / WORK
    _check_folder(out, row)
    make_folder(out)
    make_folder(work)
    with (work / ".running").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"another run is at work in {out}; wait for it, or give another folder") from None
        _write(work / SHEET, "\t".join(row) + "\n" + "\t".join(row.values()) + "\n")
        _write(work / OPTIONS, yaml.safe_dump(options, sort_keys=False))
        yield work, file.fileno()


def replaced(work: Path, request: Request) -> bool:
    """Return whether peaks, genome or blacklist are no longer the files that the collected results are of.

    Snakemake itself notices only a newer file, and `mv` may leave one with an older date.
    """
    noted = work / SOURCES
    return noted.exists() and noted.read_text(encoding="utf-8") != _sources_text(request)


def collect(work: Path, request: Request, datasets: Sequence[str]) -> Path:
    """Put the results of a request's data sets beside the folder of the workflow, and return their folder.

    Those of an earlier run that this one does not have, such as of other negatives, are removed. All are copied before
    the first is renamed, so that a failure leaves no mixture.
    """
    out, staged = work.parent, work / ".collecting"
    shutil.rmtree(staged, ignore_errors=True)
    files = _results(work / "results", datasets)
    for name, source in files.items():
        make_folder((staged / name).parent)
        shutil.copyfile(source, staged / name)
    listed = work / COLLECTED
    earlier = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    _write(listed, "\n".join({*earlier, *files}))  # all that may be in front if this run is killed
    for name in {*earlier} - {*files}:
        _remove(out / name, out)
    for name in files:
        make_folder((out / name).parent)
        (staged / name).replace(out / name)
    _write(listed, "\n".join(files))
    _write(work / SOURCES, _sources_text(request))
    shutil.rmtree(staged)
    return out


def _results(results: Path, datasets: Sequence[str]) -> dict[str, Path]:
    """Return the files of the workflow's results by their names in front; several data sets have folders there."""
    files: dict[str, Path] = {}
    for dataset in datasets:
        folder = f"{dataset}/" if len(datasets) > 1 else ""
        files |= {folder + name: results / path.format(dataset=dataset) for name, path in RESULTS.items()}
        files[f"report/{dataset}.html"] = results / f"report/{dataset}.html"
    return files | {"auc.tsv": results / "tables/auc.tsv", REPORT: results / REPORT}


def _check_folder(out: Path, row: Mapping[str, str]) -> None:
    """Raise InputError if the folder holds results of other peaks, of another genome or name, or something else."""
    sheet = out / WORK / SHEET
    if not sheet.is_file():
        if out.is_dir() and any(out.iterdir()):
            raise InputError(f"{out} is not empty, and holds no results of deepprune; give another folder with -o")
        return
    lines = [line.split("\t") for line in sheet.read_text(encoding="utf-8").splitlines()]
    earlier = dict(zip(*lines, strict=False))
    for column, what in (("path", "of peaks"), ("genome", "with genome"), ("dataset", "with name")):
        if row[column] != earlier[column] and (out / REPORT).exists():
            raise InputError(
                f"{out} holds results {what} {earlier[column] or 'none'}, not {row[column] or 'none'}; "
                "give another folder with -o"
            )


def _sources_text(request: Request) -> str:
    stats = [(path, Path(path).stat()) for path in (request.peaks, request.genome, request.blacklist) if path]
    return "".join(f"{Path(path).name}\t{stat.st_size}\t{stat.st_mtime_ns}\n" for path, stat in stats)


def _remove(path: Path, out: Path) -> None:
    """Remove a file and, if it is empty then, its folder below the results."""
    path.unlink(missing_ok=True)
    if path.parent != out and path.parent.is_dir() and not any(path.parent.iterdir()):
        path.parent.rmdir()


def _write(path: Path, text: str) -> None:
    with write_atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
