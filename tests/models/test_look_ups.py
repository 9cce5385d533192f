import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from deepprune.dna.codes import to_codes
from deepprune.models.look_ups import each_block, equal_blocks, scan_blocks


@given(count=st.integers(1, 10_000), limit=st.integers(0, 500))
def test_equal_blocks_hold_all_with_less_waste_than_their_number(count, limit):
    number, size = equal_blocks(count, limit)
    assert size <= max(limit, 1) and 0 <= number * size - count < number


def test_blocks_after_the_first_are_zeros():
    values, squares = each_block(
        lambda block: (block, block**2), tf.range(1.0, 5.0), tf.constant(2), tf.TensorSpec(()), tf.TensorSpec(())
    )
    assert (values.numpy().tolist(), squares.numpy().tolist()) == ([1, 2, 0, 0], [1, 4, 0, 0])


@pytest.mark.parametrize("kernels", [1, 9])
def test_best_windows_by_hand(kernels):
    # The last kernel reads AC; the others are as many times as strong.
    word = np.zeros((1, 2, 4, 1), np.float32)
    word[0, 0, 0], word[0, 1, 1] = 1, 2
    strengths = np.arange(kernels, 0, -1, dtype=np.float32)
    score, position = scan_blocks(to_codes(["GACAC", "TTTTT", "NNANN"])[None], word * strengths, tf.constant(kernels))
    assert score.numpy().tolist() == [(best * strengths).tolist() for best in (3, 0, 1)]
    assert position.numpy().tolist() == [[1] * kernels, [0] * kernels, [2] * kernels]
