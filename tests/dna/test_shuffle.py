"""The dinucleotide shuffle, against all Euler paths of short words."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from deepprune.dna.codes import record_keys, to_codes, to_text
from deepprune.dna.shuffle import dinucleotide_shuffle

words = st.text(alphabet="ACGTN", min_size=1, max_size=60)


def shuffles(word: str, count: int, seed: int = 0) -> list[str]:
    """Return shuffles of a word under the keys 0, 1, 2, ..."""
    return to_text(dinucleotide_shuffle(np.repeat(to_codes([word]), count, axis=0), seed, np.arange(count)))


def dinucleotides(word: str) -> Counter[str]:
    return Counter(word[i : i + 2] for i in range(len(word) - 1))


def euler_paths(word: str) -> set[str]:
    """Return all words with the dinucleotides and the first base of a word, by walking every edge."""
    found = set()
    edges = dinucleotides(word)

    def walk(path: str) -> None:
        if len(path) == len(word):
            found.add(path)
        for base in "ACGTN":
            if edges[path[-1] + base]:
                edges[path[-1] + base] -= 1
                walk(path + base)
                edges[path[-1] + base] += 1

    walk(word[0])
    return found


@pytest.mark.parametrize(("word", "paths"), [("ACGATCAGCTA", 96), ("ACGTCATGCAGT", 64), ("ANCAGNTCNA", None)])
def test_every_euler_path_is_equally_likely(word: str, paths: int | None) -> None:
    expected = euler_paths(word)
    if paths:
        assert len(expected) == paths
    found = Counter(shuffles(word, 1000 * len(expected)))
    assert set(found) == expected
    assert chisquare(list(found.values())).pvalue > 1e-3


@pytest.mark.parametrize("vary", ["seed", "key"])
def test_seed_and_key_each_give_all_paths(vary: str) -> None:
    word = "ACGATCAGCTA"
    seeds, keys = (range(9600), [7]) if vary == "seed" else ([7], range(9600))
    found = Counter(
        shuffled
        for seed in seeds
        for shuffled in to_text(
            dinucleotide_shuffle(np.repeat(to_codes([word]), len(keys), axis=0), seed, np.array(keys))
        )
    )
    assert len(found) == 96
    assert chisquare(list(found.values())).pvalue > 1e-3


@settings(max_examples=300, deadline=None)  # the first call loads the compiled code
@given(words, st.integers(-(2**63), 2**64 - 1), st.integers(0, 2**64 - 1))
def test_counts_and_ends_are_kept(word: str, seed: int, key: int) -> None:
    (shuffled,) = to_text(dinucleotide_shuffle(to_codes([word]), seed, np.array([key], np.uint64)))
    assert dinucleotides(shuffled) == dinucleotides(word)
    assert (shuffled[0], shuffled[-1]) == (word[0], word[-1])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="ACGTN", min_size=12, max_size=12), min_size=1, max_size=8), st.randoms())
def test_batch_order_does_not_matter(batch: list[str], random: Random) -> None:
    keys = record_keys(f"{i}".encode() for i in range(len(batch)))
    together = dinucleotide_shuffle(to_codes(batch), 3, keys)
    order = list(range(len(batch)))
    random.shuffle(order)
    assert np.array_equal(dinucleotide_shuffle(to_codes([batch[i] for i in order]), 3, keys[order]), together[order])
    assert np.array_equal(dinucleotide_shuffle(to_codes(batch[:1]), 3, keys[:1]), together[:1])


@pytest.mark.parametrize(
    "word", ["", "A", "N", "AC", "AA", "ACG", "AAA", "ANA", "AAAAAAAAAA", "NNNNNNN", "AAAAC", "CAAAA"]
)
def test_words_with_one_shuffle_stay(word: str) -> None:
    assert set(shuffles(word, 20)) == {word}


def test_the_shuffle_is_reproducible_and_leaves_its_input_alone() -> None:
    codes = to_codes(["ACGATCAGCTAGGCATTACGA"])
    before = codes.copy()
    # the value itself: other machines, numba versions and threads must find the same
    assert to_text(dinucleotide_shuffle(codes, 1, np.array([2]))) == ["ACGATTCAGGACTAGCGCATA"]
    assert np.array_equal(codes, before)
    assert dinucleotide_shuffle(codes[:0], 1, np.arange(0)).shape == (0, 21)


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        dinucleotide_shuffle(to_codes(["ACG", "ACT"]), 0, np.arange(3))
    with pytest.raises(ValueError, match="up to 9"):
        dinucleotide_shuffle(np.array([[0, 9, 1]], np.uint8), 0, np.arange(1))
