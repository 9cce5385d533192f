from pathlib import Path

import pytest
from workflow import ROOT

from deepprune.data.task_groups import Pattern, read_patterns, task_groups
from deepprune.errors import InputError

SHIPPED = ROOT / "resources/task_groups.tsv"


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("task", "group"),
    [
        ("8988T|DNase|None", "DNase"),
        ("WI-38|DNase|4OHTAM_20nM_72hr", "DNase"),
        ("GM12878|CTCF|None", "factor"),
        ("GM12878|CTCF|None|2", "factor"),
        ("K562|HDAC2|None", "factor"),
        ("HepG2|HNF4A|forskolin", "factor"),
        ("MCF-7|HA-E2F1|None", "factor"),
        ("K562|HMGN3|None", "factor"),
        ("K562|H3K27me3B|None", "histone"),
        ("H1-hESC|H3K27me3|None", "histone"),
        ("H1-hESC|H2AZ|None", "histone"),
        ("H1-hESC|H2AK5ac|None", "histone"),
        ("H1-hESC|H2BK120ac|None", "histone"),
        ("H1-hESC|H4K20me1|None", "histone"),
        ("CTCF", ""),
        ("H3K27me3", ""),
        ("class_7", ""),
        ("A|B", ""),
    ],
)
def test_the_shipped_patterns(task: str, group: str) -> None:
    assert task_groups([task], read_patterns(SHIPPED)) == {task: group}


def test_the_first_pattern_that_fits_the_whole_name_counts(tmp_path: Path) -> None:
    table = write(tmp_path / "g.tsv", "# mine\ngroup\tpattern\nopen\tDNase*\n\nopen\t*ATAC\nrest\t?*\n")
    patterns = read_patterns(table)
    assert patterns == [Pattern("DNase*", "open"), Pattern("*ATAC", "open"), Pattern("?*", "rest")]
    found = task_groups(["DNase_K562", "K562 DNase", "K562 ATAC", "", "dnase"], patterns)
    assert found == {"DNase_K562": "open", "K562 DNase": "rest", "K562 ATAC": "open", "": "", "dnase": "rest"}
    assert task_groups(["a"], []) == {"a": ""}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "g.tsv is empty; it must have the columns pattern and group, separated by a tab"),
        ("task\tgroup\n", "line 1: the header is 'task\\tgroup', but must name the columns pattern and group"),
        ("pattern\tgroup\n*\n", r"line 2: '\*' is no row of two cells; give the columns pattern and group"),
        ("pattern\tgroup\n*\tall\n", "line 2: a group is called all, which means all tasks; rename it"),
        ("pattern\tgroup\n*\ta\n\n*\tb\n", r"line 4: the pattern \* is listed before; remove one of the two"),
    ],
)
def test_mistakes_are_one_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message.replace("\\t", r"\\t")):
        read_patterns(write(tmp_path / "g.tsv", text))
