import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.io.motif import Motif
from deepprune.motifs.null import (
    BestMatches,
    compare_with_null,
    motif_rows,
    null_p_values,
    rates_row,
    shuffled_columns,
)

RNG = np.random.default_rng(0)
TARGETS = [Motif(f"t{i}", "", RNG.dirichlet(np.full(4, 0.2), 10), 50) for i in range(80)]
FLAT = Motif("flat", "", RNG.dirichlet(np.full(4, 50.0), 10), 50)
KNOWN = Motif("known", "", TARGETS[7].probabilities, 50)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(0, 2**32))
def test_shuffling_keeps_the_columns(width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    motif = Motif("m", "alt", rng.dirichlet(np.ones(4), width), 12)
    shuffled = shuffled_columns(motif, rng)
    assert (shuffled.name, shuffled.alt, shuffled.sites) == ("m", "alt", 12)
    assert sorted(shuffled.probabilities.tolist()) == sorted(motif.probabilities.tolist())
    assert np.array_equal(shuffled.counts, shuffled.probabilities * 12)


def test_every_order_is_equally_likely() -> None:
    motif = Motif("m", "", np.eye(4)[:3], 9)
    rng = np.random.default_rng(1)
    orders = [shuffled_columns(motif, rng).consensus for _ in range(6000)]
    counts = np.unique(orders, return_counts=True)[1]
    # Six orders of ACG, 1000 each; the standard deviation is 29.
    assert len(counts) == 6 and (abs(counts - 1000) < 130).all()


def test_a_motif_s_shuffles_are_its_own() -> None:
    alone = null_p_values([KNOWN], TARGETS, 5, seed=3)
    beside = null_p_values([FLAT, KNOWN], TARGETS, 5, seed=3)
    assert np.array_equal(beside[:, 1], alone[:, 0])
    assert not np.array_equal(null_p_values([KNOWN], TARGETS, 5, seed=4), alone)


def test_matches_in_sets_of_targets() -> None:
    everything = null_p_values([KNOWN, FLAT], TARGETS, 4, seed=3)
    found = null_p_values([KNOWN, FLAT], TARGETS, 4, seed=3, among=[range(80), [7], [2, 5], []])
    assert found.shape == (4, 4, 2) and everything.shape == (4, 2)
    assert np.array_equal(found[0], everything) and (found[3] == 1).all()
    assert (found >= everything).all()
    assert null_p_values([], TARGETS, 4, seed=3, among=[[0], [1]]).shape == (2, 4, 0)


def test_a_known_motif_stands_out_and_a_flat_one_does_not() -> None:
    motifs, rates = compare_with_null({"untrimmed": [KNOWN, FLAT], "trimmed": [KNOWN]}, TARGETS, 0.1, 50, seed=0)
    assert motifs[["form", "motif"]].to_numpy().tolist() == [
        ["untrimmed", "known"],
        ["untrimmed", "flat"],
        ["trimmed", "known"],
    ]
    known, flat, again = motifs.to_dict("records")
    assert known["matched"] and known["E-value"] < 1e-6 and known["null_rate"] < 0.2
    assert known["p-value"] == pytest.approx(1 / 51, abs=1e-6)
    assert flat["p-value"] > 0.05
    assert {**again, "form": "untrimmed"} == known
    trimmed = rates.to_dict("records")[1]
    # One of two live kernels has no position left: it counts as a kernel without a match.
    assert (trimmed["motifs"], trimmed["matched"], trimmed["rate"], trimmed["draws"]) == (2, 1, 0.5, 50)


def test_rates_by_hand() -> None:
    # Two motifs, four draws of each.
    null = np.array([[5, 5], [0.01, 3], [0.005, 0.09], [2, 0.2]])
    matches = BestMatches(np.array([0.01, 0.2]), null)
    motifs, row = motif_rows(["known", "flat"], matches, 0.1), rates_row(2, matches, 0.1)
    assert motifs["matched"].tolist() == [True, False]
    assert motifs["E-value"].tolist() == [0.01, 0.2]
    assert motifs["null_rate"].tolist() == [0.5, 0.25]
    assert motifs["p-value"].tolist() == [3 / 5, 3 / 5]
    assert (row["motifs"], row["matched"], row["rate"], row["null_rate"], row["draws"]) == (2, 1, 0.5, 0.375, 4)
    assert (row["null_low"], row["null_high"]) == (0, pytest.approx(np.quantile([0, 0.5, 1, 0], 0.975)))
    assert row["p-value"] == 3 / 5


def test_no_motif_at_all() -> None:
    motifs, rates = compare_with_null({"untrimmed": [], "trimmed": []}, TARGETS, 0.1, 10, seed=0)
    assert list(motifs.columns) == ["form", "motif", "E-value", "matched", "null_rate", "p-value"] and motifs.empty
    assert rates["motifs"].tolist() == rates["matched"].tolist() == [0, 0]
    assert rates[["rate", "null_rate", "p-value"]].isna().all(axis=None)
