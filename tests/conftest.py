"""The order of the tests, fast ones first; and the one finished run of the workflow that several modules use."""

import shutil
from pathlib import Path

import pytest
from workflow import checkout, snakemake, write_study


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished run with every input format, which tests only read."""
    folder = checkout(tmp_path_factory.mktemp("workflow") / "first")
    write_study(folder / "study")
    # One thread per training job, so that two run at once; elsewhere the same data sets get two threads.
    done = snakemake(folder, "--cores", "2", "--set-threads", "train=1")
    assert done.status == 0, done.output
    (folder / "run.log").write_text(done.output)
    return folder


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """Return a copy of the finished run, which a test may change."""
    return Path(shutil.copytree(finished, tmp_path / "copy", symlinks=True))
