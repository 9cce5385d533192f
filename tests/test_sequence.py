"""Codes and the dinucleotide shuffle, against all Euler paths of short words."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from deepprune.errors import InputError
from deepprune.sequence import (
    decode,
    dinucleotide_shuffle,
    encode,
    foreign_letter,
    kmer_counts,
    one_hot,
    record_keys,
    reverse_complement,
)

words = st.text(alphabet="ACGTN", min_size=1, max_size=60)


def shuffles(word: str, count: int, seed: int = 0) -> list[str]:
    """Return shuffles of a word under the keys 0, 1, 2, ..."""
    return decode(dinucleotide_shuffle(np.repeat(encode([word]), count, axis=0), seed, np.arange(count)))


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


def test_encode_any_case_and_ambiguity_letters() -> None:
    codes = encode(["ACGTN", "acgtn", "RYSWK", "mbdhv"])
    assert codes.dtype == np.uint8
    assert codes.tolist() == [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [4] * 5, [4] * 5]
    assert decode(codes) == ["ACGTN", "ACGTN", "NNNNN", "NNNNN"]
    assert encode([]).shape == (0, 0) and encode(["", ""]).shape == (2, 0) and decode(encode(["", ""])) == ["", ""]


@pytest.mark.parametrize("letter", ["U", "u", "X", "-", " ", "*", "?", "Ä", "中"])
def test_other_letters_are_named(letter: str) -> None:
    with pytest.raises(InputError, match="sequence 2 holds") as caught:
        encode(["ACG", f"A{letter}G"])
    assert repr(letter) in str(caught.value)
    assert foreign_letter(f"A{letter}G") == letter


def test_encode_needs_one_length() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        encode(["ACG", "AC"])


def test_one_hot_and_reverse_complement() -> None:
    hot = one_hot(encode(["ACGTN"]))
    assert hot.dtype == np.float32
    assert hot.tolist() == [[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]]
    assert decode(reverse_complement(encode(["AACGN", "TTTTC"]))) == ["NCGTT", "GAAAA"]


@given(words)
def test_reverse_complement_is_its_own_inverse(word: str) -> None:
    codes = encode([word])
    assert np.array_equal(reverse_complement(reverse_complement(codes)), codes)


def test_kmer_counts_by_hand() -> None:
    counts = kmer_counts(encode(["AACGA", "NACNT", "TTTTT"]), 2)
    assert counts.shape == (3, 16)
    assert {i: int(n) for i, n in enumerate(counts[0]) if n} == {0: 1, 1: 1, 6: 1, 8: 1}  # AA AC CG GA
    assert {i: int(n) for i, n in enumerate(counts[1]) if n} == {1: 1}  # AC; all others hold N
    assert {i: int(n) for i, n in enumerate(counts[2]) if n} == {15: 4}
    assert kmer_counts(encode(["AC"]), 3).tolist() == [[0] * 64]


@given(words, st.integers(1, 3))
def test_kmer_counts_agree_with_counting_text(word: str, k: int) -> None:
    kmers = Counter(word[i : i + k] for i in range(len(word) - k + 1))
    counted = kmer_counts(encode([word]), k)[0]
    for kmer, number in kmers.items():
        if "N" not in kmer:
            assert counted[int("".join(str("ACGT".index(base)) for base in kmer), 4)] == number
    assert counted.sum() == sum(number for kmer, number in kmers.items() if "N" not in kmer)


def test_keys_are_stable_and_little_endian() -> None:
    keys = record_keys([b"chr1", b"chr2"])
    assert keys.dtype == np.uint64
    assert keys[0] == int.from_bytes(bytes.fromhex("947151d8106fc05f"), "little")  # printf chr1 | b2sum -l 64
    assert keys.tolist() == record_keys([b"chr1", b"chr2", b"chr3"])[:2].tolist()
    assert len(set(keys.tolist())) == 2
    assert record_keys([]).shape == (0,)


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
        for shuffled in decode(dinucleotide_shuffle(np.repeat(encode([word]), len(keys), axis=0), seed, np.array(keys)))
    )
    assert len(found) == 96
    assert chisquare(list(found.values())).pvalue > 1e-3


@settings(max_examples=300, deadline=None)  # the first call loads the compiled code
@given(words, st.integers(-(2**63), 2**64 - 1), st.integers(0, 2**64 - 1))
def test_counts_and_ends_are_kept(word: str, seed: int, key: int) -> None:
    (shuffled,) = decode(dinucleotide_shuffle(encode([word]), seed, np.array([key], np.uint64)))
    assert dinucleotides(shuffled) == dinucleotides(word)
    assert (shuffled[0], shuffled[-1]) == (word[0], word[-1])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="ACGTN", min_size=12, max_size=12), min_size=1, max_size=8), st.randoms())
def test_batch_order_does_not_matter(batch: list[str], random: Random) -> None:
    keys = record_keys(f"{i}".encode() for i in range(len(batch)))
    together = dinucleotide_shuffle(encode(batch), 3, keys)
    order = list(range(len(batch)))
    random.shuffle(order)
    assert np.array_equal(dinucleotide_shuffle(encode([batch[i] for i in order]), 3, keys[order]), together[order])
    assert np.array_equal(dinucleotide_shuffle(encode(batch[:1]), 3, keys[:1]), together[:1])


@pytest.mark.parametrize(
    "word", ["", "A", "N", "AC", "AA", "ACG", "AAA", "ANA", "AAAAAAAAAA", "NNNNNNN", "AAAAC", "CAAAA"]
)
def test_words_with_one_shuffle_stay(word: str) -> None:
    assert set(shuffles(word, 20)) == {word}


def test_the_shuffle_is_reproducible_and_leaves_its_input_alone() -> None:
    codes = encode(["ACGATCAGCTAGGCATTACGA"])
    before = codes.copy()
    # the value itself: other machines, numba versions and threads must find the same
    assert decode(dinucleotide_shuffle(codes, 1, np.array([2]))) == ["ACGATTCAGGACTAGCGCATA"]
    assert np.array_equal(codes, before)
    assert dinucleotide_shuffle(codes[:0], 1, np.arange(0)).shape == (0, 21)


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        dinucleotide_shuffle(encode(["ACG", "ACT"]), 0, np.arange(3))
    with pytest.raises(ValueError, match="up to 9"):
        dinucleotide_shuffle(np.array([[0, 9, 1]], np.uint8), 0, np.arange(1))
