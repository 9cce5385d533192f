from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.jobs.messages import failed_jobs, reason, refuse, unknown_dataset

BLOCK = """[Fri Nov 27 20:46:54 2026]
Error in rule {rule}:
    message: None
    jobid: 3
    input: short.fa
    output: results/data/d2.npz, results/data/d2.summary.tsv
    log: {log} (check log file(s) for error details)
    shell:
        (command)
"""


def snakemake_log(folder: Path, *jobs: tuple[str, str]) -> Path:
    """Write a log of Snakemake in which jobs (rule, log file) fail, with other lines around."""
    blocks = "Select jobs to execute...\n".join(BLOCK.format(rule=rule, log=log) for rule, log in jobs)
    (folder / "snakemake.log").write_text(f"Building DAG of jobs...\n{blocks}Exiting because a job execution failed.\n")
    return folder / "snakemake.log"


def test_each_failed_job_has_a_line(tmp_path: Path) -> None:
    mistaken, broken, killed = (str(tmp_path / f"{name}.log") for name in ("mistaken", "broken", "killed"))
    Path(mistaken).write_text("reads\nError: s.fa: 60 of 60 rows had to be skipped; shorten\nends\n")
    Path(broken).write_text("Traceback (most recent call last):\n  File x\nKeyError: 'a'\n\n")
    log = snakemake_log(tmp_path, ("dataset", mistaken), ("train", broken), ("dataset", mistaken), ("tomtom", killed))
    assert failed_jobs(log) == [
        f"dataset ({mistaken}): s.fa: 60 of 60 rows had to be skipped; shorten",
        f"train ({broken}): KeyError: 'a'",
        f"tomtom ({killed}): it left no log; was it killed, for memory or for time?",
    ]


def test_a_run_without_failures_has_none(tmp_path: Path) -> None:
    assert failed_jobs(snakemake_log(tmp_path)) == []


def test_an_empty_log_tells_as_much(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("\n")
    assert reason(tmp_path / "a.log") == "it wrote nothing; was it killed, for memory or for time?"


@pytest.mark.parametrize(
    ("name", "remedy"), [("ELK", "did you mean ELK1?"), ("zzz", "correct the target, or add a row to the sheet")]
)
def test_the_nearest_data_set_is_named(name: str, remedy: str) -> None:
    assert str(unknown_dataset(name, ["REST", "ELK1"])) == (
        f"there is no data set '{name}' among those chosen from the sheet; {remedy}"
    )


def test_a_refusal_ends_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        refuse(InputError("a.tsv is empty"))
    assert caught.value.code == 1
