from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.io.motif import UNIFORM, Motif
from deepprune.motifs.scoring import STEPS, Scoring, both_ways, scoring, tails

GC = (0.2, 0.3, 0.3, 0.2)


def random_motif(seed: int, width: int, sites: float = 50) -> Motif:
    return Motif("m", "", np.random.default_rng(seed).dirichlet([0.4] * 4, width), sites)


def sums_of_words(scores: Scoring) -> tuple[np.ndarray, np.ndarray]:
    """Return all words, as codes (words, width), and the sums of their steps."""
    words = np.array(list(product(range(4), repeat=scores.width)))
    return words, scores.steps[np.arange(scores.width), words].sum(axis=1)


def test_a_matrix_by_hand() -> None:
    # 9.9 sites and a pseudocount of 0.1: (9.9 + 0.025) / 10 and 0.025 / 10, over 0.25.
    scores = scoring(Motif("m", "", [[1, 0, 0, 0]], 9.9), UNIFORM)
    odds = [np.log2(3.97), np.log2(0.01)]
    assert scores.lowest == -7 and scores.per_bit == int(1000 / (odds[0] + 7)) == 111
    assert scores.steps.tolist() == [[round((odd + 7) * 111) for odd in (odds[0], *odds[1:] * 3)]]
    assert scores.bits(scores.steps[0]) == pytest.approx([odds[0], *odds[1:] * 3], abs=0.5 / 111)
    high, low = scores.steps[0, 0], scores.steps[0, 1]
    assert len(scores.p_values) == high + 1
    assert set(scores.p_values[: low + 1]) == {1} and set(scores.p_values[low + 1 :]) == {0.25}


def test_limits_by_hand() -> None:
    scores = Scoring(np.array([[0, 1, 2, 3]]), 1, 0, np.array([1, 0.75, 0.5, 0.25]))
    assert [scores.limit(p) for p in (1, 0.75, 0.6, 0.25, 0.2)] == [0, 1, 2, 3, 4]


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(1, 5), st.sampled_from([UNIFORM, GC, (0.1, 0.2, 0.3, 0.4)]))
def test_p_values_are_the_shares_of_words(seed: int, width: int, background: tuple[float, ...]) -> None:
    scores = scoring(random_motif(seed, width), background)
    words, sums = sums_of_words(scores)
    chances = np.array(background)[words].prod(axis=1)
    expected = [chances[sums >= one].sum() for one in sums]
    np.testing.assert_allclose(scores.p_values[sums], expected, rtol=1e-9)
    limit = scores.limit(0.01)
    assert (sums >= limit).tolist() == (scores.p_values[sums] <= 0.01).tolist()


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(1, 30), st.sampled_from([1.0, 50.0, 1e5, 1e300]))
def test_entries_are_log_odds_within_half_a_step(seed: int, width: int, sites: float) -> None:
    motif = random_motif(seed, width, sites)
    scores = scoring(motif, GC)
    odds = np.log2((motif.probabilities * sites + 0.1 * np.array(GC)) / (sites + 0.1) / np.array(GC))
    assert scores.steps.min() >= 0 and scores.steps.max() <= max(STEPS, odds.max() - scores.lowest + 1)
    np.testing.assert_allclose(scores.steps / scores.per_bit + scores.lowest, odds, atol=0.5 / scores.per_bit + 1e-9)


def test_a_motif_that_is_the_background_has_one_score() -> None:
    scores = scoring(Motif("m", "", [GC] * 3, 20), GC)
    assert len(set(scores.steps.ravel())) == 1
    assert scores.bits(scores.steps[:, 0].sum()) == pytest.approx(0) and set(scores.p_values) == {1}


def test_frequencies_need_not_sum_to_one_exactly() -> None:
    one, other = scoring(random_motif(1, 8), GC), scoring(random_motif(1, 8), [2, 3, 3, 2])
    assert (one.steps == other.steps).all() and one.p_values == pytest.approx(other.p_values)


def test_tails_by_hand() -> None:
    assert tails(np.array([[0, 0, 1, 2]]), np.array(GC)) == pytest.approx([1, 0.5, 0.2])
    assert tails(np.array([[0, 0, 0, 1]] * 2), np.array(GC)) == pytest.approx([1, 0.36, 0.04])


def test_the_background_of_both_strands() -> None:
    assert both_ways((0.1, 0.2, 0.3, 0.4)) == pytest.approx((0.25, 0.25, 0.25, 0.25))
    assert both_ways(GC) == GC
