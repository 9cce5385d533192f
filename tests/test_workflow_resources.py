"""What the workflow requests from a cluster, more for larger data sets and when a job is retried; and its own work."""

import re
from pathlib import Path

import pytest
from workflow import ROWS, checkout, sequences, snakemake, write_fasta, write_sheet, write_study

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the study of every input format, nothing run yet."""
    folder = checkout(tmp_path / "workflow")
    write_study(folder / "study")
    return folder


def asked(output: str, rule: str, resource: str) -> list[int]:
    """Return what the jobs of a rule ask for, in the order in which they are announced."""
    blocks = re.findall(rf"^(?:local)?rule {rule}:\n((?:    .*\n)*)", output, re.MULTILINE)
    return [int(found[1]) for block in blocks if (found := re.search(rf"\b{resource}=(\d+)", block))]


def test_training_asks_for_more_when_the_data_set_is_larger(folder: Path) -> None:
    data = folder / "results/data/fasta.npz"
    data.parent.mkdir(parents=True)
    found = {}
    for size in (100_000, 10_100_000):
        data.write_bytes(bytes(size))
        done = snakemake(folder, "--cores", "2", "-n", "--rerun-triggers=mtime", "results/auc/fasta.tsv")
        assert done.status == 0, done.output
        found[size] = [asked(done.output, "train", resource) for resource in ("mem_mb", "runtime")]
    # Two seeds on two cores: 1300 + 2 * 60, and 9 for each MB; half an hour, and 0.09 / 2 min for each MB of
    # 2 seeds * 2 rungs * 4 kinds (baseline, winning ticket, two criteria).
    assert found == {100_000: [[1421], [30]], 10_100_000: [[1511], [37]]}


def test_what_is_yet_to_be_made_counts_as_a_large_set(folder: Path) -> None:
    done = snakemake(folder, "--cores", "2", "-n", "results/auc/fasta.tsv", "results/auc/simulated.tsv")
    assert done.status == 0, done.output
    assert asked(done.output, "train", "mem_mb") == [1600, 1600]
    assert "TBD" not in done.output


def test_of_peaks_and_genome_the_peaks_count_alone(folder: Path) -> None:
    name = ROWS["narrowpeak"]["genome"]
    with (folder / "study" / name).open("a") as file:
        file.write(">chrLong\n" + f"{'A' * 50}\n" * 200_000)
    done = snakemake(folder, "--cores", "2", "-n", "results/data/narrowpeak.npz")
    assert done.status == 0, done.output
    assert asked(done.output, "dataset", "mem_mb") == [500]


def test_a_job_that_is_tried_again_asks_for_more(folder: Path) -> None:
    write_sheet(folder / "study/sheet.tsv", {"few": {"format": "fasta", "path": "few.fa"}})
    write_fasta(folder / "study/few.fa", sequences(3, seed=1))
    done = snakemake(folder, "--cores", "1", "--retries", "2", "results/data/few.npz")
    assert done.status != 0
    assert asked(done.output, "dataset", "mem_mb") == [500, 1000, 1500]
    assert asked(done.output, "dataset", "runtime") == [10, 20, 30]


def test_snakemake_chooses_jobs_once_for_each_that_ends(folder: Path) -> None:
    """More often would be its own work, in which a run of hundreds of data sets drowns."""
    names = ["fasta", "narrowpeak", "bed", "simulated"]
    targets = [
        f"results/{part}/{name}.{form}"
        for name in names
        for part, form in (("data", "npz"), ("figures/profiles", "svg"))
    ]
    done = snakemake(folder, "--cores", "1", "--verbose", *targets)
    assert done.status == 0, done.output
    finished, chosen = done.output.count("Finished jobid"), done.output.count("Ready jobs:")
    assert finished >= 2 * len(names) >= 6 and finished <= chosen <= finished + 2
