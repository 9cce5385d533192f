"""Simulated data sets."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import chisquare

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.data.simulate import draw_instances, simulate
from deepprune.dna.codes import kmer_counts, to_text
from deepprune.errors import InputError
from deepprune.io.motif import Motif


def certain(word: str) -> Motif:
    """Return a motif that has one instance alone."""
    return Motif(word, "", np.eye(4)[["ACGT".index(base) for base in word]], 20)


LONG = "ACGTTGCAACGGTTCCATGAGTCAAGCT"  # 28 bp: not to be found by chance
OTHER = "TTTAGGCCCATATCGCGGAATTCAGGTA"


def positions(dataset: Dataset, word: str) -> list[int]:
    return [text.find(word) for text in to_text(dataset.codes)]


def test_numbers_labels_and_split() -> None:
    made = simulate([certain(LONG)], length=60, positives=30, negatives=20, margin=5, seed=1)
    assert made.codes.shape == (100, 60) and made.codes.dtype == np.uint8
    for part in (TRAIN, TEST):
        codes, labels = made.part(part)
        assert (len(codes), labels.sum()) == (50, 30)
    found = np.array(positions(made, LONG))
    assert np.array_equal(found >= 0, made.positive())


def test_positions_are_uniform_between_the_margins() -> None:
    made = simulate([certain(LONG)], length=60, positives=6000, negatives=1, margin=11, seed=2)
    starts, counts = np.unique(np.array(positions(made, LONG))[made.positive()], return_counts=True)
    assert starts.tolist() == list(range(11, 60 - 11 - len(LONG) + 1))
    assert chisquare(counts).pvalue > 1e-3


def test_motifs_are_equally_likely() -> None:
    made = simulate([certain(LONG), certain(OTHER)], length=40, positives=4000, negatives=1, margin=0, seed=3)
    counts = [sum(start >= 0 for start in positions(made, word)) for word in (LONG, OTHER)]
    assert sum(counts) == 8000
    assert chisquare(counts).pvalue > 1e-3


def test_background_is_uniform() -> None:
    made = simulate([certain("A")], length=300, positives=1, negatives=1000, margin=0, seed=4)
    counts = kmer_counts(made.codes[~made.positive()], 1).sum(axis=0)
    assert chisquare(counts).pvalue > 1e-3


def test_instances_follow_the_probabilities() -> None:
    # rows of printed matrices do not sum to exactly one
    probabilities = np.array([[0.1, 0.2, 0.3, 0.4], [0.0, 0.5, 0.0, 0.499999], [0, 0, 0, 1]])
    instances = draw_instances(probabilities, 20000, np.random.default_rng(5))
    counts = np.array([np.bincount(column, minlength=4) for column in instances.T])
    assert chisquare(counts[0], 20000 * probabilities[0]).pvalue > 1e-3
    assert counts[1, [0, 2]].sum() == 0 and chisquare(counts[1, [1, 3]]).pvalue > 1e-3
    assert counts[2].tolist() == [0, 0, 0, 20000]


def test_the_seed_decides() -> None:
    made = [simulate([certain(LONG)], 60, 5, 5, 5, seed) for seed in (1, 1, 2)]
    assert np.array_equal(made[0].codes, made[1].codes)
    assert not np.array_equal(made[0].codes, made[2].codes)


def test_other_motifs_are_put_into_another_background() -> None:
    one, other = (simulate([certain(word)], 60, 5, 5, 5, 1) for word in (LONG, OTHER))
    assert not (one.codes[5:10] == other.codes[5:10]).all(axis=1).any()
    renamed = dataclasses.replace(certain(LONG), name="x", alt="y", sites=3)
    assert np.array_equal(simulate([renamed], 60, 5, 5, 5, 1).codes, one.codes)


def test_motif_that_just_fits_and_one_too_wide() -> None:
    made = simulate([certain(LONG)], length=38, positives=3, negatives=3, margin=5, seed=0)
    assert {start for start in positions(made, LONG) if start >= 0} == {5}
    with pytest.raises(InputError, match=f"motif {LONG}, 28 bp wide, does not fit between margins of 5 bp") as caught:
        simulate([certain("ACG"), certain(LONG)], length=37, positives=3, negatives=3, margin=5, seed=0)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no motifs"):
        simulate([], length=37, positives=3, negatives=3, margin=5, seed=0)
