"""Preparation of data sets of several tasks."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from console import motif_of

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.prepare import DatasetFiles, prepare, prepare_dataset
from deepprune.data.readers import DataOptions
from deepprune.errors import InputError
from deepprune.io.motif import write_meme
from deepprune.io.table import read_table

PLAN = {"length": 30, "training": 40, "validation": 10, "test": 20, "numbers": [1.0], "strands": "one", "gap": 1}


def row(folder: Path) -> dict[str, str]:
    cells = dict.fromkeys(("genome", "target", "cell_type", "negatives"), "")
    return cells | {"dataset": "x", "format": "multitask_simulated", "path": str(folder / "m.meme")}


def write_motifs(folder: Path) -> None:
    write_meme(folder / "m.meme", [motif_of("one", "ACGTA"), motif_of("two", "GGATCC")])


def prepared(folder: Path, plan: dict[str, Any]) -> tuple[Dataset, pd.DataFrame, pd.DataFrame]:
    write_motifs(folder)
    made, _, summary, table = prepare(row(folder), DataOptions(simulation=plan))
    assert table is not None
    return made, summary, table


def test_simulated_for_several_tasks(tmp_path: Path) -> None:
    made, summary, table = prepared(tmp_path, PLAN)
    assert made.codes.shape == (70, 30) and made.labels.shape == (70, 2)
    assert [len(made.rows(part)) for part in (TRAIN, VALIDATION, TEST)] == [40, 10, 20]
    assert (made.labels.sum(axis=1) == 1).all()
    columns = ["positives", "negatives", "train", "validation", "test", "tasks", "length"]
    assert summary.iloc[0][columns].tolist() == [70, 0, 40, 10, 20, 2, 30]
    assert len(table) == 70 and set(table["task"]) == set(made.tasks)
    assert np.isnan(summary.iloc[0]["gc_negatives"])


def test_a_task_without_a_class_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no (positive|negative) sequence \(task \S+\) for test"):
        prepared(tmp_path, PLAN | {"test": 1})


def test_all_files_are_written(tmp_path: Path) -> None:
    names = DatasetFiles._fields
    files = DatasetFiles(*(tmp_path / name for name in names))
    write_motifs(tmp_path)
    prepare_dataset(row(tmp_path), DataOptions(simulation=PLAN), files)
    assert {path.name for path in tmp_path.iterdir()} == {*names, "m.meme"}
    _, _, _, table = prepare(row(tmp_path), DataOptions(simulation=PLAN))
    pd.testing.assert_frame_equal(read_table(tmp_path / "implanted"), table)
