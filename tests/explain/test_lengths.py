import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk
from deepprune.explain.lengths import Lengths


@pytest.mark.parametrize(("length", "far"), [(9, 1), (10, 0), (40, 0), (41, 1)])
def test_more_than_twice_as_long_or_short_is_far(length: int, far: int) -> None:
    lengths = Lengths(20)
    lengths.count(1, length)
    assert (lengths.seen, lengths.far) == (1, far)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 99))), st.integers(0, 30))
def test_chunks_pass_unchanged_and_are_counted(sizes: list[tuple[int, int]], window: int) -> None:
    chunks = [Chunk.whole(Origins.nowhere(n, ["x"] * n), np.zeros((n, length), np.uint8)) for n, length in sizes]
    lengths = Lengths(window)
    assert all(one is other for one, other in zip(lengths.counted(chunks), chunks, strict=True))
    far = [(n, length) for n, length in sizes if window and (length < window / 2 or length > 2 * window)]
    assert lengths.seen == sum(n for n, _ in sizes) and lengths.far == sum(n for n, _ in far)
    if far:
        assert lengths.shortest == min(length for _, length in far)
        assert lengths.longest == max(length for _, length in far)
    assert bool(lengths.about) == bool(far)


def test_words_for_one_length_and_for_several() -> None:
    lengths = Lengths(21)
    lengths.count(2, 5)
    assert lengths.about.startswith("2 of 2 sequences have 5 bp, less than half or more than twice the 21 bp that")
    lengths.count(1, 100)
    assert lengths.about.startswith("3 of 3 sequences have 5 to 100 bp")
