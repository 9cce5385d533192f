import re
from pathlib import Path
from typing import Any

import answers
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from markup import LINES, NAMES, PAGES, Parts, with_names

from deepprune.data.formats import FORMATS
from deepprune.data.skipped import REASONS
from deepprune.io.fasta import Record
from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import read_table, write_table
from deepprune.report.dataset_page import KINDS, PageFiles, bars, best_matches, site_lines, strongest, write_page

REPORT = Path(__file__).parents[2] / "report"
KERNELS = {"k0": {"trimmed_start": 1, "trimmed_width": 3, "weight": 1.0, "distinct": "motif_2"}}
TOMTOM = pd.DataFrame(
    [
        {
            "Query_ID": "k0",
            "database": database,
            "Target_ID": target,
            "Target_name": name,
            "p-value": p,
            "E-value": 800 * p,
        }
        | {"Orientation": "-" if target == "MA1" else "+", "Optimal_offset": 1}
        for database, target, name, p in (
            ("jaspar", "MA1", "CTCF<script>", 1e-9),
            ("implanted", "mine", None, 1e-8),
            ("jaspar", "MA2", "second", 1e-7),
        )
    ]
)


def test_bars_by_hand() -> None:
    # Shares 1/4 and 3/4 of positives, 1 and 0 of negatives; roots 1/2, 0.866, 1, 0.
    assert bars(np.array([1, 3]), np.array([5, 0]), 20) == [(10, 20), (pytest.approx(17.3205), 0)]
    assert bars(np.zeros(2, int), np.array([0, 1]), 20) == [(0, 0), (0, 20)]


def test_best_matches_of_a_database() -> None:
    assert [match["name"] for match in best_matches(TOMTOM, "k0", "jaspar")] == ["CTCF<script>", "second"]
    assert best_matches(TOMTOM, "k0", "implanted") == [{"name": "mine", "evalue": pytest.approx(8e-6)}]
    assert best_matches(TOMTOM, "k1", "jaspar") == []


def test_sites_stand_below_their_places() -> None:
    sequence = "A" * 40 + "CCGTC" + "A" * 60 + "TTGTT" + "A" * 5
    sites = [
        {"motif": "k0", "start": 40, "end": 45, "strand": "+", "word": "CCGTC", "contribution": 2.5},
        {"motif": "k0", "start": 105, "end": 110, "strand": "+", "word": "TTGTT", "contribution": 1.0},
    ]
    positions, text, *found = [line["text"] for line in site_lines(sequence, sites, KERNELS)]
    assert text == "A" * 12 + "CCGTC" + "A" * 12 + " ... " + "A" * 12 + "TTGTT" + "A" * 5
    assert positions == "29" + " " * 32 + "94"
    assert [word.strip() for word in found] == ["cCGTc", "tTGTt"]
    for word, site in zip(found, sites, strict=True):
        column = len(word) - 5
        assert text[column : column + 5] == site["word"]


def test_a_site_on_the_reverse_strand_is_written_forward() -> None:
    kernels = {"k0": {"trimmed_start": 0, "trimmed_width": 3, "weight": 1.0, "distinct": ""}}
    site = {"motif": "k0", "start": 2, "end": 7, "strand": "-", "word": "TGACC", "contribution": 2.5}
    *_, line = site_lines("AAGGTCATT", [site], kernels)
    assert line["text"] == "  ggTCA" and line["kernel"] == "k0, reverse strand,"


def test_neighbouring_sites_share_a_stretch() -> None:
    sites = [
        {"motif": "k0", "start": start, "end": start + 5, "strand": "+", "word": "AAAAA", "contribution": 1}
        for start in (0, 30)
    ]
    assert site_lines("A" * 50, sites, KERNELS)[1]["text"] == "A" * 47
    _, text, note = [line["text"] for line in site_lines("A" * 50, [], KERNELS)]
    assert text == "A" * 48 + " ... " and note == "no window is active enough to be a site"


def test_a_site_names_the_distinct_motif_of_its_kernel() -> None:
    site = {"motif": "k0", "start": 2, "end": 7, "strand": "-", "word": "TGACC", "contribution": 2.5}
    *_, line = site_lines("AAGGTCATT", [site], KERNELS)
    assert line["kernel"] == "k0 (motif_2), reverse strand,"


def titles(header: str) -> list[str]:
    """Return the titles of one strongest sequence without sites."""
    sites = pd.DataFrame(columns=["sequence", "motif", "start", "end", "strand", "word", "contribution"])
    (seed,) = strongest([Record(header, "ACGTACGT")], sites, pd.DataFrame([{"motif": "k0", **KERNELS["k0"]}]))
    return [sequence["title"] for sequence in seed["sequences"]]


def test_titles_hold_place_and_name() -> None:
    header = "seed0_1 seed=0 logit=2.5 background=-0.001 bound=1"
    # Places are counted from 1 here, and from 0 in the file.
    named = titles(f"{header} place=chr1:100-201 name=my peak = 3")
    assert named == ["seed0_1, chr1:101-201, my peak = 3: logit 2.50, background 0.00, bound"]
    # A peak without a name is called after its own place, which is not the sequence's.
    assert titles(f"{header} place=chr1:100-201 name=chr1:90-250")[0].startswith("seed0_1, chr1:101-201: logit")
    assert titles(f"{header} name=chr1:90-250/shuffle")[0].startswith("seed0_1: logit")
    assert titles(f"{header} name=record_7")[0].startswith("seed0_1, record_7: logit")


def test_all_formats_have_names() -> None:
    assert set(KINDS) == set(FORMATS)


def test_sequences_by_seed() -> None:
    records = [Record(f"seed{seed}_1 seed={seed} logit=2.5000 bound={seed}", "ACGTACGT") for seed in (0, 1)]
    table = pd.DataFrame([{"motif": "k0", **KERNELS["k0"]}])
    sites = pd.DataFrame(
        [("seed1_1", "k0", 0, 5, "+", "ACGTA", -0.5)],
        columns=["sequence", "motif", "start", "end", "strand", "word", "contribution"],
    )
    first, second = strongest(records, sites, table)
    assert (first["seed"], second["seed"]) == ("0", "1")
    assert first["sequences"][0]["title"] == "seed0_1: logit 2.50, not bound"
    assert second["sequences"][0]["title"].endswith(", bound")
    assert second["sequences"][0]["lines"][2]["contribution"] == -0.5


def write_files(
    folder: Path, name: str, simulated: bool, tomtom: pd.DataFrame = TOMTOM, found: str = "mine", logos: bool = True
) -> PageFiles:
    """Write what the page of a data set of that name is made of."""
    kernels = pd.DataFrame(
        {"dataset": name, "criterion": "loss", "motif": ["k0", "k1"], "weight": [1.0, -1.0], "sites": [50, 0]}
    )
    kernels = kernels.assign(sites=[50, 0], bits=[9.5, 0], auroc=[0.7, 0.5], dead=[False, True], cluster=[1, 0], seed=0)
    kernels = kernels.assign(trimmed_start=0, trimmed_width=[5, 0])
    chance = {"form": ["untrimmed", "trimmed"], "motif": "k0", "null_rate": [0.5, 0.07], "p-value": [0.02, 0.0099]}
    rates = {"form": ["untrimmed", "trimmed"], "motifs": [1, 0], "matched": [1, 0]}
    rates |= {key: [0.125, None] for key in ("rate", "null_rate", "null_low", "null_high", "p-value")}
    counts = dict.fromkeys(("positives", "negatives", "train", "validation", "test"), 10) | {"length": 101}
    counts |= dict.fromkeys(REASONS, 0) | {
        "with_n": 1234,
        "rows": 20,
        "overlapping": 6,
        "against": "shuffle",
        "most": 2500,
    }
    site = {
        "sequence": "seed0_1",
        "motif": "k0",
        "start": 1,
        "end": 6,
        "strand": "+",
        "word": "CGTAC",
        "contribution": 3.25,
    }
    added = {column: [0.05, 0.2, None] for column in ("auroc_kernels", "motifs_add", "motifs_add_low", "motifs_add_p")}
    comparison = {"method": ["deepprune", "deepprune", "baseline"], "criterion": ["loss", "weight", "-"], "kernels": 4}
    comparison |= {"seeds": 2, "auroc": 0.875, "auroc_background": 0.825, "motifs_add_high": [0.075, 0.3, None]} | added
    tables = {
        "model": answers.models(name, seed=0),
        "distinct": answers.motifs(name, {"match": tomtom["Target_name"].iloc[0]})[: int(logos)],
        "positions": answers.positions(name),
        "comparison": pd.DataFrame(comparison),
        "summary": pd.DataFrame([{"dataset": name} | counts]),
        "kernels": kernels.assign(consensus=["ACGTA", None]),
        "histograms": pd.DataFrame({"motif": ["k0", "k1"], "from": 0.0, "to": 2.0, "positives": 3, "negatives": 4}),
        "sites": pd.DataFrame([site]),
        "tomtom": tomtom,
        "chance": pd.DataFrame(chance),
        "rates": pd.DataFrame(
            rates | {key: [0.125, None] for key in ("null_rate", "null_low", "null_high", "p-value")}
        ),
        "counts": pd.DataFrame(
            [{"method": "deepprune", "kernels": 4, "seed": 0, "implanted": 2, "found": 1, "names": found}]
        ),
    }
    files: dict[str, Any] = {}
    for table, content in tables.items():
        files[table] = folder / f"{table}.tsv"
        write_table(content, files[table])
    write_meme(folder / "motifs.meme", [answers.MATRIX] if logos else [])
    write_meme(folder / "known.meme", [Motif("MA1", "CTCF", np.eye(4), 50)])
    write_meme(folder / "kernels.meme", [Motif("k0", "", np.full((5, 4), 0.25), 50)] if logos else [])
    (folder / "strongest.fa").write_text(">seed0_1 seed=0 logit=5.0 bound=1\nACGTACGT\n")
    (folder / "figure.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    counts = files.pop("counts")
    return PageFiles(
        **files,
        matrices=folder / "motifs.meme",
        known=[folder / "known.meme"],
        motifs=folder / "kernels.meme",
        strongest=folder / "strongest.fa",
        curve=folder / "figure.svg",
        profile=folder / "figure.svg",
        recovery=[folder / "figure.svg"] * 2 if simulated else [],
        counts=counts if simulated else None,
        captions=sorted(REPORT.glob("*.rst")),
    )


@pytest.mark.parametrize("simulated", [True, False])
def test_the_page_holds_everything_and_escapes_names(tmp_path: Path, simulated: bool) -> None:
    name = "<b>a</b>"
    files = write_files(tmp_path, name, simulated)
    row = {"dataset": name, "format": "simulated" if simulated else "bed", "target": "<script>", "cell_type": ""}
    write_page(files, row, [8, 4] if simulated else [], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "&lt;b&gt;a&lt;/b&gt;" in page and "<b>a</b>" not in page
    assert page.count("<script") == 1 and "CTCF&lt;script&gt;" in page
    # The curve, the profile, a motif and a kernel with their reverse complements, the known motif above the motif, and
    # the two figures of simulated sets.
    assert page.count('src="data:image/') == page.count("<img") == (9 if simulated else 7)
    assert set(re.findall(r'(?:href|src)="([^"#:]*)', page)) == {"../report.html", "data"}
    assert "reverse complement</span>" in page and "dead" in page
    assert "<p>seed 0: 2 kernels, one distinct motif.</p>" in page
    assert re.findall(r'<td class="text">(motif_\d+)</td>', page) == ["motif_1"]  # of k0; k1 has none
    assert (">mine" in page) == simulated
    assert page.count("<rect") == 4 + 4 and page.count("<svg") == 1 + 2
    assert "cgtac" not in page and "CGTAC" in page and "+3.25" in page
    assert ("Implanted motifs recovered" in page) == simulated
    assert "10 negatives (dinucleotide shuffles of the positives)" in page
    assert "<li>4 kernels: AUROC 0.875 (0.850 to 0.900) against dinucleotide shuffles of the positives, better" in page
    assert "<td>2 of 3</td>" in page and '>50.0 %<br><span class="none">50 sites</span></td>' in page
    assert '<td data-value="0.25">25.0 %</td>' in page
    assert "left out:\n1,234 (the window holds N)." in page and "with_n" not in page and "6 sequences overlap" in page
    assert "E 8e-7,\nshuffled 0.07" in page and "<td>0.0099</td>" in page


def write_motifs_page(folder: Path, **changed: Any) -> str:
    """Write the page of a real data set whose motif differs so from the usual one, and return its text."""
    files = write_files(folder, "set", False)
    write_table(answers.motifs("set", changed), files.distinct)
    write_page(files, {"dataset": "set", "format": "bed", "target": "", "cell_type": ""}, [], folder / "page.html")
    return (folder / "page.html").read_text()


@pytest.mark.parametrize(
    ("changed", "notes", "grey"),
    [
        ({}, [], False),
        ({"weight": -1.0}, ["against binding"], False),
        ({"positives": 0.1}, ["rarer in positives"], False),
        ({"positives": 0.1, "weight": -1.0}, ["rarer in positives", "against binding"], False),
        ({"positives": 0.1, "p-value": 0.06}, [], True),
        ({"p-value": 1.0, "importance": -0.001}, [], True),
    ],
)
def test_the_table_says_what_a_motif_is(tmp_path: Path, changed: dict[str, Any], notes: list[str], grey: bool) -> None:
    page = write_motifs_page(tmp_path, **changed)
    (row,) = re.findall(r'<tr[^>]*><td class="text">motif_1\n.*?</tr>', page, re.DOTALL)
    assert re.findall(r'<span class="against">(.*?)</span>', row) == notes
    assert row.startswith('<tr class="none">') == grey
    if changed.get("p-value") == 1:
        assert "<td>0.00</td>" in row and 'data-value="1.0">1</td>' in row


def test_a_match_by_chance_does_not_name_the_motif(tmp_path: Path) -> None:
    assert "single motif, motif_1 (CTCF)" in write_motifs_page(tmp_path, match="CTCF")
    assert "single motif, motif_1 (0.750)" in write_motifs_page(tmp_path, match="CTCF", null_p=0.2)


def test_motif_and_composition_stand_apart_where_networks_have_a_background(tmp_path: Path) -> None:
    files = write_files(tmp_path, "set", False)
    row = {"dataset": "set", "format": "bed", "target": "", "cell_type": ""}
    write_page(files, row, [], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    # Of two criteria the first, by which the kernels shown were pruned
    (table,) = re.findall(r'id="parts".*?</table>', page, re.DOTALL)
    assert re.findall("<td>(.*?)</td>", table) == ["4", "0.875", "0.825", "0.050", "+0.050", "+0.050 to +0.075", "0.05"]
    write_table(read_table(files.comparison).assign(auroc_kernels=None), files.comparison)
    write_page(files, row, [], tmp_path / "without.html")
    assert "Motif and composition" not in (tmp_path / "without.html").read_text()


def parts_of_page(folder: Path, names: dict[str, str]) -> list[Any]:
    """Write the page of a data set with these names in it, and read what it is made of."""
    tomtom = TOMTOM.assign(Target_name=[names["matched"], names["implanted"], "second"])
    files = write_files(folder, "set", True, tomtom, names["found"], logos=False)
    row = {"dataset": "set", "format": "simulated", "target": names["target"], "cell_type": names["cell"]}
    write_page(files, row, [8, 4], folder / "page.html")
    return Parts((folder / "page.html").read_bytes().decode()).found


PLAIN = {key: f"plain-{key}" for key in ("target", "cell", "matched", "implanted", "found")}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    parts = parts_of_page(tmp_path_factory.mktemp("plain"), PLAIN)
    assert [name for name in PLAIN.values() if name not in str(parts)] == []
    return parts


@PAGES
@given(target=NAMES, cell=NAMES, matched=LINES, implanted=LINES, found=LINES)
def test_names_of_any_kind_are_text_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, plain: list[Any], **names: str
) -> None:
    page = parts_of_page(tmp_path_factory.mktemp("page"), names)
    assert page == with_names(plain, {PLAIN[key]: name for key, name in names.items()})
