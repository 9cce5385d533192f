"""The order of the tests, fast ones first; and the finished runs of the workflow that several modules use."""

import gc
import shutil
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest
from costs import Costs
from crash import Whole, undisturbed
from faults import OPTIONS, small_study
from workflow import FINISHED, checkout, snakemake, write_sheet, write_study

# Imports and traces of TensorFlow make permanent objects; garbage collection took a sixth of their time.
gc.set_threshold(100_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", type=Path, help="write the processor time of tests into this file; show the largest")


def pytest_configure(config: pytest.Config) -> None:
    if file := config.getoption("--costs"):
        config.pluginmanager.register(Costs(file.absolute()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished run, which tests only read."""
    folder = checkout(tmp_path_factory.mktemp("workflow") / "first")
    write_study(folder / "study")
    write_sheet(folder / "study/sheet.tsv", FINISHED)
    # One thread per training job, so that two run at once; elsewhere the same data sets get two threads.
    done = snakemake(folder, "--cores", "2", "--set-threads", "train=1", forked=False)
    assert done.status == 0, done.output
    (folder / "run.log").write_text(done.output)
    return folder


@pytest.fixture(scope="session")
def undisturbed_run(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Return the finished run of a smaller study, which tests only read."""
    return undisturbed(small_study(tmp_path_factory.mktemp("faults") / "whole"), OPTIONS)


@pytest.fixture(scope="module")
def shared_programs() -> Iterator[None]:
    """Let the trainers of a module share their compiled programs, which take seconds, and milliseconds to run."""
    from deepprune.training.trainer import Trainer  # slow to import, and few tests need it

    programs: dict[Hashable, dict] = {}
    begin = Trainer.__init__

    def share(trainer: Trainer, *arguments: Any, **named: Any) -> None:
        begin(trainer, *arguments, **named)
        trainer._programs = programs.setdefault((trainer.options.batch_size, trainer.options.bias_rate), {})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "__init__", share)
        yield


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """Return a copy of the finished run, which a test may change."""
    return Path(shutil.copytree(finished, tmp_path / "copy", symlinks=True))
