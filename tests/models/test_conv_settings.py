import pytest

from deepprune.errors import InputError
from deepprune.models.conv_settings import (
    ENTIRE,
    VALID,
    Convolution,
    ConvSettings,
    Field,
    aligned_layers,
    check_settings,
    parameter_count,
    pooled_lengths,
    receptive_field,
)


def settings(*convolutions: Convolution) -> ConvSettings:
    return ConvSettings(convolutions)


def test_lengths_go_from_pool_to_pool() -> None:
    three = settings(Convolution(30, 19, 25), Convolution(8, 5, 2, 1), Convolution(4, 3, ENTIRE))
    assert list(pooled_lengths(three, 200)) == [(200, 8), (8, 8), (8, 1)]
    assert list(pooled_lengths(settings(Convolution(30, 19, 50, 2)), 200)) == [(200, 100)]


@pytest.mark.parametrize(
    ("convolutions", "message"),
    [
        ([Convolution(4, 41)], "convolution 1 reads 40 positions, but its filters have 41; shorten them or lengthen"),
        ([Convolution(4, 5, 50)], "convolution 1 reads 40 positions, but its pool has 50; shorten this pool"),
        ([Convolution(4, 5, 10), Convolution(4, 3, 8)], "convolution 2 reads 4 positions, but its pool has 8"),
        ([Convolution(4, 5, 7)], "which its pool of 7 does not divide; change one, or add a + to the pool"),
        ([Convolution(4, 5, 8, 3)], "which its stride of 3 does not divide; change one"),
        ([Convolution(4, 5, 2, 4)], "of which its pool of 2 misses some by its stride; shorten the stride"),
        ([Convolution(4, 5, 1, 2)], "of which its pool of 1 misses some by its stride; shorten the stride"),
    ],
)
def test_layers_that_do_not_fit(convolutions: list[Convolution], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_settings("wide", settings(*convolutions), 40)
    assert str(caught.value).startswith("network wide: convolution ") and message in str(caught.value)


def test_pools_at_the_ends_may_be_shorter() -> None:
    ragged = settings(Convolution(4, 5, 9, ragged=True), Convolution(4, 3, 5, ragged=True))
    check_settings("cnn", ragged, 101)
    assert list(pooled_lengths(ragged, 101)) == [(101, 12), (12, 3)]
    # 12 pools of 9 are 7 positions longer than 101, of which 3 are before the sequence.
    assert receptive_field(ragged, 2, 101) == Field(5 + 8 + 2 * 9, -2 - 3 - 9, 9)


def unpadded(*convolutions: Convolution) -> ConvSettings:
    return ConvSettings(convolutions, padding=VALID)


def test_unpadded_filters_and_pools_are_whole() -> None:
    # 1000 - 25 = 975 = 75 x 13; 1000 - 29 = 971 = 64 x 15 + 11
    assert list(pooled_lengths(unpadded(Convolution(320, 26, 13)), 1000)) == [(1000, 75)]
    assert list(pooled_lengths(unpadded(Convolution(1024, 30, 15)), 1000)) == [(1000, 64)]
    # 40 - 4 = 36: pools of 8 at 0, 5, ... 25, and the last would end beyond 36; 6 - 2 = 4 in all
    layers = unpadded(Convolution(4, 5, 8, 5), Convolution(4, 3, ENTIRE))
    check_settings("cnn", layers, 40)
    assert list(pooled_lengths(layers, 40)) == [(40, 6), (6, 1)]
    assert list(pooled_lengths(unpadded(Convolution(4, 5), Convolution(4, 3)), 40)) == [(40, 36), (36, 34)]


@pytest.mark.parametrize(
    ("convolutions", "message"),
    [
        ([Convolution(4, 41)], "convolution 1 reads 40 positions, but its filters have 41; shorten them"),
        ([Convolution(4, 5, 37)], "reads 40 positions, of which its filters leave 36, but its pool has 37; shorten"),
        ([Convolution(4, 5, 9), Convolution(4, 5)], "convolution 2 reads 4 positions, but its filters have 5; shorten"),
        ([Convolution(4, 5, 2, 4)], "of which its pool of 2 misses some by its stride; shorten the stride"),
    ],
)
def test_unpadded_layers_that_do_not_fit(convolutions: list[Convolution], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_settings("wide", unpadded(*convolutions), 40)
    assert str(caught.value).startswith("network wide: convolution ") and message in str(caught.value)


@pytest.mark.parametrize(
    ("convolutions", "field"),
    [
        ([Convolution(4, 19, 25)], Field(19, 0, 1)),
        ([Convolution(4, 19), Convolution(4, 5)], Field(23, 0, 1)),
        # The unit at p reads the pools p, p + 1, p + 2, of which the last ends with letter 4 (p + 2) + 3 + 18.
        ([Convolution(4, 19, 4), Convolution(4, 3)], Field(30, 0, 4)),
        ([Convolution(4, 5, 8, 5), Convolution(4, 2)], Field(17, 0, 5)),
        ([Convolution(4, 5, ENTIRE), Convolution(4, 1)], Field(40, 0, 36)),
    ],
)
def test_unpadded_receptive_fields_by_hand(convolutions: list[Convolution], field: Field) -> None:
    assert receptive_field(unpadded(*convolutions), len(convolutions), 40) == field


def test_the_weights_of_recurrent_networks_by_hand() -> None:
    # Filters 4 x (5 x 4 + 1); 2 directions x 4 gates x 3 units x (4 + 3 + 1); 6 x (7 x 6 + 1); 2 x (6 + 1)
    small = ConvSettings((Convolution(4, 5, 5),), (6,), False, False, padding=VALID, lstm=3)
    assert parameter_count(small, 40, 2) == 84 + 192 + 258 + 14
    # 36 positions, of which 35 are in 7 pools; with padding, 40 in 8
    assert parameter_count(small._replace(padding="same"), 40, 2) == 84 + 192 + 6 * (8 * 6 + 1) + 14
    tied = small._replace(tied_strands=True, lstm=0)
    assert parameter_count(tied, 40, 2) == 42 + 6 * (7 * 4 + 1) + 14
    assert parameter_count(tied._replace(conv_norm=True), 40, 2) == 40 + 8 + 6 * (7 * 4 + 1) + 14


def test_later_filters_may_be_wider_than_what_they_read() -> None:
    check_settings("cnn", settings(Convolution(4, 5, 20), Convolution(4, 5)), 40)
    check_settings("cnn", settings(Convolution(4, 40, ENTIRE)), 40)


def test_filters_are_tied_in_pairs() -> None:
    tied = settings(Convolution(5, 7), Convolution(3, 3))._replace(tied_strands=True)
    with pytest.raises(InputError) as caught:
        check_settings("odd", tied, 40)
    assert str(caught.value) == (
        "network odd: tied_strands pairs the filters of the first convolution, but they are 5; give an even number"
    )
    check_settings("even", tied._replace(convolutions=(Convolution(6, 7), Convolution(3, 3))), 40)


@pytest.mark.parametrize(
    ("convolutions", "field"),
    [
        ([Convolution(4, 19, 25)], Field(19, -9, 1)),  # the layer's own pool does not count
        ([Convolution(4, 8)], Field(8, -3, 1)),  # of padding, one more at the end
        ([Convolution(4, 1)], Field(1, 0, 1)),
        ([Convolution(4, 19), Convolution(4, 5)], Field(23, -11, 1)),
        ([Convolution(4, 19), Convolution(4, 5), Convolution(4, 5)], Field(27, -13, 1)),
        # A pooled unit reads 19 + 3 letters, and the next two pooled units on either side 2 x 4 more.
        ([Convolution(4, 19, 4), Convolution(4, 5)], Field(38, -17, 4)),
        # Pools of 8 every 4 positions reach 2 beyond either end of 40.
        ([Convolution(4, 1, 8, 4), Convolution(4, 1)], Field(8, -2, 4)),
        # Of pools of 3 every 2 positions, of one position beyond the ends all is at the end.
        ([Convolution(4, 1, 3, 2), Convolution(4, 3)], Field(7, -2, 2)),
        ([Convolution(4, 1, 4), Convolution(4, 1, 5), Convolution(4, 1)], Field(20, 0, 20)),
        ([Convolution(4, 5, ENTIRE), Convolution(4, 1)], Field(44, -2, 40)),
    ],
)
def test_receptive_fields_by_hand(convolutions: list[Convolution], field: Field) -> None:
    assert receptive_field(settings(*convolutions), len(convolutions), 40) == field


def test_the_field_of_a_layer_does_not_depend_on_those_behind_it() -> None:
    three = settings(Convolution(4, 19), Convolution(4, 5, 4), Convolution(4, 3, ENTIRE))
    assert [receptive_field(three, number, 40) for number in (1, 2, 3)] == [
        Field(19, -9, 1),
        Field(23, -11, 1),
        Field(26 + 2 * 4, -11 - 4, 4),
    ]


@pytest.mark.parametrize(
    ("pools", "layers"),
    [
        ([25], [1]),
        ([1], [1]),
        ([4, 5], [1]),
        ([1, 5, 2], [1, 2]),
        ([1, 1, ENTIRE], [1, 2, 3]),
        ([ENTIRE, 1], [1]),
        ([1, 1], [1, 2]),
    ],
)
def test_layers_before_the_first_pool_keep_the_place_of_letters(pools: list[int], layers: list[int]) -> None:
    stack = settings(*(Convolution(4, 5, pool) for pool in pools))
    assert aligned_layers(stack) == layers
    assert all(receptive_field(stack, number, 200).jump == 1 for number in layers)
