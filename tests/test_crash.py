"""The parts of the crash test, and a short one."""

from pathlib import Path

import pytest
from crash import crash_test, differences, moments
from faults import OPTIONS, small_study

FINISHED = [5.0, 6.0, 7.0, 97.0, 98.0, 100.0]


def test_moments_are_spread_over_time_and_jobs_and_depend_on_the_seed_alone() -> None:
    chosen = moments(FINISHED, 400, seed=1)
    assert chosen == sorted(moments(FINISHED, 400, seed=1)) != moments(FINISHED, 400, seed=2)
    starts = [0.0, *FINISHED[:-1]]
    for moment in chosen:
        assert 0 <= moment.delay <= FINISHED[moment.done] - starts[moment.done]
    counts = [sum(moment.done == done for moment in chosen) for done in range(6)]
    assert 115 < counts[3] < 165  # 90 % of the time, a sixth of the jobs: 140 expected
    assert min(counts) > 30
    assert 150 < sum(moment.machine for moment in chosen) < 250


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


@pytest.mark.slow
def test_a_study_killed_again_and_again_ends_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crash_test(tmp_path, small_study, OPTIONS, 2, seed=0) == 2
    told = capsys.readouterr().out
    assert told.count("killed") == told.count("the same bytes") - 1 == 2
