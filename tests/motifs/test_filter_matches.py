"""Motifs of filters beside the motifs of JASPAR 2016."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.io.jaspar import read_jaspar
from deepprune.io.motif import Motif, by_name
from deepprune.motifs.filter_matches import COLUMNS, Comparison, match_filters
from deepprune.motifs.null import shuffled_columns
from deepprune.motifs.relevant import Relevant, read_relevant, relevant_motifs
from deepprune.motifs.tomtom import tomtom

DRAWS = 3
JASPAR = read_jaspar("JASPAR2016")
KNOWN = by_name(JASPAR)
TABLE = read_relevant(str(Path(__file__).parents[2] / "resources/koo_eddy/relevant.tsv"))
RELEVANT = relevant_motifs(list(dict.fromkeys(TABLE["task"])), JASPAR, TABLE)
COMPARISON = Comparison(JASPAR, RELEVANT, 0.1, DRAWS, 0)


def named(name: str, motif: Motif) -> Motif:
    return dataclasses.replace(motif, name=name, alt="")


def unlike(name: str) -> Motif:
    """Return a motif that is like no known one."""
    letters = np.array(list("TACGATCGCGTA"))[:, None]
    return Motif(name, "", np.where(np.array(list("ACGT")) == letters, 0.85, 0.05), 50)


QUERIES = [
    named("mafk", KNOWN["MA0496.1"]),
    named("mafk_turned", KNOWN["MA0496.1"].reverse_complement()),
    named("nfyb", KNOWN["MA0502.1"]),
    named("nfya", KNOWN["MA0060.2"]),  # on the other strand than that of NFYB
    named("nfya_turned", KNOWN["MA0060.2"].reverse_complement()),
    named("stat1", KNOWN["MA0137.3"]),
    named("mef2b", KNOWN["MA0660.1"]),
    named("ctcf", KNOWN["MA0139.1"]),  # of no task
    unlike("unlike"),
]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return match_filters(QUERIES, COMPARISON).set_index("motif")


def test_columns(table: pd.DataFrame) -> None:
    assert ["motif", *table] == COLUMNS
    assert list(table.index) == [motif.name for motif in QUERIES]


@pytest.mark.parametrize(
    ("motif", "relevant", "task", "strand"),
    [
        ("mafk", "MA0496.1", "MAFK", "+"),
        ("mafk_turned", "MA0496.1", "MAFK", "-"),
        ("nfyb", "MA0502.1", "NFYB", "+"),
        ("nfya", "MA0060.2", "NFYB", "-"),
        ("nfya_turned", "MA0060.2", "NFYB", "+"),
        ("stat1", "MA0137.3", "STAT1", "+"),
    ],
)
def test_motifs_of_tasks_and_their_strands(
    table: pd.DataFrame, motif: str, relevant: str, task: str, strand: str
) -> None:
    row = table.loc[motif]
    assert row[["relevant_match", "task", "strand"]].tolist() == [relevant, task, strand]
    assert row["evalue"] <= row["relevant_evalue"] < 1e-4


def test_the_motif_of_a_relative_belongs_to_the_task_that_lists_it(table: pd.DataFrame) -> None:
    assert table.at["mef2b", "relevant_match"] == "MA0660.1" and table.at["mef2b", "task"] == "MEF2A"


def test_a_motif_of_no_task_has_a_match_that_is_not_relevant(table: pd.DataFrame) -> None:
    row = table.loc["ctcf"]
    assert row["match"] == "MA0139.1" and row["evalue"] < 1e-10
    assert row[["relevant_evalue", "relevant_match", "task", "strand"]].isna().all()


def test_a_motif_without_a_match(table: pd.DataFrame) -> None:
    assert table.loc["unlike", ["evalue", "match", "relevant_evalue", "relevant_match", "task", "strand"]].isna().all()


def test_the_null_counts_the_shuffles_that_match(table: pd.DataFrame) -> None:
    relevant = {JASPAR[relevant.place].name for relevant in RELEVANT}
    for query in (QUERIES[3], QUERIES[5], QUERIES[8]):
        rng = np.random.default_rng([0, *query.name.encode()])
        shuffles = [shuffled_columns(query, rng) for _ in range(DRAWS)]
        found = tomtom([named(str(draw), motif) for draw, motif in enumerate(shuffles)], JASPAR, 0.1)
        assert table.at[query.name, "null"] == round(found["Query_ID"].nunique() / DRAWS, 4)
        own = found[found["Target_ID"].isin(relevant)]
        assert table.at[query.name, "null_relevant"] == round(own["Query_ID"].nunique() / DRAWS, 4)
    assert (table["null_relevant"] <= table["null"]).all()


def test_other_motifs_change_nothing(table: pd.DataFrame) -> None:
    alone = match_filters(QUERIES[3:4], COMPARISON).set_index("motif")
    pd.testing.assert_frame_equal(alone, table.loc[["nfya"]], check_dtype=False)


def test_a_motif_of_two_tasks_is_that_of_the_first() -> None:
    place = JASPAR.index(KNOWN["MA0496.1"])
    comparison = COMPARISON._replace(relevant=[Relevant("first", place), Relevant("second", place)])
    row = match_filters(QUERIES[1:2], comparison).iloc[0]
    assert (row["task"], row["strand"]) == ("first", "-")


def test_without_relevant_motifs_nothing_is_relevant() -> None:
    row = match_filters(QUERIES[:1], COMPARISON._replace(relevant=[])).iloc[0]
    assert row["match"] == "MA0496.1" and row["null_relevant"] == 0
    assert row[["relevant_evalue", "relevant_match", "task", "strand"]].isna().all()


def test_without_motifs_there_are_no_rows() -> None:
    table = match_filters([], COMPARISON)
    assert table.empty and list(table) == COLUMNS
