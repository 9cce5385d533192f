from pathlib import Path

import pytest

from deepprune.jobs.progress import Progress

STATS = ["Job stats:", "job      count", "-----  -------", "train        1", "page         3", "total        4", ""]
TRAINED = "x: deepprune (loss)   {} kernels  seed 0: 19 epochs, loss 0.2, validation loss 0.3, AUROC 0.8, 3.5 s\n"


def test_jobs_count_by_the_time_that_they_take(tmp_path: Path) -> None:
    progress = Progress([8, 4], 1, tmp_path)
    assert progress.share == 0 and [progress.read(line) for line in STATS] == [None] * len(STATS)
    assert progress.share == 0 and progress.total == 12 + 3
    assert progress.read("rule page:") is None and progress.rule == "page"
    assert progress.read("Finished jobid: 3 (Rule: page)") == "page"
    assert progress.share == pytest.approx(1 / 15)
    for rule in ("train", "page", "page"):
        progress.read(f"localrule {rule}:")
        progress.read(f"Finished jobid: 1 (Rule: {rule})")
    assert progress.share == 1


def test_a_training_counts_by_its_networks(tmp_path: Path) -> None:
    progress = Progress([8, 4], 1, tmp_path)
    for line in [*STATS, "rule train:"]:
        progress.read(line)
    assert progress.share == 0
    (tmp_path / "a.log").write_text("starts\n" + TRAINED.format(8))
    assert progress.share == pytest.approx(12 / 15 * (8 + 32) / (8 + 4 + 64))
    (tmp_path / "a.log").write_text("".join(map(TRAINED.format, (8, 4, 4))))
    assert progress.share == pytest.approx(12 / 15)
    progress.read("Finished jobid: 1 (Rule: train)")
    assert progress.share == pytest.approx(12 / 15)
