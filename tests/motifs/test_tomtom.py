from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.io.jaspar import read_jaspar
from deepprune.io.motif import Motif, read_motifs
from deepprune.motifs.tomtom import COLUMNS, KnownMotifs, best_p_values, q_values, tomtom, tomtom_databases

REFERENCE = Path(__file__).parents[3] / "shared/reference/tomtom"
KEY = ["Query_ID", "Target_ID"]


def motif_of(name: str, word: str, certainty: float = 0.91) -> Motif:
    rest = (1 - certainty) / 3
    return Motif(name, "", np.where(np.array(list("ACGT")) == np.array(list(word))[:, None], certainty, rest), 100)


def random_motifs(count: int) -> list[Motif]:
    rng = np.random.default_rng(5)
    return [Motif(f"random_{index}", "", rng.dirichlet([0.4] * 4, rng.integers(6, 12)), 100) for index in range(count)]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    queries = [motif_of("plain", "CACGTTTGC"), motif_of("reversed", "GCAAACGTG"), motif_of("inner", "CGTTTG")]
    return tomtom(queries, [*random_motifs(60), motif_of("target", "CACGTTTGC")])


def test_columns_and_rows(table: pd.DataFrame) -> None:
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 3 * 61
    assert list(dict.fromkeys(table["Query_ID"])) == ["plain", "reversed", "inner"]
    assert all(group["p-value"].is_monotonic_increasing for _, group in table.groupby("Query_ID"))
    assert np.allclose(table["E-value"], table["p-value"] * 61)


def test_offset_orientation_and_consensus(table: pd.DataFrame) -> None:
    best = table.groupby("Query_ID").head(1).set_index("Query_ID")
    assert list(best["Target_ID"]) == ["target"] * 3
    assert list(best["Orientation"]) == ["+", "-", "+"]
    assert list(best["Optimal_offset"]) == [0, 0, 2]
    assert list(best["Overlap"]) == [9, 9, 6]
    assert list(best["Target_consensus"]) == ["CACGTTTGC", "GCAAACGTG", "CACGTTTGC"]
    assert list(best["Query_consensus"]) == ["CACGTTTGC", "GCAAACGTG", "CGTTTG"]
    assert best["p-value"]["plain"] == pytest.approx(best["p-value"]["reversed"], rel=1e-6)
    assert best["p-value"]["plain"] < best["p-value"]["inner"] < 1e-3


def test_best_p_values_are_those_of_the_table(table: pd.DataFrame) -> None:
    queries = [motif_of("plain", "CACGTTTGC"), motif_of("reversed", "GCAAACGTG"), motif_of("inner", "CGTTTG")]
    targets = [*random_motifs(60), motif_of("target", "CACGTTTGC")]
    best = table.groupby("Query_ID", sort=False)["p-value"].min()
    assert np.array_equal(best_p_values(queries, targets), best)
    some = {"random_3", "random_50"}
    among = table[table["Target_ID"].isin(some)].groupby("Query_ID", sort=False)["p-value"].min()
    found = best_p_values(queries, targets, [[3, 50], range(61), [60], ()])
    assert np.array_equal(found[:2], [among, best])
    assert np.array_equal(found[2:], [best, np.ones(3)])
    assert best_p_values([], targets).shape == (0,) and best_p_values([], targets, [[1], [2]]).shape == (2, 0)


def test_queries_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    queries, targets = random_motifs(7), [*random_motifs(55)]
    whole = best_p_values(queries, targets, [[1, 2], [3]])
    monkeypatch.setattr("deepprune.motifs.tomtom.BATCH", 3)
    assert np.array_equal(best_p_values(queries, targets, [[1, 2], [3]]), whole)


def test_threshold_keeps_the_best(table: pd.DataFrame) -> None:
    queries = [motif_of("plain", "CACGTTTGC")]
    targets = [*random_motifs(60), motif_of("target", "CACGTTTGC")]
    kept = tomtom(queries, targets, evalue=0.01)
    expected = table[(table["Query_ID"] == "plain") & (table["E-value"] <= 0.01)]
    pd.testing.assert_frame_equal(kept, expected.reset_index(drop=True))
    assert "target" in set(kept["Target_ID"])


def test_palindrome_is_reported_forward() -> None:
    found = tomtom([motif_of("query", "CACGTG")], [*random_motifs(60), motif_of("palindrome", "CACGTG")], evalue=1)
    assert found.iloc[0][["Target_ID", "Orientation"]].tolist() == ["palindrome", "+"]


def test_equal_targets_come_by_name() -> None:
    twins = [motif_of("b", "CACGTTTGC"), motif_of("a", "CACGTTTGC")]
    found = tomtom([motif_of("query", "CACGTTTGC")], [*random_motifs(60), *twins], evalue=1)
    assert found["Target_ID"].tolist()[:2] == ["a", "b"]


def test_few_targets_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="^3 target motifs are too few"):
        found = tomtom([motif_of("query", "CACGTTTGC")], random_motifs(3))
    assert len(found) == 3


def test_nothing_to_compare() -> None:
    empty = tomtom([], random_motifs(2))
    assert list(empty.columns) == list(COLUMNS)
    assert empty.empty


def test_q_values_by_hand() -> None:
    # pi0 is 1 for so few: p x 4 / rank, then the smallest from there on.
    assert q_values(np.array([0.01, 0.04, 0.045, 0.9])) == pytest.approx([0.04, 0.06, 0.06, 0.9])


def test_q_values_estimate_the_share_of_null_hypotheses() -> None:
    p_values = np.sort(np.concatenate([np.full(500, 1e-6), (np.arange(500) + 0.5) / 500]))
    assert q_values(p_values)[0] == pytest.approx(0.5 * 1e-6 * 1000 / 500, rel=0.01)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference/tomtom is not there")
def test_agrees_with_the_c_program() -> None:
    queries, targets = read_motifs(REFERENCE / "queries.meme"), read_motifs(REFERENCE / "targets.meme")
    found = tomtom(queries, targets, evalue=10)
    pairs = pd.read_csv(REFERENCE / "tomtom_pairs_E10.tsv", sep="\t")
    expected = pairs[pairs["dist"] == "ed"].drop(columns="dist").reset_index(drop=True)
    # The same targets in the same order, hence ties broken alike.
    pd.testing.assert_frame_equal(found[KEY], expected[KEY])

    for column, tolerance in (("p-value", 0.05), ("E-value", 0.05)):
        with np.errstate(divide="ignore", invalid="ignore"):
            difference = np.abs(np.log10(found[column]) - np.log10(expected[column]))
        both_zero = (found[column] == 0) & (expected[column] == 0)
        assert (both_zero | (difference <= tolerance)).all()
    assert np.allclose(found["q-value"], expected["q-value"], rtol=0.1, atol=0)
    for column in ("Orientation", "Overlap", "Query_consensus"):
        pd.testing.assert_series_equal(found[column], expected[column], check_dtype=False)

    # Two placements of one pair have equal scores and overlap; memelite reports the other.
    offset = found[found["Optimal_offset"] != expected["Optimal_offset"]]
    assert offset[KEY].to_numpy().tolist() == [["a02_asis_MA0073.1", "MA0516.1"]]
    # Two targets have a position where two bases are equally frequent; which one wins hangs on the last bit.
    consensus = found[found["Target_consensus"] != expected["Target_consensus"]]
    assert set(consensus["Target_ID"]) <= {"MA0883.1", "MA0631.1"}


def test_256_queries_against_jaspar_find_themselves() -> None:
    jaspar = read_jaspar("JASPAR2024")
    found = tomtom(jaspar[:256], jaspar, evalue=0.1)
    best = found.groupby("Query_ID")["p-value"].min()
    own = found[found["Query_ID"] == found["Target_ID"]].set_index("Query_ID")["p-value"]
    assert len(own) == 256
    assert (own == best[own.index]).all()


def test_several_sets_are_one_background_and_keep_their_names() -> None:
    jaspar = read_jaspar("JASPAR2024")
    query, implanted = jaspar[3], Motif(jaspar[3].name, "mine", jaspar[3].probabilities, jaspar[3].sites)
    known = KnownMotifs({"jaspar": jaspar, "implanted": [implanted]}, 1e-3)
    assert len(known.motifs) == len(jaspar) + 1
    found = tomtom_databases([query], known)
    itself = found[found["Target_ID"] == query.name]
    assert dict(zip(itself["database"], itself["Target_name"], strict=True)) == {
        "jaspar": query.alt,
        "implanted": "mine",
    }
    np.testing.assert_allclose(found["E-value"], found["p-value"] * (len(jaspar) + 1))
    assert list(found.columns) == ["database", *COLUMNS, "Target_name"]


def test_no_query_gives_a_table_of_the_same_columns() -> None:
    found = tomtom_databases([], KnownMotifs({"jaspar": read_jaspar("JASPAR2024")}, 0.1))
    assert found.empty and list(found.columns) == ["database", *COLUMNS, "Target_name"]


def test_every_target_has_a_row_if_wanted() -> None:
    known = KnownMotifs({"random": random_motifs(60)}, 1e-9)
    query = motif_of("query", "CACGTG")
    assert len(tomtom_databases([query], known, everything=True)) == 60
    assert tomtom_databases([query], known).empty
