import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from workflow import LENGTH, PARTS, ROOT, write_genome

from deepprune import __version__

SOURCES = (
    *PARTS,
    "deepprune",
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "requirements.lock",
)
OPTIONS = {
    "model": {"kernel_length": 8, "background": 3},
    "train": {"batch_size": 32, "max_epochs": 5},
    "prune": {"start": 8, "final": 4},
    "motifs": {"min_sites": 2},
    "tomtom": {"shuffles": 10},
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a wheel and an sdist of this checkout, built as pip builds them."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    source.mkdir()
    for part in SOURCES:
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "downloads")
            shutil.copytree(ROOT / part, source / part, ignore=ignored)
        else:
            shutil.copyfile(ROOT / part, source / part)
    build = "from setuptools import build_meta as b; b.build_sdist('..'); b.build_wheel('..')"
    done = subprocess.run([sys.executable, "-c", build], cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def workflow_files() -> set[str]:
    """Return the files of the workflow, relative to the checkout."""
    files = {path for part in PARTS for path in [ROOT / part, *(ROOT / part).rglob("*")] if path.is_file()}
    return {
        str(path.relative_to(ROOT))
        for path in files
        if "__pycache__" not in path.parts and "downloads" not in path.relative_to(ROOT).parts
    }


def test_the_wheel_holds_package_and_workflow(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"deepprune-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    workflow = "deepprune/workflow/"
    assert {name.removeprefix(workflow) for name in names if name.startswith(workflow)} == workflow_files()
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "deepprune").rglob("*") if path.is_file()}
    package = {name for name in package if "__pycache__" not in name}
    assert {name for name in names if name.startswith("deepprune/") and not name.startswith(workflow)} == package


def test_the_sdist_holds_what_the_wheel_is_built_of(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert workflow_files() | {"setup.py", "pyproject.toml", "requirements.lock"} <= names


@pytest.mark.release
def test_an_installed_wheel_runs_in_any_folder(built: Path, tmp_path: Path) -> None:
    """The environment holds the wheel alone; the packages that it needs are those of the tests."""
    venv.create(tmp_path / "venv", symlinks=True)
    python = tmp_path / "venv/bin/python"
    (site,) = (tmp_path / "venv/lib").glob("python*/site-packages")
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    needed = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    (site / "needed.pth").write_text(f"{needed}\n")
    work = tmp_path / "any folder"
    work.mkdir()
    write_genome(work)
    (work / "options.yaml").write_text(yaml.safe_dump(OPTIONS))
    command = [str(python), "-c", "import sys; from deepprune.cli.main import main; sys.exit(main())"]
    command += ["run", "peaks.bed", "--genome", "genome.fa", "--window", str(LENGTH), "--options", "options.yaml"]
    # Another copy of the package, which a developer may have put in front of all, is not what is tested.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command += ["--seeds", "1"]
    done = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "Open deepprune/report.html" and (work / "deepprune/report.html").is_file()
    log = (work / "deepprune/work/run.log").read_text()
    assert f"Snakefile: {site}/deepprune/workflow/Snakefile" in log
    command = [str(python), "-c", "import deepprune; print(deepprune.__file__)"]
    where = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True)
    assert where.stdout == f"{site}/deepprune/__init__.py\n"
