"""The table of rows without a sequence."""

import numpy as np

from deepprune.data.origins import Origins
from deepprune.data.skipped import REASONS, REMEDIES, REPEATED, counted, skipped_origins, skipped_rows

PLACES = {"name": ["a", "b", "c"], "chrom": ["chr1", "", "chr2"], "start": [1, 0, 5], "end": [9, 0, 8]}


def test_rows_with_a_reason_keep_their_order_and_are_counted() -> None:
    table = skipped_rows(PLACES, ["with_n", "", "too_short"])
    assert table.to_numpy().tolist() == [["a", "chr1", 1, 9, "with_n"], ["c", "chr2", 5, 8, "too_short"]]
    assert counted(table) == dict.fromkeys(REASONS, 0) | {"with_n": 1, "too_short": 1}


def test_sequences_of_a_data_set_can_be_skipped() -> None:
    table = skipped_origins(Origins(**PLACES, strand=["+", "", "."]).take(np.array([2])), "duplicate")
    assert table.to_numpy().tolist() == [["c", "chr2", 5, 8, "duplicate"]]
    assert not any(counted(skipped_origins(Origins.nowhere(0), "duplicate")).values())


def test_every_mistake_has_a_remedy() -> None:
    assert {*REMEDIES, *REPEATED} == set(REASONS)
