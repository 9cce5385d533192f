"""Sequences that a data set holds more than once."""

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.data.duplicates import drop_duplicates, drop_known
from deepprune.data.origins import Origins
from deepprune.dna.codes import to_codes, to_text


def made_of(part: int, **labels: tuple[str, int]) -> Dataset:
    """Return named sequences with labels in one part."""
    codes = to_codes([text for text, _ in labels.values()])
    of_each = np.array([[label] for _, label in labels.values()], np.uint8)
    return Dataset(codes, of_each, np.full(len(codes), part, np.uint8), origins=Origins.nowhere(len(codes), labels))


def test_the_first_of_equal_sequences_of_a_class_stays() -> None:
    made, skipped = drop_duplicates(made_of(TRAIN, a=("ACGT", 1), b=("ACGA", 1), c=("ACGT", 0), d=("ACGT", 1)))
    assert made.origins.name.tolist() == ["a", "b", "c"]
    assert skipped[["name", "reason"]].to_numpy().tolist() == [["d", "duplicate"]]
    whole = made_of(TRAIN, a=("ACGT", 1))
    assert drop_duplicates(whole)[0] is whole


def test_test_sequences_of_training_are_left_out_whatever_their_class() -> None:
    training = made_of(TRAIN, a=("ACCC", 1), b=("AAAA", 0), c=("AAAA", 0))
    # TTTT and GGGT are reverse complements of training sequences
    test = made_of(TEST, d=("ACCC", 1), e=("TTTT", 1), f=("AAAA", 1), g=("GGGT", 0), h=("TTTT", 1), i=("TTTT", 0))
    fresh, skipped = drop_known(test, training)
    assert to_text(fresh.codes) == ["TTTT", "GGGT", "TTTT"] and fresh.labels[:, 0].tolist() == [1, 0, 0]
    assert fresh.origins.name.tolist() == ["e", "g", "i"] and (fresh.split == TEST).all()
    rows = [["d", "in_training"], ["f", "in_training"], ["h", "duplicate"]]
    assert skipped[["name", "reason"]].to_numpy().tolist() == rows


def test_a_test_part_may_be_left_with_nothing() -> None:
    training = made_of(TRAIN, a=("ACGT", 1))
    fresh, skipped = drop_known(made_of(TEST, b=("ACGT", 0)), training)
    assert fresh.codes.shape == (0, 4) and skipped["reason"].tolist() == ["in_training"]
