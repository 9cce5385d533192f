import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from deepprune.dna.codes import reverse_complement, to_codes
from deepprune.dna.words import Words, background_words

KINDS = [Words(3), Words(3, merged=True), Words(4, merged=True), Words(4, 2), Words(6, 4, merged=True)]
kinds = st.sampled_from(KINDS)
sequences = st.integers(1, 30).flatmap(lambda length: arrays(np.uint8, (3, length), elements=st.integers(0, 4)))


def names(words, text):
    """Return the words found in a sequence, by name."""
    named = [*words.names, ""]
    return [named[number] for number in words.find(to_codes([text]))[0]]


@pytest.mark.parametrize(
    ("words", "count"),
    [(Words(3), 64), (Words(3, merged=True), 32), (Words(4, merged=True), 136), (Words(6, merged=True), 2080)],
)
def test_how_many_words_there_are(words, count):
    # Words of an even length can be their own reverse complement: (4^4 + 4^2) / 2 and (4^6 + 4^3) / 2.
    assert words.number == len(set(words.names)) == count


def test_words_by_hand():
    assert names(Words(3), "ACGTN") == ["ACG", "CGT", ""]
    assert names(Words(3, merged=True), "ACGTN") == ["ACG", "ACG", ""]
    assert names(Words(4, merged=True), "ACGTT") == ["ACGT", "AACG"]  # ACGT is its own reverse complement


def test_gapped_words_by_hand():
    words = Words(4, 2)
    assert words.number == 3 * 256
    # Without a gap, with one letter and with two between the halves; beyond the end there is no word.
    assert names(words, "ACGTNA") == ["ACGT", "", "", "", "", "", "", "", ""]
    assert names(words, "ACGTCA")[3:] == ["AC.TC", "CG.CA", "", "AC..CA", "", ""]


def test_a_word_of_an_odd_number_of_letters_has_no_halves():
    with pytest.raises(ValueError, match="no two halves"):
        Words(5, 1)


def test_options_and_their_words():
    assert background_words("none", merged=True) is None
    assert background_words(5, merged=True) == Words(5, merged=True)
    assert background_words("gapped", merged=False) == Words(6, 4)


@given(kinds, sequences)
def test_every_position_is_looked_up_as_text(words, codes):
    found = words.find(codes).reshape(len(codes), words.gap + 1, -1)
    table = dict(zip(words.names, range(words.number), strict=True))
    half = words.letters // 2
    for row, code in enumerate(codes):
        text = "".join("ACGTN"[letter] for letter in code)
        for gap in range(words.gap + 1):
            for start in range(found.shape[2]):
                first, second = text[start : start + half], text[start + half + gap : start + words.letters + gap]
                word = first + second
                if words.merged:
                    other = word[::-1].translate(str.maketrans("ACGT", "TGCA"))
                    word = min(word, other)
                named = word[:half] + "." * gap + word[half:]
                assert found[row, gap, start] == table.get(named, words.number)


@given(kinds.filter(lambda words: words.merged), sequences)
def test_merged_words_do_not_depend_on_the_strand(words, codes):
    weights = np.random.default_rng(0).normal(size=(words.number, 2))
    one, other = words.summed(codes, weights), words.summed(reverse_complement(codes), weights)
    np.testing.assert_allclose(one, other, atol=1e-9)


def test_sequences_shorter_than_a_word_or_of_n_hold_no_words():
    words = Words(6, 4, merged=True)
    assert words.find(np.zeros((2, 5), np.uint8)).shape == (2, 0)
    assert (words.find(np.full((2, 20), 4, np.uint8)) == words.number).all()
    assert words.summed(np.zeros((2, 5), np.uint8), np.ones((words.number, 3))).tolist() == [[0, 0, 0]] * 2
