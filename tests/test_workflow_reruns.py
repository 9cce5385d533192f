"""What a finished run makes again: after changes of sheet and options, after an upgrade, and when results are gone."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from workflow import FINISHED, OPTIONS, TRAINED, Job, jobs, snakemake, write_sheet

# Rules that a change in any one data set leads to
STUDY = {"study_tables", "study_page"}
REPORT = {"resources_used", "front_page"}
SUMMARIES = {"table", "auc_overview", "datasets_figure", "study_figures"} | REPORT | STUDY
ONE_DATASET = {"dataset", "train", "motifs", "logos", "tomtom", "hits", "auc_figure", "profile_figure", "page"}
RECOVERY = {"recovery"}

pytestmark = pytest.mark.slow


def dry_run(folder: Path, options: dict = OPTIONS) -> list[Job]:
    """Return the jobs that a run would do."""
    done = snakemake(folder, "--cores", "1", "--dry-run", options=options)
    assert done.status == 0, done.output
    return jobs(done.output)


def without_seconds(path: Path) -> pd.DataFrame:
    """Return an AUC table as text, without its one column of measured time."""
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False).drop(columns="seconds")


def test_second_run_does_nothing(finished: Path) -> None:
    done = snakemake(finished, "--cores", "2")
    assert done.status == 0
    assert "Nothing to be done" in done.output
    assert jobs(done.output) == []


def test_moved_folder_stays_up_to_date(copied: Path) -> None:
    moved = copied.rename(copied.with_name("moved"))
    assert dry_run(moved) == []


def test_one_target_trains_that_data_set_alone(finished: Path, copied: Path) -> None:
    (copied / "results/auc/fasta.tsv").unlink()
    done = snakemake(copied, "--cores", "2", "results/auc/fasta.tsv")
    assert done.status == 0, done.output
    assert jobs(done.output) == [Job("train", "fasta")]
    again, first = (without_seconds(folder / "results/auc/fasta.tsv") for folder in (copied, finished))
    assert again.equals(first)


def test_added_row_runs_alone_with_the_summaries(copied: Path) -> None:
    write_sheet(copied / "study/sheet.tsv", {"added": {"format": "fasta", "path": "bound.fa"}} | FINISHED)
    planned = dry_run(copied)
    assert {job.rule for job in planned if not job.dataset} == SUMMARIES
    assert [job for job in planned if job.dataset] == [Job(rule, "added") for rule in sorted(ONE_DATASET)]


def test_removed_row_leaves_the_others_alone(copied: Path) -> None:
    write_sheet(copied / "study/sheet.tsv", {name: row for name, row in FINISHED.items() if name != "narrowpeak"})
    assert {job.rule for job in dry_run(copied)} == SUMMARIES


@pytest.mark.parametrize("option", [{"evalue": 0.05}, {"engine": "meme"}, {"shuffles": 50}], ids=str)
def test_option_of_the_comparison_retrains_nothing(copied: Path, option: dict[str, object]) -> None:
    planned = dry_run(copied, OPTIONS | {"tomtom": option})
    recovery = set() if "shuffles" in option else RECOVERY | STUDY
    assert {job.rule for job in planned} == {"tomtom", "hits", "logos", "page", "table"} | REPORT | recovery
    assert {job.dataset for job in planned if job.rule == "tomtom"} == set(TRAINED)


def test_option_of_simulation_touches_simulated_sets_alone(copied: Path) -> None:
    planned = dry_run(copied, OPTIONS | {"simulate": OPTIONS["simulate"] | {"margin": 6}})
    assert {job.dataset for job in planned if job.dataset} == {"simulated"}
    assert {job.rule for job in planned if job.dataset} == ONE_DATASET - {"dataset"} | {"simulate"} | RECOVERY


def test_every_result_is_an_input_of_all(finished: Path) -> None:
    done = snakemake(finished, "--cores", "1", "--dry-run", "--forceall")
    (inputs,) = re.findall(r"^(?:local)?rule all:\n    input: (.*)", done.output, re.MULTILINE)
    wanted = set(inputs.split(", "))
    internal = ("benchmarks", "checkpoints", "compiled", "genomes", "jaspar")
    results = [
        path for name in finished.glob("results/*") if name.name not in internal for path in files_or_keras(name)
    ]
    assert {str(path.relative_to(finished)) for path in results} == wanted


def files_or_keras(path: Path) -> list[Path]:
    """Return the files of a folder; those of a folder `keras`, which is an output as a whole, as that folder."""
    if path.is_file() or path.name == "keras":
        return [path]
    return [found for below in path.iterdir() for found in files_or_keras(below)]


# Results of several data sets and of all, and the job that makes each
GONE = {
    "figures/logos/narrowpeak.png": Job("logos", "narrowpeak"),
    "models/fasta/keras": Job("train", "fasta"),
    "motifs/simulated/sites.tsv": Job("motifs", "simulated"),
    "figures/datasets.svg": Job("datasets_figure", ""),
}


def test_results_that_were_deleted_are_made_again(copied: Path, tmp_path: Path) -> None:
    for name in GONE:
        (copied / "results" / name).rename(tmp_path / Path(name).name)
    planned = dry_run(copied)
    assert set(GONE.values()) <= set(planned)
    made = {"train": ["fasta"], "motifs": ["fasta", "simulated"], "logos": ["fasta", "narrowpeak", "simulated"]}
    assert {rule: [job.dataset for job in planned if job.rule == rule] for rule in made} == made
    assert not {"dataset", "simulate", "genome"} & {job.rule for job in planned}


def test_models_that_were_deleted_come_from_their_checkpoints(finished: Path, copied: Path) -> None:
    shutil.rmtree(copied / "results/models")
    assert {job for job in dry_run(copied) if job.rule == "train"} == {Job("train", name) for name in TRAINED}
    done = snakemake(copied, "--cores", "1", "results/models/fasta/weights.tsv")
    assert done.status == 0, done.output
    made = [(folder / "results/models/fasta/weights.tsv").read_bytes() for folder in (finished, copied)]
    assert made[0] == made[1]


def test_another_version_makes_all_anew(copied: Path) -> None:
    defaults = copied / "rules/defaults.smk"
    defaults.write_text(defaults.read_text().replace("version=__version__", "version='another'"))
    assert dry_run(copied) == jobs((copied / "run.log").read_text())


def test_no_study_leaves_no_publication(copied: Path) -> None:
    options = OPTIONS | {"study": "none"}
    assert {job.rule for job in dry_run(copied, options)} == REPORT
    done = snakemake(copied, "--cores", "1", "--forceall", "--dry-run", options=options)
    assert "rule page" in done.output
    told = done.output.replace(copied.parent.name, "")
    assert not any(word in told for word in ("study_", "paper", "replication", "table2", "figure2"))
    captions = [path.read_text() for path in (copied / "report").glob("*.rst")]
    assert captions and not any("paper" in caption for caption in captions)


def test_two_studies_in_one_folder_keep_apart(copied: Path) -> None:
    second = OPTIONS | {"folder": "second", "seeds": [5], "study": "none"}
    done = snakemake(copied, "--cores", "1", "--dry-run", options=second)
    assert done.status == 0, done.output
    lines = [line.split(": ", 1)[1].split(", ") for line in done.output.splitlines() if line.startswith("    output: ")]
    outputs = [path for line in lines for path in line]
    # Nothing of the first is written to, and genomes and JASPAR are not made again.
    assert len(outputs) > 100 and all(path.startswith("results/second/") for path in outputs)
    done = snakemake(copied, "--cores", "1", "results/second/tables/datasets.tsv", options=second)
    assert done.status == 0, done.output
    first, again = (copied / "results" / name for name in ("tables/datasets.tsv", "second/tables/datasets.tsv"))
    assert again.read_bytes() == first.read_bytes()
    assert dry_run(copied) == []
