"""The profiles other than the default one: their effect on the workflow, in a dry run."""

import re
from collections import Counter
from pathlib import Path

import pytest
import tensorflow as tf
import yaml
from workflow import ROWS, checkout, snakemake, write_sheet, write_study

from deepprune.training.device import NO_GPU

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the study of every input format, nothing run yet."""
    folder = checkout(tmp_path_factory.mktemp("profiles") / "study")
    write_study(folder / "study")
    return folder


def dry_run(folder: Path, profile: str, *arguments: str) -> str:
    done = snakemake(folder, "--dry-run", "--profile", f"profiles/{profile}", *arguments)
    assert done.status == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def slurm(folder: Path) -> str:
    """Return what a dry run for a cluster announces."""
    return dry_run(folder, "slurm")


def test_slurm_submits_short_jobs_in_batches(slurm: str) -> None:
    alone = Counter(re.findall(r"^(?:local)?rule (\w+):", slurm, re.MULTILINE))
    prepared = {"dataset": len(ROWS) - 1, "simulate": 1, "train": len(ROWS), "genome": 2, "jaspar": 1, "all": 1}
    summaries = {"table": 11, "resources_used": 1, "front_page": 1}
    summaries |= dict.fromkeys(("auc_overview", "datasets_figure", "study_tables", "study_figures", "study_page"), 1)
    # The dry run names a job once.
    assert alone == prepared | summaries
    batches = Counter(re.findall(r"Group job (\w+) ", slurm))
    assert batches == {"finish": 2}  # six data sets, five a batch


def test_slurm_trains_alone_on_the_gpu_partition(slurm: str) -> None:
    for rule, block in re.findall(r"^ *rule (\w+):\n((?: +.*\n)*)", slurm, re.MULTILINE):
        wanted = ["gpu", "1"] if rule == "train" else ["cpu", None]
        found = re.search(r"slurm_partition=(\w+)", block), re.search(r"gpu=(\d+)", block)
        assert rule == "all" or [match and match[1] for match in found] == wanted, block


@pytest.mark.parametrize(
    "study, rules",
    [
        ("danq.small", ["train_autoencoder", "train_learner", "train_network"]),
        ("few_kernels", ["train", "variant_train"]),
    ],
)
@pytest.mark.parametrize("profile, resources", [("slurm", ["gpu=1", "slurm_partition=gpu"]), ("local-gpu", ["gpu=1"])])
def test_all_trainings_of_a_study_get_a_gpu(
    folder: Path, study: str, rules: list[str], profile: str, resources: list[str]
) -> None:
    """Learners on features need none."""
    file = f"studies/{study}.yaml"
    options = yaml.safe_load((folder / file).read_text())
    if study == "few_kernels":
        write_sheet(folder / "study/peaks.tsv", {"bed": ROWS["bed"]})
        options["datasets"] = "../study/peaks.tsv"
    done = snakemake(
        folder, "--dry-run", "--profile", f"profiles/{profile}", "--cores", "2", options=options, file=file
    )
    assert done.status == 0, done.output
    found = {
        rule: sorted(re.findall(r"\b(?:gpu|slurm_partition)=\w+", block))
        for rule, block in re.findall(r"^ *rule (\w+):\n((?: +.*\n)*)", done.output, re.MULTILINE)
        if "train" in rule
    }
    assert sorted(found) == rules
    assert all(asked == resources for rule, asked in found.items() if rule != "train_learner"), found


def test_slurm_gives_every_job_memory_and_time(slurm: str) -> None:
    asked = {}
    for rule, block in re.findall(r"^ *rule (\w+):\n((?: +.*\n)*)", slurm, re.MULTILINE):
        asked[rule] = [int(re.search(rf"\b{name}=(\d+)", block)[1]) for name in ("mem_mb", "runtime")]
    # The first says nothing itself.
    assert [asked[rule] for rule in ("jaspar", "genome", "dataset")] == [[500, 10], [500, 60], [500, 10]]


def test_local_gpu_gives_training_the_gpu(folder: Path) -> None:
    output = dry_run(folder, "local-gpu", "--cores", "2")
    blocks = re.findall(r"^rule (train|motifs):\n((?: +.*\n)*)", output, re.MULTILINE)
    assert len(blocks) == 2 * len(ROWS)
    found = {(rule, gpu and gpu[1]) for rule, block in blocks for gpu in [re.search(r"gpu=(\d+)", block)]}
    assert found == {("train", "1"), ("motifs", None)}


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="there is a GPU")
def test_a_gpu_that_is_not_there_costs_a_line(copied: Path) -> None:
    (copied / "results/auc/fasta.tsv").unlink()
    done = snakemake(copied, "--cores", "2", "--profile", "profiles/local-gpu", "results/auc/fasta.tsv")
    assert done.status == 0, done.output
    assert [line for line in done.output.splitlines() if "GPU" in line] == [NO_GPU]
    assert NO_GPU in (copied / "logs/train/fasta.log").read_text()
