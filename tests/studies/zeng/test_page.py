from pathlib import Path

import pandas as pd

from deepprune.io.table import write_table
from deepprune.studies.zeng.page import FIGURES, PageFiles, matched, parts, short, values_by_option, write_page

REPORT = Path(__file__).parents[3] / "report/zeng"
MEDIAN = {"datasets": 7, "median": 0.8125, "lower": 0.7, "upper": 0.9, "change": 0.0123, "low": 0.01, "high": 0.02}
MEDIANS = pd.DataFrame(
    [
        {"task": "discovery", "most": most, "network": network} | MEDIAN | {"better": 5}
        for most in ("all", "2500")
        for network in ("1layer", "gkm-SVM")
    ]
)
SEARCH = pd.DataFrame(
    [("rho", 0.9, "1layer", 4, 3), ("rho", 0.99, "1layer", 4, 1)],
    columns=["option", "value", "network", "tried", "chosen"],
)
MATCHED = pd.DataFrame(
    [("discovery", kernels, "1layer", 7, 0.01, 0.0, 0.02, 1) for kernels in (16, 8)],
    columns=["task", "kernels", "network", "datasets", "difference", "low", "high", "matched"],
)


def test_numbers_are_short() -> None:
    assert [short(value) for value in (None, 3.3e-11, -0.01234, 0.8)] == [
        "",
        "3.3e\N{MINUS SIGN}11",
        "\N{MINUS SIGN}0.0123",
        "0.8",
    ]


def test_parts_have_titles() -> None:
    assert [part["title"] for part in parts(MEDIANS)] == ["Motif discovery", "Motif discovery, 2,500 positives"]
    assert [len(part["rows"]) for part in parts(MEDIANS)] == [2, 2]


def test_shares_of_chosen_values() -> None:
    (option,) = values_by_option(SEARCH)
    assert option == {"option": "rho", "values": [0.9, 0.99], "rows": [{"network": "1layer", "shares": [0.75, 0.25]}]}
    assert values_by_option(SEARCH.iloc[:0]) == []


def test_few_kernels_beside_each_network() -> None:
    (task,) = matched(MATCHED)
    assert task["kernels"] == [16, 8] and task["rows"][0]["network"] == "1layer"
    assert [cell["kernels"] for cell in task["rows"][0]["cells"]] == [16, 8]


def test_the_page(tmp_path: Path) -> None:
    claim = {"claim": "depth", "place": "3.2", "text": "Depth <b>", "paper": None, "value": -0.0123, "low": -0.02}
    claim |= {"high": -0.01, "datasets": 7, "rule": "rule", "verdict": "reproduced"}
    times = {"network": "1layer", "seconds": 2.5, "seconds_sd": 0.1, "parameters": 2129, "seconds_paper": 64.34}
    times |= {"relative": 1.0, "relative_paper": 1.0}
    anova = {
        "most": "all",
        "datasets": 7,
        "families": 3,
        "source": "family",
        "df": 2,
        "f": 3.0,
        "p_value": 0.04,
        "eta_squared": 0.1,
    }
    tables = {"medians": MEDIANS, "times": pd.DataFrame([times]), "search": SEARCH, "matched": MATCHED}
    tables |= {"anova": pd.DataFrame([anova]), "claims": pd.DataFrame([claim])}
    for name, table in tables.items():
        write_table(table, tmp_path / f"{name}.tsv")
    (tmp_path / "discovery.svg").write_text("<svg/>")
    files = PageFiles(
        *(str(tmp_path / f"{name}.tsv") for name in PageFiles._fields[:6]),
        [str(tmp_path / "discovery.svg")],
        [str(path) for path in REPORT.glob("*.rst")],
    )
    write_page(files, {"1layer": "16x24/all, dense 32"}, str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text()
    assert "Depth &lt;b&gt;" in page and "16x24/all, dense 32" in page and "2,129" in page
    assert "<h3>Figure 2A: motif discovery</h3>" in page and "Figure 3: " not in page
    assert "75 %" in page and "+0.0100 ✓" in page and "\N{MINUS SIGN}0.0123" in page


def test_every_figure_has_a_caption() -> None:
    assert {f"{name}.rst" for name in FIGURES} <= {path.name for path in REPORT.iterdir()}
