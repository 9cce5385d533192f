"""The workflow called from another folder: which options apply, and where files are looked for."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from workflow import ROWS, Run, checkout, snakemake, write_sheet, write_study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout, which tests only read."""
    return checkout(tmp_path_factory.mktemp("workflow") / "deepprune")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a user's folder: the sheets here.tsv and study/beside.tsv have a data set each, of the same name."""
    folder = tmp_path / "my"
    folder.mkdir()
    write_study(folder / "study")
    for place, name in (("", "here"), ("study/", "beside")):
        path = f"{folder}/study/{ROWS['simulated']['path']}"
        write_sheet(folder / f"{place}{name}.tsv", {name: ROWS["simulated"] | {"path": path}})
    return folder


def dry_run(workflow: Path, folder: Path, options: Mapping[str, str], *arguments: str) -> Run:
    """Plan a run in a folder (-d), called from the folder above; options: those of --configfile, my/study/mine.yaml."""
    called = ("-s", f"{workflow}/Snakefile", "-d", folder.name, "--dry-run", "--cores", "1")
    return snakemake(folder.parent, *called, *arguments, options=options, file=f"{folder.name}/study/mine.yaml")


def prepared(run: Run) -> list[str]:
    """Return the prepared data sets that a run would write."""
    assert run.status == 0, run.output
    return sorted(set(re.findall(r"output: (results/\S*data/\S+\.npz)", run.output)))


def test_the_defaults_are_those_beside_the_snakefile(workflow: Path, folder: Path) -> None:
    run = dry_run(workflow, folder, {})
    assert prepared(run) == [f"results/data/{name}_motifs.npz" for name in ("eight", "four", "two")]
    assert f"Using workflow specific profile {workflow}/profiles/default" in run.output


def test_options_of_the_folder_are_over_the_defaults(workflow: Path, folder: Path) -> None:
    (folder / "config.yaml").write_text("datasets: here.tsv\nfolder: own\n")
    assert prepared(dry_run(workflow, folder, {})) == ["results/own/data/here.npz"]


def test_options_of_the_command_line_are_over_both(workflow: Path, folder: Path) -> None:
    (folder / "config.yaml").write_text("datasets: here.tsv\nfolder: own\n")
    named = {"datasets": "beside.tsv"}  # beside its file
    assert prepared(dry_run(workflow, folder, named)) == ["results/own/data/beside.npz"]
    assert prepared(dry_run(workflow, folder, named | {"folder": "named"})) == ["results/named/data/beside.npz"]
    given = ("--config", "datasets=here.tsv")
    assert prepared(dry_run(workflow, folder, named | {"folder": "named"}, *given)) == ["results/named/data/here.npz"]


def test_a_sheet_that_is_nowhere(workflow: Path, folder: Path) -> None:
    run = dry_run(workflow, folder, {"datasets": "none.tsv"})
    (line,) = [line for line in run.output.splitlines() if line.startswith("Error: ")]
    assert line == (
        "Error: config: datasets is none.tsv, but there is no such file "
        f"(looked for {folder}/study/none.tsv and {folder}/none.tsv); correct the path"
    )
