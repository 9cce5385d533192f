"""Data sets reduced to a number of sequences of each class."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.reduce import at_most, shares
from deepprune.dna.codes import to_text


def made_of(positives: int, negatives: int, test_share: float = 0) -> Dataset:
    """Return random sequences of 12 bp, of each class this share in the test part."""
    codes = np.random.default_rng(0).integers(0, 4, (positives + negatives, 12), dtype=np.uint8)
    labels = np.repeat([1, 0], [positives, negatives]).astype(np.uint8)[:, None]
    parts = [np.arange(count) < test_share * count for count in (positives, negatives)]
    return Dataset(codes, labels, np.where(np.concatenate(parts), TEST, TRAIN).astype(np.uint8))


def test_parts_keep_their_shares() -> None:
    assert shares([80, 0, 20], 50) == [40, 0, 10]
    assert shares([3, 0, 4], 5) == [2, 0, 3]  # 2.14 and 2.86
    assert shares([3, 0, 4], 7) == shares([3, 0, 4], 9) == [3, 0, 4]
    assert shares([0, 0, 0], 5) == [0, 0, 0]


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 130))
def test_neither_of_two_parts_gets_smaller_as_the_number_grows(training: int, test: int, most: int) -> None:
    fewer, more = (shares([training, 0, test], number) for number in (most, most + 1))
    assert sum(fewer) == min(most, training + test)
    assert all(0 <= one <= other <= all_ for one, other, all_ in zip(fewer, more, [training, 0, test], strict=True))


def test_each_class_and_each_part_is_reduced() -> None:
    made = at_most(made_of(200, 100, 0.25), 40, 0)
    counts = {(part, label): int(((made.split == part) & (made.positive() == label)).sum())
              for part in (TRAIN, VALIDATION, TEST) for label in (True, False)}  # fmt: skip
    of_class = {TRAIN: 30, VALIDATION: 0, TEST: 10}
    assert counts == {(part, label): of_class[part] for part in of_class for label in (True, False)}


def test_a_class_with_fewer_stays_whole() -> None:
    whole = made_of(60, 30)
    assert at_most(whole, 60, 0) is whole
    made = at_most(whole, 50, 0)
    assert made.positive().sum() == 50 and np.array_equal(made.codes[50:], whole.codes[60:])


@given(st.integers(1, 80), st.integers(1, 80), st.integers(0, 9))
def test_a_smaller_set_is_part_of_a_larger_one(one: int, other: int, seed: int) -> None:
    whole = made_of(80, 40, 0.3)
    fewer, more = (set(to_text(at_most(whole, most, seed).codes)) for most in sorted((one, other)))
    assert fewer <= more <= set(to_text(whole.codes))


@given(st.permutations(range(30)), st.integers(1, 30))
def test_the_choice_depends_on_sequences_alone(order: list[int], most: int) -> None:
    whole = made_of(30, 0)
    kept = at_most(whole, most, 3)
    assert set(to_text(at_most(whole.take(np.array(order)), most, 3).codes)) == set(to_text(kept.codes))
    # The sequences keep their order.
    places = {text: place for place, text in enumerate(to_text(whole.codes))}
    found = [places[text] for text in to_text(kept.codes)]
    assert found == sorted(found)


def test_another_seed_chooses_others() -> None:
    whole = made_of(60, 0)
    assert to_text(at_most(whole, 30, 0).codes) != to_text(at_most(whole, 30, 1).codes)
