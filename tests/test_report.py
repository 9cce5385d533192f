from pathlib import Path

import pandas as pd
import pytest

from deepprune.io.table import write_table
from deepprune.report import as_html, auroc_by_kernels, embedded, write_front_page

REPORT = Path(__file__).parents[1] / "report"


@pytest.fixture
def auc():
    rows = [("baseline", "-", 0, 8, 0.8), ("baseline", "-", 1, 8, 0.9)]
    rows += [("deepprune", "weight", 0, 4, 0.7), ("deepprune", "weight", 1, 4, 0.6), ("deepprune", "loss", 0, 4, 0.5)]
    rows += [("circular", "-", 0, 1, 0.55)]
    return pd.DataFrame(rows, columns=["method", "criterion", "seed", "kernels", "auroc"]).assign(dataset="<b>a</b>")


def test_means_over_seeds_and_never_over_criteria(auc):
    further = {"baseline": {8: pytest.approx(0.85)}, "circular": {1: 0.55}}
    means = auroc_by_kernels(auc)
    assert means == {"deepprune": {4: pytest.approx(0.65)}, "deepprune (loss)": {4: 0.5}, **further}
    assert list(means) == ["deepprune", "deepprune (loss)", "baseline", "circular"]
    turned = auroc_by_kernels(auc, ["loss", "weight"])
    assert turned == {"deepprune": {4: 0.5}, "deepprune (weight)": {4: pytest.approx(0.65)}, **further}


def test_captions_become_html():
    assert "<em>baseline</em>" in as_html(REPORT / "auc.rst")


def test_figures_become_addresses(tmp_path):
    (tmp_path / "a.png").write_bytes(b"png")
    assert embedded(tmp_path / "a.png") == "data:image/png;base64,cG5n"


def test_the_front_page_holds_everything_and_escapes_names(tmp_path, auc):
    name = "<b>a</b>"
    (tmp_path / "figure.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    write_table(auc, tmp_path / "auc.tsv")
    rates = {"form": ["untrimmed", "trimmed"], "motifs": 8, "matched": [8, 6], "rate": [1, 0.75], "null_rate": 0.125}
    rates |= {"null_low": 0, "null_high": 0.25, "p-value": 0.0099}
    write_table(pd.DataFrame({"dataset": name, **rates}), tmp_path / "rates.tsv")
    inputs = {
        "auc": tmp_path / "auc.tsv",
        "rates": tmp_path / "rates.tsv",
        "overview": tmp_path / "figure.svg",
        "sizes": tmp_path / "figure.svg",
        "resources": tmp_path / "figure.svg",
        "template": REPORT / "front_page.html.j2",
        "captions": sorted(REPORT.glob("*.rst")),
    }
    row = {"dataset": name, "format": "simulated", "target": "<script>", "cell_type": ""}
    write_front_page(inputs, [row], {"datasets": "<i>.tsv"}, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "&lt;b&gt;a&lt;/b&gt;" in page and "<b>a</b>" not in page
    assert "<script" not in page and "<i>" not in page
    assert page.count('src="data:image/svg+xml;base64,') == page.count("<img") == 3
    assert "Mean AUROC over 2 seeds" in page and ">deepprune (loss)</td>" in page and "<th>1</th>" in page
    assert 'href="replication.html"' not in page
    assert "0.650" in page and "<td>0.75</td>" in page and "<td>1.00</td>" not in page
    write_front_page(inputs, [row], {}, tmp_path / "report.html", "replication.html")
    assert 'href="replication.html"' in (tmp_path / "report.html").read_text()
