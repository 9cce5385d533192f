"""Codes of sequences."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.dna.codes import foreign_letter, kmer_counts, one_hot, record_keys, reverse_complement, to_codes, to_text
from deepprune.errors import InputError

words = st.text(alphabet="ACGTN", min_size=1, max_size=60)


def test_codes_of_any_case_and_ambiguity_letters() -> None:
    codes = to_codes(["ACGTN", "acgtn", "RYSWK", "mbdhv"])
    assert codes.dtype == np.uint8
    assert codes.tolist() == [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [4] * 5, [4] * 5]
    assert to_text(codes) == ["ACGTN", "ACGTN", "NNNNN", "NNNNN"]
    assert (
        to_codes([]).shape == (0, 0) and to_codes(["", ""]).shape == (2, 0) and to_text(to_codes(["", ""])) == ["", ""]
    )


@pytest.mark.parametrize("letter", ["U", "u", "X", "-", " ", "*", "?", "Ä", "中"])
def test_other_letters_are_named(letter: str) -> None:
    with pytest.raises(InputError, match="sequence 1 holds") as caught:
        to_codes(["ACG", f"A{letter}G"])
    assert repr(letter) in str(caught.value)
    assert foreign_letter(f"A{letter}G") == letter


def test_codes_need_one_length() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        to_codes(["ACG", "AC"])


def test_one_hot_and_reverse_complement() -> None:
    hot = one_hot(to_codes(["ACGTN"]))
    assert hot.dtype == np.float32
    assert hot.tolist() == [[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]]
    assert to_text(reverse_complement(to_codes(["AACGN", "TTTTC"]))) == ["NCGTT", "GAAAA"]


@given(words)
def test_reverse_complement_is_its_own_inverse(word: str) -> None:
    codes = to_codes([word])
    assert np.array_equal(reverse_complement(reverse_complement(codes)), codes)


def test_kmer_counts_by_hand() -> None:
    counts = kmer_counts(to_codes(["AACGA", "NACNT", "TTTTT"]), 2)
    assert counts.shape == (3, 16)
    assert {i: int(n) for i, n in enumerate(counts[0]) if n} == {0: 1, 1: 1, 6: 1, 8: 1}  # AA AC CG GA
    assert {i: int(n) for i, n in enumerate(counts[1]) if n} == {1: 1}  # AC; all others hold N
    assert {i: int(n) for i, n in enumerate(counts[2]) if n} == {15: 4}
    assert kmer_counts(to_codes(["AC"]), 3).tolist() == [[0] * 64]


@given(words, st.integers(1, 3))
def test_kmer_counts_agree_with_counting_text(word: str, k: int) -> None:
    kmers = Counter(word[i : i + k] for i in range(len(word) - k + 1))
    counted = kmer_counts(to_codes([word]), k)[0]
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
