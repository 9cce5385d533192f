"""The parts of the crash test, and a short one."""

from pathlib import Path

import pytest
from crash import Job, Whole, crash_test, differences, files, moments, take_away

JOBS = [
    *(Job("train", (f"results/data/{name}.npz",), (f"results/auc/{name}.tsv",), 100) for name in "ab"),
    *(Job("motifs", ("other", f"results/auc/{name}.tsv"), (f"results/motifs/{name}.meme",), 3) for name in "ab"),
    Job("table", ("results/motifs/a.meme", "results/motifs/b.meme"), ("results/tables/auc.tsv",), 1),
]


def test_moments_are_of_all_rules_and_depend_on_the_seed_alone() -> None:
    chosen = moments(JOBS, 600, seed=1)
    assert chosen == moments(JOBS, 600, seed=1) != moments(JOBS, 600, seed=2)
    counts = [sum(moment.job == job for moment in chosen) for job in JOBS]
    assert sum(counts[:2]) == 100 and min(counts[:2]) > 30
    assert counts[4] == 250 and min(counts[2:4]) > 100
    assert 0 <= min(moment.share for moment in chosen) < 0.1 and 0.9 < max(moment.share for moment in chosen) < 1
    assert 250 < sum(moment.machine for moment in chosen) < 350


def test_what_a_job_made_is_taken_away(tmp_path: Path) -> None:
    made = ("auc/a.tsv", "auc/b.tsv", "models/keras/x.keras", "motifs/a.meme", "motifs/b.meme", "tables/auc.tsv")
    for name in (*made, "checkpoints/a/0/seed0.npz", "checkpoints/b/1/x"):
        (tmp_path / "results" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "results" / name).touch()
    take_away(tmp_path, JOBS[0]._replace(output=("results/auc/a.tsv", "results/models/keras")), JOBS)
    assert files(tmp_path / "results") == {"auc/b.tsv", "motifs/b.meme", "checkpoints/b/1/x"}


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / "results" / name.replace("__", "/").replace("_tsv", ".tsv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_differences_are_found_but_for_measured_times(tmp_path: Path) -> None:
    same = {"data": "x", "compiled__p": "1", "auc_tsv": "auroc\tseconds\tloss\n0.5\t1.2\t3\n"}
    first = write(tmp_path / "first", **same)
    second = write(tmp_path / "second", **same | {"compiled__q": "2", "auc_tsv": "auroc\tseconds\tloss\n0.5\t7\t3\n"})
    assert differences(first, second) == []
    write(second, auc_tsv="auroc\tseconds\tloss\n0.5\t7\t4\n", data="y", more="")
    assert differences(first, second) == ["more is in one of them alone", "auc.tsv differs", "data differs"]
    (second / "results" / ".data~0.tsv").touch()
    assert ".data~0.tsv is in one of them alone" in differences(first, second)


@pytest.mark.release
def test_a_study_killed_again_and_again_ends_the_same(
    undisturbed_run: Whole, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert crash_test(undisturbed_run, tmp_path / "copy", 2, seed=0) == 2
    told = capsys.readouterr().out
    assert told.count("killed") == told.count("the same bytes") - 1 == 2
    assert "1  train" in told
