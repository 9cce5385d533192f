"""Names and places of sequences."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data.origins import FIELDS, Origins

letters = st.characters(codec="utf-8", exclude_characters="\0")


@given(st.lists(st.text(letters, max_size=12), min_size=1, max_size=6))
def test_any_text_is_kept(names: list[str]) -> None:
    numbers = range(len(names))
    origins = Origins(names, names, numbers, [number + 5 for number in numbers], ["+"] * len(names))
    assert origins.name.tolist() == origins.chrom.tolist() == names
    assert Origins.join([origins, origins]).name.tolist() == names * 2
    assert origins.take(np.array([-1])).name.tolist() == names[-1:]
    assert [array.dtype.kind for array in origins.arrays().values()] == ["S", "S", "i", "i", "S"]


def test_nowhere() -> None:
    origins = Origins.nowhere(2)
    assert len(origins) == 2 and list(origins.arrays()) == list(FIELDS)
    assert [getattr(origins, field).tolist() for field in FIELDS] == [["", ""], ["", ""], [0, 0], [0, 0], ["", ""]]
    assert Origins.nowhere(2, ["a", "b"]).name.tolist() == ["a", "b"]
    assert len(Origins.nowhere(0)) == len(Origins([], [], [], [], [])) == 0
