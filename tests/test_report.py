from pathlib import Path

import pandas as pd
import pytest

from deepprune.io.table import write_table
from deepprune.report import as_html, auroc_by_kernels, best_matches, write_page

REPORT = Path(__file__).parents[1] / "report"
MATCH = {"dataset": "a", "Query_ID": "k0", "p-value": 1e-9, "E-value": 1e-6}


@pytest.fixture
def auc():
    rows = [("baseline", 0, 8, 0.8), ("baseline", 1, 8, 0.9), ("deepprune", 0, 4, 0.7), ("deepprune", 1, 4, 0.6)]
    return pd.DataFrame(rows, columns=["method", "seed", "kernels", "auroc"]).assign(dataset="<b>a</b>")


@pytest.fixture
def motifs():
    kernels = {"motif": ["k0", "k1"], "weight": [1.0, -1.0], "sites": [50, 0], "bits": [9.5, 0.0]}
    return pd.DataFrame({"dataset": "a", **kernels, "dead": [False, True], "consensus": ["ACGT", None]})


@pytest.fixture
def tomtom():
    matches = [
        {"database": "jaspar", "Target_ID": "MA1", "Target_name": "CTCF"},
        {"database": "jaspar", "Target_ID": "MA2", "Target_name": "second best"},
        {"database": "implanted", "Target_ID": "mine", "Target_name": None},
    ]
    return pd.DataFrame([MATCH | match for match in matches])


def test_means_over_seeds(auc):
    means = auroc_by_kernels(auc)
    assert means == {"deepprune": {4: pytest.approx(0.65)}, "baseline": {8: pytest.approx(0.85)}}


def test_the_best_match_of_each_set(motifs, tomtom):
    first, second = best_matches(motifs, tomtom).to_dict("records")
    assert first["jaspar"] == {"name": "CTCF", "evalue": 1e-6} and first["implanted"]["name"] == "mine"
    assert second["jaspar"] is None and second["implanted"] is None and second["consensus"] is None


def test_captions_become_html():
    assert "<em>baseline</em>" in as_html(REPORT / "auc.rst")


def test_the_page_holds_everything_and_escapes_names(tmp_path, auc, motifs, tomtom):
    name = "<b>a</b>"
    (tmp_path / "figure.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    counts = dict.fromkeys(("positives", "negatives", "train", "validation", "test"), 10) | {"length": 101}
    tables = {
        "auc": auc,
        "datasets": pd.DataFrame([{"dataset": name} | counts]),
        "motifs": motifs.assign(dataset=name),
        "tomtom": tomtom.assign(dataset=name),
    }
    for table, content in tables.items():
        write_table(content, tmp_path / f"{table}.tsv")
    figure = str(tmp_path / "figure.svg")
    inputs = {table: tmp_path / f"{table}.tsv" for table in tables} | {
        "overview": figure,
        "sizes": figure,
        "curves": [figure],
        "logos": [figure],
        "template": REPORT / "page.html.j2",
        "captions": sorted(REPORT.glob("*.rst")),
    }
    row = {"dataset": name, "format": "simulated", "target": "<script>", "cell_type": ""}
    write_page(inputs, [row], {"datasets": "<i>.tsv"}, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "&lt;b&gt;a&lt;/b&gt;" in page and "<b>a</b>" not in page
    assert "<script" not in page and "<i>" not in page
    assert page.count('src="data:image/svg+xml;base64,') == page.count("<img") == 4
    assert 'src="http' not in page and 'href="http' not in page
    assert "0.650" in page and "CTCF" in page and "1.0e-06" in page and "dead" in page
