"""Simulated data sets of several tasks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from deepprune.data.dataset import TEST, TRAIN, VALIDATION
from deepprune.data.implant import Plan, check_plan, draw_places, implant, task_names
from deepprune.dna.codes import to_text
from deepprune.errors import InputError
from deepprune.io.motif import Motif

PLAN = Plan(60, 200, 30, 50, (0.5, 0.3, 0.2), "both", 0)
OPPOSITE = str.maketrans("ACGT", "TGCA")


def certain(word: str, alt: str = "") -> Motif:
    """Return a motif that has one instance alone."""
    return Motif(word, alt, np.eye(4)[["ACGT".index(base) for base in word]], 20)


MOTIFS = [certain("ACGGTTCA", "one"), certain("TTTTGGCAAC", "two"), certain("GATCCAA")]


def test_labels_and_table_say_what_the_sequences_hold() -> None:
    data, table = implant(MOTIFS, PLAN, 1)
    assert data.codes.shape == (280, 60) and data.tasks == ("one", "two", "GATCCAA")
    assert [len(data.rows(part)) for part in (TRAIN, VALIDATION, TEST)] == [200, 30, 50]
    texts, words = to_text(data.codes), dict(zip(data.tasks, ("ACGGTTCA", "TTTTGGCAAC", "GATCCAA"), strict=True))
    labels = np.zeros_like(data.labels)
    for row in table.itertuples():
        word = texts[row.row][row.start : row.end]
        assert (word if row.strand == "+" else word.translate(OPPOSITE)[::-1]) == words[row.task]
        labels[row.row, data.tasks.index(row.task)] = 1
    np.testing.assert_array_equal(labels, data.labels)
    assert set(table["strand"]) == {"+", "-"} and table["row"].is_monotonic_increasing
    following = table.groupby("row")["start"].shift(-1)
    assert (table["end"] <= following.fillna(60)).all() and (table["start"] >= 0).all()


def test_numbers_motifs_and_strands_are_drawn_as_the_plan_says() -> None:
    _, table = implant(MOTIFS, PLAN._replace(training=6000), 2)
    numbers = table.groupby("row").size().value_counts().sort_index()
    assert chisquare(numbers, 6080 * np.array(PLAN.numbers)).pvalue > 0.001
    assert chisquare(table.groupby(["task", "strand"]).size()).pvalue > 0.001
    _, one = implant(MOTIFS, PLAN._replace(strands="one"), 2)
    assert set(one["strand"]) == {"+"}


def test_instances_follow_the_probabilities() -> None:
    motif = Motif("m", "", np.array([[0.7, 0.1, 0.1, 0.1], [0.0, 0.5, 0.5, 0.0]]), 20)
    plan = Plan(20, 4000, 1, 1, (1.0,), "one", 0)
    data, table = implant([motif], plan, 3)
    letters = data.codes[table["row"].to_numpy()[:, None], table["start"].to_numpy()[:, None] + np.arange(2)]
    first = np.bincount(letters[:, 0], minlength=4)
    assert chisquare(first, len(table) * motif.probabilities[0]).pvalue > 0.001
    assert set(letters[:, 1]) == {1, 2}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(2, 9), min_size=1, max_size=4), st.integers(1, 3), st.integers(0, 4), st.integers(0, 10**6))
def test_gaps_fill_the_length(widths: list[int], number: int, gap: int, seed: int) -> None:
    plan = PLAN._replace(gap=gap)
    drawn = draw_places(widths, (50, number), plan, np.random.default_rng(seed))
    ends = drawn.starts + np.array(widths)[drawn.motifs]
    assert (drawn.starts[:, 0] >= gap).all() and (ends[:, -1] + gap <= plan.length).all()
    assert (drawn.starts[:, 1:] - ends[:, :-1] >= gap).all()


def test_a_lone_motif_lies_anywhere() -> None:
    # With one motif the gap before it is a share u / (u + v) of what is left: symmetrical around the middle.
    starts = draw_places([10], (20_000, 1), PLAN, np.random.default_rng(5)).starts.ravel()
    assert starts.min() == 0 and starts.max() == 50
    assert abs(starts.mean() - 25) < 0.4
    assert abs((starts < 10).mean() - (starts > 40).mean()) < 0.01


def test_motifs_that_fill_the_sequence_leave_no_gaps() -> None:
    drawn = draw_places([20], (5, 3), PLAN, np.random.default_rng(0))
    assert drawn.starts.tolist() == [[0, 20, 40]] * 5


def test_seed_plan_and_motifs_decide() -> None:
    first, table = implant(MOTIFS, PLAN, 1)
    again, same = implant(MOTIFS, PLAN, 1)
    assert np.array_equal(first.codes, again.codes) and table.equals(same)
    for motifs, plan, seed in ((MOTIFS, PLAN, 2), (MOTIFS[:2], PLAN, 1), (MOTIFS, PLAN._replace(gap=1), 1)):
        assert not np.array_equal(first.codes, implant(motifs, plan, seed)[0].codes)


def test_names_of_tasks_are_unique() -> None:
    assert task_names([certain("AC", "x"), certain("AG", "x"), certain("AT", "y"), certain("CC")]) == (
        "AC",
        "AG",
        "y",
        "CC",
    )


def test_motifs_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="no motifs"):
        check_plan([], PLAN)
    check_plan([certain("A" * 20)], PLAN)
    with pytest.raises(InputError) as caught:
        check_plan([certain("AC"), certain("A" * 20)], PLAN._replace(gap=1))
    assert str(caught.value).startswith(
        f"3 instances of the motif {'A' * 20}, 20 bp wide, with gaps of 1 bp need 64 bp"
    )
    assert "multitask.length is 60; raise it, lower multitask.gap or shorten multitask.numbers" in str(caught.value)


def test_room_that_gaps_never_fill() -> None:
    with pytest.raises(InputError, match=r"40 instances leave 1 of multitask.length 41 bp, which gaps in proportion"):
        draw_places([1], (1, 40), PLAN._replace(length=41), np.random.default_rng(0))
