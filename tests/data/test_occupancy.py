"""Motif occupancy: labels, bins and matching, worked by hand; properties of matching."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data.occupancy import (
    Plan,
    joint_bins,
    match,
    matching_table,
    overlapped,
    strength_within,
    strongest,
    thinned,
)
from deepprune.data.prepare import Prepared, prepare
from deepprune.data.readers import DataOptions
from deepprune.data.seeds import sequence_ranks
from deepprune.dna.codes import gc_counts, to_text
from deepprune.errors import InputError

PLAN = Plan(101, 0.02, 0.2, "centred", 0)
HIT = "{}\t{}\t{}\tM\t400\t{}\t{}\t9.0\t{}\n"


def places(*rows: tuple[Any, ...], columns: str = "chrom start end") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


# Labels


def test_a_place_is_bound_if_it_shares_a_base_with_a_peak() -> None:
    peaks = places(("a", 100, 200), ("a", 150, 160), ("a", 300, 300), ("b", 0, 10), ("a", 180, 220))
    rows = {(0, 100): False, (0, 101): True, (219, 300): True, (220, 320): False, (120, 130): True, (90, 400): True}
    found = overlapped(places(*(("a", *place) for place in rows), ("b", 9, 12), ("c", 100, 200)), peaks)
    assert found.tolist() == [*rows.values(), True, False]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=6), st.integers(0, 40), st.integers(1, 12))
def test_labels_are_those_of_single_bases(peaks: list[tuple[int, int]], start: int, width: int) -> None:
    table = places(*(("a", first, first + size) for first, size in peaks))
    bases = {base for first, size in peaks for base in range(first, first + size)}
    expected = not bases.isdisjoint(range(start, start + width))
    assert overlapped(places(("a", start, start + width)), table).tolist() == [expected]


def test_of_instances_with_one_middle_the_strongest_stays() -> None:
    rows = [("a", 5, 4.0, "-"), ("a", 5, 4.5, "-"), ("a", 3, 4.0, "+"), ("b", 5, 4.0, "-"), ("b", 5, 4.0, "+")]
    kept = strongest(places(*rows, columns="chrom summit strength strand"))
    assert kept.to_numpy().tolist() == [["a", 3, 4.0, "+"], ["a", 5, 4.5, "-"], ["b", 5, 4.0, "+"]]


def test_the_strongest_instance_wholly_inside_of_a_place() -> None:
    found = places(("a", 10, 16, 4.0), ("a", 12, 18, 5.0), ("b", 10, 16, 6.0), columns="chrom start end strength")
    rows = {(10, 18): 5.0, (10, 17): 4.0, (11, 18): 5.0, (11, 17): 0.0, (0, 100): 5.0, (0, 16): 4.0, (20, 30): 0.0}
    within = strength_within(places(*(("a", *place) for place in rows), ("c", 0, 99)), found)
    assert within.tolist() == [*rows.values(), 0.0]


# Matching


def test_bins_begin_at_multiples_of_their_width() -> None:
    gc = np.array([0, 1, 2, 3, 50, 101]) / 101
    strength = np.array([4.0, 4.19, 4.2, 4.6, 6.0, 7.39])
    # 0.0198 is below 0.02; 4.6 / 0.2 is 22.999999999999996
    assert joint_bins(gc, strength, PLAN).tolist() == [[0, 20], [0, 20], [0, 21], [1, 23], [24, 30], [50, 36]]


def test_each_bin_keeps_as_many_of_both_classes() -> None:
    bins = np.array([[1, 1], [1, 1], [1, 1], [1, 2], [2, 1], [2, 1], [1, 1]])
    bound = np.array([True, False, False, True, True, False, False])
    order = np.array([6, 5, 4, 3, 2, 1, 0])
    assert match(bins, bound, order).tolist() == [True, False, False, False, True, True, True]
    assert match(bins, bound, order[::-1]).tolist() == [True, True, False, False, True, True, False]
    table = matching_table(bins, bound, match(bins, bound, order), PLAN)
    assert table["gc"].tolist() == pytest.approx([0.02, 0.02, 0.04])
    assert table["strength"].tolist() == pytest.approx([0.2, 0.4, 0.2])
    assert table[["bound", "unbound", "matched"]].to_numpy().tolist() == [[1, 3, 1], [1, 0, 0], [1, 1, 1]]


SITES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans()), max_size=30)


@given(SITES, st.randoms(use_true_random=False))
def test_matching_keeps_the_smaller_class_of_each_bin(sites: list[tuple[int, int, bool]], random: Any) -> None:
    order = list(range(len(sites)))
    random.shuffle(order)
    bins, bound = np.array([site[:2] for site in sites]).reshape(-1, 2), np.array([site[2] for site in sites], bool)
    kept = match(bins, bound, np.array(order, int))
    before, after = Counter(sites), Counter(site for site, stays in zip(sites, kept, strict=True) if stays)
    for site in set(sites):
        assert after[site] == min(before[(*site[:2], False)], before[(*site[:2], True)])
    # Those in front of the order stay.
    rank = {site: place for place, site in enumerate(order)}
    for one, other in ((i, j) for i in order for j in order if sites[i] == sites[j]):
        assert not (kept[other] and not kept[one] and rank[one] < rank[other])


@given(SITES, st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_the_rows(sites: list[tuple[int, int, bool]], random: Any) -> None:
    rows = list(range(len(sites)))
    random.shuffle(rows)
    bins, bound = np.array([site[:2] for site in sites]).reshape(-1, 2), np.array([site[2] for site in sites], bool)
    whole = match(bins, bound, np.arange(len(sites)))
    moved = match(bins[rows], bound[rows], np.argsort(rows))
    assert moved.tolist() == whole[rows].tolist()


# A genome with instances of GGGTTTCC every 200 bp, of which peaks cover the first half


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a genome of two chromosomes, peaks on the first 120 of 240 instances of each, and the instances."""
    rng = np.random.default_rng(0)
    hits, peaks, fasta = "", "", ""
    for chrom in ("chr1", "chr2"):
        (text,) = to_text(rng.integers(0, 4, (1, 48_000), dtype=np.uint8))
        for number in range(240):
            at = 200 * number + 90
            text = text[:at] + "GGGTTTCC" + text[at + 8 :]
            hits += HIT.format(chrom, at, at + 8, "+", f"{number}.5", (1e-5, 2e-5, 8e-5)[number % 3])
            peaks += f"{chrom}\t{at - 60}\t{at + 40}\n" if number < 120 else ""
        fasta += f">{chrom}\n{text}\n"
    hits += HIT.format("chrUn", 300, 308, "+", "1.5", 1e-5)
    fasta += f">chrUn\n{'ACGT' * 200}\n"
    for name, content in {"g.fa": fasta, "p.bed": peaks, "i.bed": hits}.items():
        (tmp_path / name).write_text(content)
    return tmp_path


def prepared(folder: Path, position: str = "centred", **options: Any) -> Prepared:
    row = {
        "dataset": "x",
        "format": "occupancy",
        "negatives": "",
        "path": f"{folder}/p.bed",
        "genome": f"{folder}/g.fa",
        "most": str(options.pop("most", "")),
    }
    widths = {"gc": 0.1, "strength": 0.2, "position": position} | options.pop("occupancy", {})
    return prepare(row, DataOptions(occupancy=widths, instances=f"{folder}/i.bed", **options))


def test_windows_are_centred_on_instances_and_matched(folder: Path) -> None:
    made, skipped, summary, beside = prepared(folder)
    texts, positive, origins = to_text(made.codes), made.positive(), made.origins
    assert {text[46:54] for text in texts} == {"GGGTTTCC"}
    assert (origins.start[positive] < 200 * 120).all() and (origins.start[~positive] >= 200 * 120).all()
    assert positive.sum() == (~positive).sum() > 150 and set(origins.chrom) == {"chr1", "chr2"}
    assert set(origins.name) <= {f"{c}:{200 * i + 90}-{200 * i + 98}" for c in ("chr1", "chr2") for i in range(240)}
    assert summary.iloc[0][["rows", "against", "length"]].tolist() == [480, "unbound", 101] and skipped.empty
    bins = np.floor(gc_counts(made.codes) / 101 / 0.1)
    assert Counter(bins[positive]) == Counter(bins[~positive])
    table = beside["matching"]
    assert table[["bound", "unbound"]].sum().tolist() == [240, 240] and table["matched"].sum() == positive.sum()
    assert (table["matched"] == table[["bound", "unbound"]].min(axis=1)).all()
    again = prepared(folder).dataset
    assert (again.codes == made.codes).all() and (again.split == made.split).all()


def test_the_order_of_peaks_and_instances_does_not_matter(folder: Path) -> None:
    first = prepared(folder).dataset
    for name in ("p.bed", "i.bed"):
        lines = (folder / name).read_text().splitlines(keepends=True)
        (folder / name).write_text("".join(lines[::-1]))
    second = prepared(folder).dataset
    assert first.origins.name.tolist() == second.origins.name.tolist()


def test_a_split_by_chromosome(folder: Path) -> None:
    made = prepared(folder, split={"test": ["chr2"]}).dataset
    assert set(made.origins.chrom[made.split == 2]) == {"chr2"}


def test_positives_around_summits(folder: Path) -> None:
    made, _, summary, beside = prepared(folder, "free")
    texts, positive = to_text(made.codes), made.positive()
    # The summit, the middle of the peak, is 10 bp before its instance.
    assert {text[60:68] for text, bound in zip(texts, positive, strict=True) if bound} == {"GGGTTTCC"}
    assert {text[46:54] for text, bound in zip(texts, positive, strict=True) if not bound} == {"GGGTTTCC"}
    assert summary.loc[0, "rows"] == 480 + 240
    assert beside["matching"][["bound", "unbound"]].sum().tolist() == [240, 240]


def test_summits_without_an_instance_are_left_out(folder: Path) -> None:
    with (folder / "p.bed").open("a") as file:
        file.write("chr1\t100\t200\n" * 3)  # around 150, the window ends at 201 and begins behind 98
    assert prepared(folder, "free").beside["matching"]["bound"].sum() == 240


def test_fewer_sites_are_matched_as_well(folder: Path) -> None:
    sets = {most: prepared(folder, most=most) for most in (120, 80, 60)}
    for most, (made, _, summary, beside) in sets.items():
        positive, bins = made.positive(), np.floor(gc_counts(made.codes) / 101 / 0.1)
        assert Counter(bins[positive]) == Counter(bins[~positive])
        assert summary.loc[0, ["most", "positives", "negatives"]].tolist() == [str(most)] + [most] * 2
        assert beside["matching"]["matched"].sum() == most and beside["matching"]["bound"].sum() == 240
    names = {most: set(one.dataset.origins.name) for most, one in sets.items()}
    assert names[60] < names[80] < names[120] < set(prepared(folder).dataset.origins.name)
    # Sites that all match stay as they are.
    assert (prepared(folder, most=999).dataset.codes == prepared(folder).dataset.codes).all()


def test_the_choice_of_fewer_favours_no_bin() -> None:
    # Two bins of 300 sites of each class, matched already
    rng = np.random.default_rng(0)
    codes, bound = rng.integers(0, 4, (1200, 12), dtype=np.uint8), np.arange(1200) % 2 == 0
    bins = np.repeat([[0, 0], [0, 1]], 600, axis=0)
    few = thinned(codes, bins, bound, PLAN._replace(most=200))
    counts = [int((few & (bins[:, 1] == number) & (bound == label)).sum()) for number in (0, 1) for label in (0, 1)]
    assert counts[0] == counts[1] and counts[2] == counts[3] and sum(counts) == 400 and 70 < counts[0] < 130
    # The bound are the first in the order of their sequences.
    first = sequence_ranks(codes, np.flatnonzero(bound), PLAN.seed, "most")[:200]
    assert set(np.flatnonzero(few & bound)) == set(first)


def test_duplicates_leave_before_the_matching(folder: Path) -> None:
    text = (folder / "g.fa").read_text().split("\n")
    (folder / "g.fa").write_text("\n".join([text[0], text[1], text[2], text[1], *text[4:]]))
    made, skipped, *_ = prepared(folder)
    assert (skipped["reason"] == "duplicate").sum() == 240
    assert made.positive().sum() * 2 == len(made.codes)


def complaint(folder: Path, **options: Any) -> str:
    with pytest.raises(InputError) as error:
        prepared(folder, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_input_that_is_wrong(folder: Path) -> None:
    peaks, hits = (folder / "p.bed").read_text(), (folder / "i.bed").read_text()
    (folder / "p.bed").write_text("chr1\t10\t20\nchr2\t10\t20\n")
    assert "none of 480 instances of the motif is bound" in complaint(folder)
    (folder / "p.bed").write_text("chr1\t0\t48000\n")
    assert "none of 240 instances of the motif is unbound" in complaint(folder)
    (folder / "p.bed").write_text(peaks.replace("chr", "contig"))
    assert "the genome has the chromosomes of none of the 240 peaks" in complaint(folder)
    (folder / "p.bed").write_text(">a\nACGT\n")
    assert "holds sequences (FASTA), not peaks" in complaint(folder)
    (folder / "p.bed").write_text(peaks)
    (folder / "i.bed").write_text("")
    assert "the genome holds no instance of the motif" in complaint(folder)
    (folder / "i.bed").write_text(hits.splitlines(keepends=True)[-1])
    assert "none of 0 instances of the motif is bound" in complaint(folder)
    weak = hits.splitlines(keepends=True)[120:240]
    strong = [line.rsplit("\t", 1)[0] + "\t1e-09\n" for line in hits.splitlines(keepends=True)[:120]]
    (folder / "i.bed").write_text("".join(strong + weak))
    assert "no bin of GC content and motif strength holds both" in complaint(folder)
