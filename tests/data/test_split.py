"""The split: shares, groups that stay together, chromosomes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.origins import Origins
from deepprune.data.split import by_chromosome, hold_out, overlapping
from deepprune.errors import InputError


def dataset(places: list[tuple[str, int, int]], labels: list[int] | None = None, seed: int = 0) -> Dataset:
    """Return random sequences at these places."""
    count = len(places)
    codes = np.random.default_rng(seed).integers(0, 4, (count, 20), dtype=np.uint8)
    chrom, start, end = zip(*places, strict=True)
    origins = Origins(list(map(str, range(count))), chrom, start, end, ["."] * count)
    column = np.array(labels or [1] * count, np.uint8)[:, None]
    return Dataset(codes, column, np.full(count, TRAIN, np.uint8), origins=origins)


def test_groups_by_hand() -> None:
    places = [
        ("chr1", 10, 20),
        ("chr1", 19, 29),
        ("chr1", 29, 39),
        ("chr2", 10, 20),
        ("chr1", 28, 30),
        ("", 0, 0),
        ("", 0, 0),
    ]
    groups = overlapping(dataset(places).origins)
    # 28-30 joins 19-29 and 29-39, which only touch
    assert groups[0] == groups[1] == groups[2] == groups[4]
    assert len({groups[0], *groups[[3, 5, 6]].tolist()}) == 4 and set(groups) == set(range(4))
    assert overlapping(Origins.nowhere(0)).tolist() == []


@given(st.lists(st.tuples(st.sampled_from(["", "chr1", "chr2"]), st.integers(0, 60), st.integers(1, 20)), min_size=1))
def test_groups_are_the_components_of_overlaps(rows: list[tuple[str, int, int]]) -> None:
    places = [(chrom, start, start + width) for chrom, start, width in rows]
    groups = overlapping(dataset(places).origins)
    own = np.arange(len(places))
    for _ in places:
        for i, (chrom, start, end) in enumerate(places):
            for j, (other, first, last) in enumerate(places):
                if chrom and chrom == other and start < last and first < end:
                    own[i] = own[j] = min(own[i], own[j])
    assert [groups[i] == groups[j] for i in range(len(own)) for j in range(len(own))] == [
        own[i] == own[j] for i in range(len(own)) for j in range(len(own))
    ]


@given(st.integers(0, 9), st.floats(0.05, 0.5), st.integers(60, 200))
def test_sequences_that_overlap_stay_together_at_the_wanted_share(seed: int, share: float, count: int) -> None:
    starts = np.random.default_rng(seed).integers(0, 30 * count, count)
    labels = [i % 2 for i in range(count)]
    made = dataset([("chr1", int(start), int(start) + 20) for start in starts], labels, seed)
    groups = overlapping(made.origins)
    split = hold_out(made, share, TEST, seed, groups).split
    assert all(len(set(split[groups == group])) == 1 for group in groups)
    for label in (0, 1):
        wanted = max(1, round(share * labels.count(label)))
        assert wanted - 10 <= (split[made.labels[:, 0] == label] == TEST).sum() <= wanted


def test_without_groups_the_share_is_exact_and_the_first_part_stays() -> None:
    made = hold_out(dataset([("", 0, 0)] * 100), 0.2, TEST, 0)
    again = hold_out(made, 0.1, VALIDATION, 0)
    assert np.bincount(again.split).tolist() == [72, 8, 20]
    assert ((again.split == TEST) == (made.split == TEST)).all()


def test_a_group_larger_than_the_share_stays_in_training() -> None:
    places = [("chr1", 5 * i, 5 * i + 20) for i in range(50)] + [("chr2", 100 * i, 100 * i + 20) for i in range(50)]
    made = dataset(places)
    split = hold_out(made, 0.2, TEST, 1, overlapping(made.origins)).split
    assert not split[:50].any() and (split[50:] == TEST).sum() == 20


def test_chromosomes_by_hand() -> None:
    made = dataset([("chr1", 0, 20), ("chr2", 0, 20), ("chr3", 0, 20), ("chr2", 50, 70)])
    assert by_chromosome(made, {"test": ["chr2"]}, "x").split.tolist() == [TRAIN, TEST, TRAIN, TEST]
    split = by_chromosome(made, {"test": ["chr2", "chr3"], "validation": ["chr1"]}, "x").split
    assert split.tolist() == [VALIDATION, TEST, TEST, TEST]


def test_chromosomes_that_are_not_there_and_sequences_without_a_place() -> None:
    made = dataset([("chr1", 0, 20), ("chr2", 0, 20)])
    with pytest.raises(InputError, match=r"x: data\.split takes 8 for test, but no sequence is there; .* chr1, chr2"):
        by_chromosome(made, {"test": ["8"]}, "x")
    with pytest.raises(InputError, match="x: 1 of 2 sequences have no place in a genome"):
        by_chromosome(dataset([("chr1", 0, 20), ("", 0, 0)]), {"test": ["chr1"]}, "x")
