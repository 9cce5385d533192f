import re
from dataclasses import replace
from pathlib import Path

import answers
import pandas as pd
import pytest
import yaml
from hypothesis import given
from markup import LINES, NAMES, PAGES, Parts, with_names
from networks import with_architecture
from options import DEFAULT

from deepprune.io.motif import write_meme
from deepprune.io.table import read_table, write_table
from deepprune.keys import KIND_COLUMNS
from deepprune.report.front_page import FrontPageFiles, Link, Run, auroc_by_kernels, network_sentence, write_front_page

REPORT = Path(__file__).parents[2] / "report"
NETWORKS = {"chipseq": {"strands": "both", "background": 5, "distinct": True}}
OPTIONS = {group: DEFAULT[group] for group in ("model", "prune")}


# Motifs that are as frequent in negatives, or rarer in positives
OTHERS = (
    {"motif": "motif_3", "members": "k5", "match": "GREY", "consensus": "AAAATT", "p-value": 0.06},
    {"motif": "motif_4", "members": "k6", "match": "RARE", "consensus": "CCCCTT", "positives": 0.1},
)


@pytest.fixture
def auc() -> pd.DataFrame:
    rows = [("baseline", "-", 0, 8, 0.8), ("baseline", "-", 1, 8, 0.9)]
    rows += [("deepprune", "weight", 0, 4, 0.7), ("deepprune", "weight", 1, 4, 0.6), ("deepprune", "loss", 0, 4, 0.5)]
    rows += [("circular", "-", 0, 1, 0.55)]
    table = pd.DataFrame(rows, columns=["method", "criterion", "seed", "kernels", "auroc"]).assign(dataset="<b>a</b>")
    return with_architecture(table).assign(auroc_background=None)


def test_means_over_seeds_and_never_over_criteria(auc: pd.DataFrame) -> None:
    further = {"baseline": {8: pytest.approx(0.85)}, "circular": {1: 0.55}}
    means = auroc_by_kernels(auc)
    assert means == {"deepprune": {4: pytest.approx(0.65)}, "deepprune (loss)": {4: 0.5}, **further}
    assert list(means) == ["deepprune", "deepprune (loss)", "baseline", "circular"]
    turned = auroc_by_kernels(auc, ["loss", "weight"])
    assert turned == {"deepprune": {4: 0.5}, "deepprune (weight)": {4: pytest.approx(0.65)}, **further}


def write_files(folder, auc, name):
    """Write what the front page of a study of one data set of that name is made of."""
    (folder / "figure.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    write_table(auc, folder / "auc.tsv")
    rates = {"form": ["untrimmed", "trimmed"], "motifs": 8, "matched": [8, 6], "rate": [1, 0.75], "null_rate": 0.125}
    rates |= {"null_low": 0, "null_high": 0.25, "p-value": 0.0099}
    write_table(pd.DataFrame({"dataset": name, **rates}), folder / "rates.tsv")
    comparison = {"dataset": name, "method": "deepprune", "criterion": "loss", "kernels": 4, "auroc_background": 0.85}
    comparison |= {"seeds": 2} | dict.fromkeys(("motifs_add", "motifs_add_low", "motifs_add_high"), 0.0625)
    tables = {
        "datasets": pd.DataFrame([{"dataset": name, "against": "genomic"}]),
        "models": answers.models(name),
        "motifs": answers.motifs(name, {}, {"motif": "motif_2", "match": None, "consensus": "GGCGCC"}, *OTHERS),
        "comparison": pd.DataFrame([comparison]),
    }
    for table, content in tables.items():
        write_table(content, folder / f"{table}.tsv")
    names = [f"motif_{number}" for number in range(1, 5)]
    write_meme(folder / "motifs.meme", [replace(answers.MATRIX, name=motif) for motif in names])
    files = {table: folder / f"{table}.tsv" for table in (*tables, "auc", "rates")}
    files |= dict.fromkeys(("overview", "sizes", "resources"), folder / "figure.svg")
    return FrontPageFiles(**files, matrices=[folder / "motifs.meme"], captions=sorted(REPORT.glob("*.rst")))


def test_the_front_page_holds_everything_and_escapes_names(tmp_path, auc):
    name = "<b>a</b>"
    files = write_files(tmp_path, auc, name)
    row = {"dataset": name, "format": "simulated", "target": "<script>", "cell_type": ""}
    write_front_page(files, Run([row], OPTIONS | {"datasets": "<i>.tsv"}, NETWORKS), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "&lt;b&gt;a&lt;/b&gt;" in page and "<b>a</b>" not in page
    assert page.count("<script") == 1 and "<i>.tsv" not in page
    assert page.count('src="data:image/svg+xml;base64,') == 3 and page.count("<img") == 3 + 2
    assert "windows of the genome with the positives&#39; GC content" in page and "CTCF" in page and "no known" in page
    assert "+0.125" in page and "+0.062" in page and "0.850 to 0.900" in page
    assert "GREY" not in page and "RARE" not in page and "most important motifs that positives hold more often" in page
    assert "Mean AUROC over 2 seeds" in page and ">deepprune (loss)</td>" in page and "<th>1</th>" in page
    assert "href=" in page and not re.search("paper|replication|stud(y|ies)", page, re.IGNORECASE)
    assert "0.650" in page and "<td>0.75</td>" in page and "<td>1.00</td>" not in page
    link = Link("replication.html", "Replication of <A & B>")
    write_front_page(files, Run([row], DEFAULT, NETWORKS), tmp_path / "report.html", link)
    page = (tmp_path / "report.html").read_text()
    assert '<a href="replication.html">Replication of &lt;A &amp; B&gt;</a>' in page


def page_of(folder, auc, *motifs):
    """Write the front page of a data set with these motifs, and return its text."""
    name = "<b>a</b>"
    files = write_files(folder, auc, name)
    write_table(answers.motifs(name, *motifs), files.motifs)
    row = {"dataset": name, "format": "bed", "target": "", "cell_type": ""}
    write_front_page(files, Run([row], DEFAULT, NETWORKS), folder / "report.html")
    return (folder / "report.html").read_text()


def test_the_answer_is_first(tmp_path, auc):
    page = page_of(tmp_path, auc, {})
    order = ["<h1", "better than chance", "single motif, motif_1 (CTCF)", 'id="answers"', 'id="networks"', "Networks: "]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    assert page.index("step by step") > page.index('id="networks"')


def test_several_data_sets_begin_with_their_table(tmp_path, auc):
    files, names = write_files(tmp_path, auc, "a"), ["a", "b"]
    for path in (files.datasets, files.models, files.motifs, files.comparison, files.rates, files.auc):
        table = read_table(path)
        write_table(pd.concat([table.assign(dataset=name) for name in names]), path)
    files = files._replace(matrices=files.matrices * 2)
    rows = [{"dataset": name, "format": "bed", "target": "", "cell_type": ""} for name in names]
    write_front_page(files, Run(rows, DEFAULT, NETWORKS), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "better than chance" not in page and "2 data sets" in page and "largest is on top" in page
    assert page.index('id="answers"') < page.index('id="networks"')


def test_without_an_enriched_motif_this_is_told(tmp_path, auc):
    assert "none enriched" in page_of(tmp_path, auc, *OTHERS)
    assert "none enriched" not in page_of(tmp_path, auc, {}, *OTHERS)


def test_one_seed_has_no_mean(tmp_path, auc):
    page = page_of(tmp_path, auc[auc["seed"] == 0], {})
    assert "<h3>AUROC</h3>" in page and "Mean AUROC" not in page


def test_a_long_name_may_break_in_every_table(tmp_path, auc):
    page = page_of(tmp_path, auc, {})
    cells = re.findall(r"<td class=\"([^\"]*)\">(?:<a [^>]*>)?&lt;b&gt;a", page)
    assert cells == ["text name"] * 3
    assert re.search(r"h1 \{[^}]*overflow-wrap: anywhere", page)


def test_the_background_has_a_row_of_its_own(tmp_path, auc):
    row = {"dataset": "<b>a</b>", "format": "bed", "target": "", "cell_type": ""}
    pages = []
    for background in (None, 0.5625):
        files = write_files(tmp_path, auc.assign(auroc_background=background), row["dataset"])
        write_front_page(files, Run([row], DEFAULT, NETWORKS), tmp_path / "report.html")
        pages.append((tmp_path / "report.html").read_text())
    assert ">background alone</td>" not in pages[0]
    assert '<td class="text">background alone</td><td colspan="3">0.562</td>' in pages[1]


def test_many_data_sets_have_boxes_and_names_instead_of_logos(tmp_path, auc, monkeypatch):
    row = {"dataset": "<b>a</b>", "format": "bed", "target": "CTCF", "cell_type": "K562"}
    pages = []
    for many in (1, 0):
        monkeypatch.setattr("deepprune.report.front_page.MANY", many)
        files = write_files(tmp_path, auc, row["dataset"])
        write_front_page(files, Run([row], DEFAULT, NETWORKS), tmp_path / "report.html")
        pages.append((tmp_path / "report.html").read_text())
    few, many = pages
    assert [page.count('<div class="scroll tall">') for page in pages] == [0, 3]
    assert [page.count('<a href="#overview">') for page in pages] == [0, 1]
    assert [page.count("CTCF, K562") for page in pages] == [0, 1]
    assert [page.count('<th class="text sort">against</th>') for page in pages] == [1, 0]
    assert "AUROC against windows of the genome with" in many and "AUROC against windows" not in few
    assert many.count("<img") == 3 and "<code>ACGTA</code>" in many and "<code>GGCGCC</code>" in many


def test_the_network_is_told_in_a_sentence():
    plain = {"strands": "one", "background": "none", "distinct": False}
    ladder = {"start": 8, "final": 2}
    rest = ", the largest activation of each kernel, and a linear output"
    one, pruned = f"one convolution that scans one strand{rest}", "pruned from 8 to 2 kernels."
    assert network_sentence({"chipseq": plain}, ladder) == f"Networks: {one}; {pruned}"
    words = {"strands": "both", "background": 5, "distinct": True}
    both = (
        f"one convolution that scans both strands{rest} beside a background, linear in the counts of words of 5 letters"
    )
    both += ", no two kernels for one motif if possible"
    assert network_sentence({"chipseq": words, "simulated": words}, ladder) == f"Networks: {both}; {pruned}"
    assert "words of two halves with a gap" in network_sentence({"chipseq": words | {"background": "gapped"}}, ladder)
    text = f"Networks of real data sets, {both}; of simulated data sets, {one}; {pruned}"
    assert network_sentence({"chipseq": words, "simulated": plain}, ladder) == text


@PAGES
@given(name=LINES, option=NAMES)
def test_names_of_any_kind_are_text_and_nothing_else(tmp_path_factory, name, option):
    folder = tmp_path_factory.mktemp("page")
    kind = dict(zip(KIND_COLUMNS, ("few_kernel", "deepprune", "weight", 4), strict=True))
    networks = pd.DataFrame({**kind, "seed": [0], "auroc": 0.7, "auroc_background": None})
    pages = []
    for chosen in ("plain", name):
        files = write_files(folder, networks.assign(dataset=chosen), chosen)
        row = {"dataset": chosen, "format": "bed", "target": "", "cell_type": ""}
        write_front_page(files, Run([row], DEFAULT | {"select": option}, NETWORKS), folder / "report.html")
        pages.append(Parts((folder / "report.html").read_bytes().decode()).found)
    plain, page = pages
    assert page == with_names(plain, {"plain": name})
    shown = "".join(part[0] for part in page if isinstance(part, list))
    assert yaml.safe_dump({"select": option}) in shown
