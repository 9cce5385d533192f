"""One cluster and one undisturbed run for all tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cluster import Cluster, cluster, missing
from submission import PROFILE, SMALL, TARGETS, Study, Tables, prepare, tables
from workflow import start_snakemake


@pytest.fixture(scope="session")
def expected(site: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Tables]]:
    """Return a function that waits for the same study, run undisturbed on one local core, and gives its tables.

    It goes on while the cluster works.
    """
    folder = prepare(tmp_path_factory.mktemp("local") / "study")
    with start_snakemake(folder, *TARGETS, "--cores", "1", options=SMALL) as process:

        def wait() -> Tables:
            if process.returncode is None:
                output, _ = process.communicate(timeout=600)
                assert process.returncode == 0, output
            return tables(folder)

        yield wait
        process.kill()


@pytest.fixture(scope="session")
def site() -> Iterator[Cluster]:
    """Return a running cluster."""
    if missing():
        pytest.skip(f"no Slurm here: {', '.join(missing())} not found (.ci/run names Debian's packages)")
    with cluster(PROFILE["default-resources"]["slurm_account"]) as running:
        yield running


@pytest.fixture
def study(site: Cluster, tmp_path: Path) -> Study:
    return Study(prepare(tmp_path / "study"), site)
