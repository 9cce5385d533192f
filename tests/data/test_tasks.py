"""Tables of tasks."""

from pathlib import Path

import pytest
from workflow import ROOT

from deepprune.data.bundle import CLASSES
from deepprune.data.task_groups import read_patterns, task_groups
from deepprune.data.tasks import read_classes, read_peak_files, read_tasks
from deepprune.errors import InputError
from deepprune.io.table import read_table


def written(folder: Path, text: str) -> Path:
    (folder / "t.tsv").write_text(text)
    return folder / "t.tsv"


def test_rows_with_their_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "# of mine\ntask\tclass\n\nb\t12\n# no\na\t0\r\n")
    assert read_tasks(path, "class") == [("b", "12", f"{path}, line 4"), ("a", "0", f"{path}, line 6")]
    assert read_classes(path, 13) == {"b": 12, "a": 0}


def test_the_shipped_table_of_all_classes() -> None:
    classes = read_classes(ROOT / "resources/danq/classes.tsv", CLASSES)
    assert list(classes.values()) == list(range(CLASSES))
    published = read_table(ROOT / "resources/danq/aucs.tsv")
    assert published["task"].tolist() == list(classes) and published["class"].astype(int).tolist() == list(range(919))
    groups = task_groups(classes, read_patterns(ROOT / "resources/task_groups.tsv"))
    assert published["group"].tolist() == list(groups.values())
    assert published["group"].value_counts().to_dict() == {"factor": 690, "DNase": 125, "histone": 104}
    values = published.filter(regex="auroc|auprc")
    assert values.shape[1] == 6 and values.index[values.isna().any(axis=1)].tolist() == [598]
    assert values.min(axis=None) > 0 and values.max(axis=None) < 1
    # Those of another table, by the same numbers
    chosen = read_classes(ROOT / "resources/koo_eddy/classes.tsv", CLASSES)
    assert {list(classes)[chosen[name]].split("|")[1] for name in ("CEBPB", "FOSL1", "MAX", "SRF")} == {
        *("CEBPB", "FOSL1", "Max", "SRF")
    }


def test_columns_in_any_order(tmp_path: Path) -> None:
    assert read_classes(written(tmp_path, "class\ttask\n7\tseven\n0\tnone\n"), 919) == {"seven": 7, "none": 0}


def test_paths_start_at_the_table(tmp_path: Path) -> None:
    path = written(tmp_path, "task\tpath\na\tx/../a.bed\nb\t/data/b.bed\nc\t../c.bed\n")
    cells = [task.cell for task in read_peak_files(path)]
    assert cells == [f"{tmp_path}/a.bed", "/data/b.bed", f"{tmp_path.parent}/c.bed"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["t.tsv is empty", "the columns task and class, separated by a tab"]),
        ("a\t0\nb\t1\n", ["line 1: the header is 'a\\t0'", "must name the columns task and class"]),
        ("task\tpath\na\tx\n", ["line 1: the header is", "task and class"]),
        ("task class\na 0\n", ["line 1: the header is 'task class'", "separated by a tab"]),
        ("task\tclass\na\t0\t1\n", ["line 2", "no row of two cells"]),
        ("task\tclass\na\t\n", ["line 2", "no row of two cells"]),
        ("task\tclass\na\t0\nb\t1\na\t2\n", ["line 4: the task a is listed before", "line 2; rename or remove one"]),
        ("task\tclass\na\t0\n", ["lists 1 tasks", "at least two are needed"]),
        ("task\tclass\na\t0\nb\t919\n", ["line 3: class is '919'", "from 0 to 918"]),
        ("task\tclass\na\t0\nb\t-1\n", ["line 3: class is '-1'", "from 0 to 918"]),
        ("task\tclass\na\t0\nb\t1.0\n", ["line 3: class is '1.0'"]),
        ("task\tclass\na\t7\nb\t07\n", ["line 3: class 07 is listed for another task before"]),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, text: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_classes(written(tmp_path, text), 919)
    assert [part for part in ["t.tsv", *parts] if part not in str(caught.value)] == [], str(caught.value)
