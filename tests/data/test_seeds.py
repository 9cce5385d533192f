"""Random choices of data preparation."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data.seeds import sequence_ranks, stable_seed


def test_seeds_are_stable_and_differ_by_seed_purpose_and_content() -> None:
    # printf 0:split: | b2sum -l 64, the lowest byte first
    assert stable_seed(0, "split") == int.from_bytes(bytes.fromhex("943bcffb41eed05b"), "little")
    uses = [
        (seed, use, *content) for seed in (0, 1) for use in ("split", "shuffle") for content in ([], [b"a"], [b"b"])
    ]
    assert len({stable_seed(*use) for use in uses}) == len(uses)


@given(st.integers(0, 2**32), st.permutations(range(12)))
def test_ranks_do_not_depend_on_the_order(seed: int, order: list[int]) -> None:
    codes = np.random.default_rng(1).integers(0, 4, (12, 9), dtype=np.uint8)
    rows = np.array([0, 3, 4, 7, 11])
    ranked = codes[sequence_ranks(codes, rows, seed, "test")]
    moved = codes[order]
    there = np.flatnonzero(np.isin(order, rows))
    assert np.array_equal(moved[sequence_ranks(moved, there, seed, "test")], ranked)
    assert sorted(sequence_ranks(codes, rows, seed, "test")) == rows.tolist()


def test_every_order_is_equally_likely() -> None:
    codes = np.eye(3, dtype=np.uint8)
    orders = [tuple(sequence_ranks(codes, np.arange(3), seed, "test")) for seed in range(1200)]
    assert [150 < orders.count(order) < 250 for order in set(orders)] == [True] * 6
