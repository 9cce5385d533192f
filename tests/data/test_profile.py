"""The composition of classes."""

import numpy as np
import pytest

from deepprune.data.dataset import TRAIN, Dataset
from deepprune.data.profile import profile
from deepprune.dna.codes import to_codes


def composition(positives: list[str], negatives: list[str]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the shares of positives and negatives by kind and value, without those that are 0 in both."""
    labels = np.array([[1]] * len(positives) + [[0]] * len(negatives), np.uint8)
    table = profile(Dataset(to_codes([*positives, *negatives]), labels, np.full(len(labels), TRAIN, np.uint8)))
    assert len(table) == 25 + 10
    return {(kind, value): (one, other) for kind, value, one, other in table.itertuples(index=False) if one or other}


def test_shares_by_hand() -> None:
    found = composition(["AACGT", "AAAAA"], ["GGGGN"])
    assert found == {
        ("gc", "0.00"): (0.5, 0),
        ("gc", "0.40"): (0.5, 0),
        ("gc", "0.96"): (0, 1),  # 1 is in the last bin
        ("dinucleotide", "AA/TT"): (pytest.approx(5 / 8), 0),
        ("dinucleotide", "AC/GT"): (pytest.approx(2 / 8), 0),
        ("dinucleotide", "CG"): (pytest.approx(1 / 8), 0),
        ("dinucleotide", "CC/GG"): (0, 1),
    }


def test_sequences_of_n_and_classes_without_sequences_have_shares_of_zero() -> None:
    assert composition(["NNNN"], []) == {("gc", "0.00"): (1, 0)}
