import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from markup import NAMES, PAGES, Parts, with_names
from networks import tables

from deepprune.io.table import read_table, write_table
from deepprune.studies.deepprune.page import (
    AT_ONCE,
    CLAIM,
    MOST,
    ReplicationFiles,
    dataset_rows,
    number,
    percent,
    table2_groups,
    table3_parts,
    title,
    verdict_counts,
    write_replication,
)
from deepprune.studies.deepprune.tables import TABLE2 as TABLE2_COLUMNS

REPORT = Path(__file__).parents[3] / "report" / "deepprune"
NAME = "<b>set</b>_{}"
TABLE2 = pd.DataFrame(
    [
        ("chipseq", "circular", "circular", "-", 1, 3, 2, 0.69, *[None] * 6),
        ("chipseq", "few_kernel", "deepprune", "loss", 1, 3, 2, 0.72, 0.69, 0.03, 0.01, 0.05, 1.0, 0.03),
        ("chipseq", "few_kernel", "baseline", "-", 4, 3, 2, 0.70, *[None] * 6),
        ("chipseq", "few_kernel", "deepprune", "loss", 4, 3, 2, 0.72, 0.70, 0.02, None, None, 2 / 3, None),
        ("chipseq", "few_kernel", "deepprune", "weight", 4, 3, 2, 0.71, 0.70, 0.01, None, None, 2 / 3, None),
        ("simulated", "few_kernel", "deepprune", "weight", 4, 1, 2, 0.71, 0.70, 0.01, None, None, 1.0, None),
    ],
    columns=TABLE2_COLUMNS,
)
PAPER2 = pd.DataFrame(
    [
        (1, "circular", 0.6923, None, None),
        (4, "baseline", 0.7785, None, None),
        (4, "deepprune", 0.8016, 0.771, 1.02e-58),
    ],
    columns=["kernels", "method", "auroc", "improved", "p_value"],
)
CLAIMS = pd.DataFrame(
    [
        ("a", "Figure 2", "better <i>by far</i>", "0.2", 0.213456, 0.19, 0.23, "weight", 3, 2, "above 0", "reproduced"),
        ("b", "Figure S1", "tickets", "0.8035", -0.2, -0.3, -0.1, "weight", 3, 2, "above 0", "not reproduced"),
        ("c", "Table 2", "p-value", "1.02e-58", 3e-12, None, None, "weight", 3, 2, "p < 0.05", "reproduced"),
        ("d", "Discussion", "penalties", None, None, None, None, None, 0, 0, "not measured", "not enough data"),
    ],
    columns=["claim", *CLAIM],
).assign(group="chipseq", replicates="data sets")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("0.2 or more", "0.2 or more"),
        (0.213456, "0.2135"),
        (-0.2, "-0.2000"),
        (3e-12, "3.00e-12"),
        (18, "18"),
        (18.0, "18"),
        (0.0, "0"),
        (1.0, "1"),
        (-1.0, "-1"),
    ],
)
def test_numbers(value: Any, text: str) -> None:
    assert number(value) == text


def test_shares_and_titles() -> None:
    assert (percent(0.771), percent(None)) == ("77.1 %", "")
    assert (title("figure2"), title("figureS1")) == ("Figure 2", "Figure S1")


def test_verdicts_are_counted_also_where_there_are_none() -> None:
    assert verdict_counts([{"verdict": "odd"}, {"verdict": "reproduced"}, {"verdict": "reproduced"}]) == {
        "reproduced": 2,
        "not reproduced": 0,
        "not enough data": 0,
        "odd": 1,
    }


def test_table_2_has_the_paper_beside_what_it_measured() -> None:
    groups = table2_groups(TABLE2, PAPER2, "loss")
    assert list(groups) == ["Real data sets", "Simulated data sets"]
    real = groups["Real data sets"]
    assert [row["label"] for row in real] == ["circular", "deepprune", "baseline", "deepprune", "deepprune (weight)"]
    assert [row["against"] for row in real] == [False, True, False, False, False]
    # The paper pruned by weight: its numbers stand beside that criterion, also where it is not the first.
    assert [row["paper"] and row["paper"]["auroc"] for row in real] == [0.6923, None, 0.7785, None, 0.8016]
    assert groups["Simulated data sets"][0]["paper"] is None


def test_table_3_by_data_set() -> None:
    rows = pd.DataFrame({"dataset": ["b", "b", "a"], "criterion": "weight", "seed": 0, "kernels": [8, 4, 8]})
    parts = table3_parts(rows.assign(kernel_1=[0.5, None, 1.0]))
    assert [(part["dataset"], len(part["rows"])) for part in parts] == [("b", 2), ("a", 1)]
    assert parts[0]["rows"][1]["kernel_1"] is None


def test_data_sets_at_the_smallest_rungs_in_the_order_of_the_sheet() -> None:
    _, comparison = tables(2, 1, ("loss", "weight"), rungs=(4, 8, 16, 32, 64))
    sheet = [{"dataset": f"set_{number}", "target": f"T{number}", "cell_type": ""} for number in (1, 0)]
    rows = dataset_rows(comparison, sheet, ["loss", "weight"], 4)
    assert [(row["dataset"], row["kernels"], row["label"]) for row in rows[:3]] == [
        ("set_1", 4, "deepprune"),
        ("set_1", 4, "deepprune (weight)"),
        ("set_1", 8, "deepprune"),
    ]
    assert {row["kernels"] for row in rows} == {4, 8, 16} and len(rows) == 12
    assert rows[0]["target"] == "T1" and rows[0]["page"] == "report/set_1.html"
    assert rows[0]["baseline"] == pytest.approx(0.7) and rows[0]["gain"] == pytest.approx(-0.02)


@pytest.fixture
def files(tmp_path: Path) -> ReplicationFiles:
    auc, comparison = tables(3, 2, ("loss", "weight"), name=NAME)
    comparison = comparison.assign(auroc_low=0.6, auroc_high=0.9, seed_sd=np.nan, p_value=0.0123)
    weights = {"kernels": [8, 4], **{f"kernel_{number}": [0.5, 0.0 if number > 4 else 1.25] for number in range(1, 7)}}
    content = {
        "auc": auc,
        "comparison": comparison,
        "replication": CLAIMS,
        "table2": TABLE2,
        "table3": pd.DataFrame({"dataset": NAME.format(0), "criterion": "loss", "seed": 7, **weights}),
        "paper_table2": PAPER2,
        "paper_table3": pd.DataFrame(weights),
        "notes": pd.DataFrame({"figure": ["figure6", "figureS5"], "note": ["3 data sets, <u>", "Nothing."]}),
    }
    tables_of: dict[str, Any] = {name: tmp_path / f"{name}.tsv" for name in content}
    for name, table in content.items():
        write_table(table, tables_of[name])
    figures = [tmp_path / f"{name}.svg" for name in content["notes"]["figure"]]
    for figure in figures:
        figure.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return ReplicationFiles(**tables_of, figures=figures, captions=sorted(REPORT.glob("*.rst")))


def test_the_page_holds_everything_and_escapes_names(tmp_path: Path, files: ReplicationFiles) -> None:
    sheet = [{"dataset": NAME.format(place), "target": "<script>", "cell_type": "K562"} for place in range(3)]
    write_replication(files, sheet, ["loss", "weight"], tmp_path / "replication.html")
    page = (tmp_path / "replication.html").read_text()
    assert "&lt;b&gt;set&lt;/b&gt;_0" in page and "<b>set" not in page
    assert "better &lt;i&gt;by far" in page and "&lt;u&gt;" in page and "<u>" not in page
    assert page.count("<script") == 1  # the one that sorts
    assert page.count('src="data:image/svg+xml;base64,') == page.count("<img") == 2
    links = set(re.findall(r'(?:href|src)="([^"#:]*)', page))
    assert links - {"data", "https"} == {"report.html", *(f"report/{name}.html" for name in escaped(sheet))}
    counts = re.findall(r'<span class="verdict ([\w-]+)">[\w ]+</span>(\d+)</span>', page)
    assert counts == [("reproduced", "2"), ("not-reproduced", "1"), ("not-enough-data", "1")]
    assert "3 data sets, 2 seeds each" in page
    assert "0.2135" in page and "3.00e-12" in page and "0.1900 to 0.2300" in page
    assert '<td class="published">0.8016</td>' in page and '<td class="published">77.1 %</td>' in page
    assert "smallest, against circular" in page
    assert "seed 7" in page and page.count("1.2500") == 8 and page.count('<td class="none">0</td>') == 4
    assert page.count("+0.0300</td>") == 3 + 1  # Table 2's circular row; the last of set_0 gained as much at each rung
    assert "Nothing.</p>" in page and "&lt;u&gt;.</p>" in page


def escaped(sheet: list[dict[str, str]]) -> list[str]:
    return [row["dataset"].replace("<", "&lt;").replace(">", "&gt;") for row in sheet]


def test_a_run_without_any_of_it_still_has_a_page(tmp_path: Path, files: ReplicationFiles) -> None:
    for name in ("replication", "table2", "table3"):
        write_table(read_table(getattr(files, name)).iloc[:0], getattr(files, name))
    sheet = [{"dataset": NAME.format(place), "target": "", "cell_type": ""} for place in range(3)]
    write_replication(files._replace(figures=[]), sheet, ["loss", "weight"], tmp_path / "replication.html")
    page = (tmp_path / "replication.html").read_text()
    assert '<span class="verdict reproduced">reproduced</span>0</span>' in page and "<img" not in page


def test_of_many_data_sets_the_page_shows_some_in_table_3(tmp_path: Path, files: ReplicationFiles) -> None:
    table = read_table(files.table3)
    write_table(pd.concat([table.assign(dataset=f"set_{place}") for place in range(MOST + 3)]), files.table3)
    sheet = [{"dataset": NAME.format(place), "target": "", "cell_type": ""} for place in range(3)]
    write_replication(files, sheet, ["loss", "weight"], tmp_path / "replication.html")
    page = (tmp_path / "replication.html").read_text()
    assert page.count("seed 7") == MOST and f"<summary>{MOST - AT_ONCE} more</summary>" in page
    assert "<p>3 more data sets are in <code>tables/table3.tsv</code>.</p>" in page


@settings(PAGES, suppress_health_check=[HealthCheck.function_scoped_fixture])  # the files are only read
@given(target=NAMES, cell=NAMES)
def test_names_of_any_kind_are_text_and_nothing_else(
    tmp_path: Path, files: ReplicationFiles, target: str, cell: str
) -> None:
    pages = []
    for names in (("plain-target", "plain-cell"), (target, cell)):
        sheet = [dict(zip(("dataset", "target", "cell_type"), (NAME.format(i), *names), strict=True)) for i in range(3)]
        write_replication(files, sheet, ["loss", "weight"], tmp_path / "replication.html")
        pages.append(Parts((tmp_path / "replication.html").read_bytes().decode()).found)
    plain, page = pages
    assert "plain-target" in str(plain) and "plain-cell" in str(plain)
    assert page == with_names(plain, {"plain-target": target, "plain-cell": cell})
