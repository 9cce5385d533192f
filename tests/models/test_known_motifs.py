import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.io.motif import Motif, information_content
from deepprune.models.known_motifs import fitting, start_from


def motif(width: int, name: str = "m") -> Motif:
    """Return a motif whose matrix tells its positions apart."""
    sharp = np.linspace(0.4, 0.9, width)[:, None]
    return Motif(f"{name}{width}", "", np.hstack([sharp, np.repeat((1 - sharp) / 3, 3, axis=1)]), 20)


def drawn(width: int, filters: int, bias: bool = True) -> list[np.ndarray]:
    """Return weights as initializers draw them: kernel, biases, and a dense kernel."""
    rng = np.random.default_rng(0)
    vector = np.zeros(filters) if bias else np.ones(filters)
    arrays = rng.uniform(-0.02, 0.02, (width, 4, filters)), vector, rng.normal(size=(5, 6))
    return [array.astype(np.float32) for array in arrays]


def place(kernel: np.ndarray, own: Motif) -> int:
    """Return where the only stretch of a filter (width, 4) is that is the motif's."""
    wanted = (own.probabilities - 0.25).astype(np.float32)
    starts = range(len(kernel) - own.width + 1)
    (found,) = [start for start in starts if np.array_equal(kernel[start : start + own.width], wanted)]
    return found


def test_filters_start_from_motifs_and_keep_the_rest() -> None:
    before, motifs = drawn(30, 5), [motif(8), motif(24), motif(25)]
    given = drawn(30, 5)
    kernel, bias, dense = start_from(motifs, True, given, np.random.default_rng(1))
    assert all(np.array_equal(a, b) for a, b in zip(given, before, strict=True))
    for number, own in enumerate(motifs):
        start, end = (place(kernel[:, :, number], own) + shift for shift in (0, own.width))
        for rest in (slice(None, start), slice(end, None)):
            np.testing.assert_array_equal(kernel[rest, :, number], before[0][rest, :, number])
    # 24 of 30 leave 3 on either side, 25 do not.
    assert place(kernel[:, :, 1], motifs[1]) == 3
    assert (bias[:3] >= -1).all() and (bias[:3] < 0).all() and len(set(bias[:3])) == 3
    np.testing.assert_array_equal(kernel[:, :, 3:], before[0][:, :, 3:])
    assert not bias[3:].any() and np.array_equal(dense, before[2])
    assert kernel.dtype == bias.dtype == np.float32


@given(st.integers(1, 30), st.integers(0, 2**31))
def test_places_are_within_filters(width: int, seed: int) -> None:
    own = motif(width)
    kernel, *_ = start_from([own], False, drawn(30, 1, bias=False), np.random.default_rng(seed))
    margin = 3 if width <= 24 else 0
    assert margin <= place(kernel[:, :, 0], own) <= 30 - width - margin


def test_all_places_occur() -> None:
    own, rng = motif(22), np.random.default_rng(0)
    found = {place(start_from([own], True, drawn(30, 1), rng)[0][:, :, 0], own) for _ in range(60)}
    assert found == {3, 4, 5}


def test_without_biases_there_are_none_to_draw() -> None:
    _, scale, _ = start_from([motif(8)], False, drawn(30, 2, bias=False), np.random.default_rng(0))
    assert (scale == 1).all()


def test_the_seed_decides() -> None:
    def started(seed: int) -> list[np.ndarray]:
        return start_from([motif(8), motif(6)], True, drawn(30, 4), np.random.default_rng(seed))

    assert all(np.array_equal(a, b) for a, b in zip(started(0), started(0), strict=True))
    assert not np.array_equal(started(0)[0], started(1)[0])


def test_information() -> None:
    assert information_content(np.eye(4)[:3]).sum() == 6
    assert information_content(np.full((5, 4), 0.25)).sum() == 0
    assert information_content(np.array([[0.5, 0.5, 0, 0], [0, 0, 0, 1]])).sum() == 3


def test_long_motifs_are_left_out_and_the_most_informative_are_taken() -> None:
    motifs = [motif(20), motif(31), motif(8), motif(30), motif(5)]
    assert fitting("cnn", motifs, 30, 9) == [motifs[place] for place in (0, 2, 3, 4)]
    assert fitting("cnn", motifs, 30, 2) == [motifs[0], motifs[3]]
    assert fitting("cnn", motifs, 20, 1) == [motifs[0]]


def test_no_motif_fits() -> None:
    with pytest.raises(InputError) as caught:
        fitting("cnn", [motif(20), motif(31)], 19, 9)
    assert str(caught.value) == (
        "network cnn: known_motifs needs motifs of at most 19 bp, the width of its first filters, but of 2 there is "
        "none; widen the filters, or set known_motifs to 0"
    )
    with pytest.raises(InputError, match="but of 0 there is none"):
        fitting("cnn", [], 19, 9)
