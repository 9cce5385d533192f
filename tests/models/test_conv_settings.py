import pytest

from deepprune.errors import InputError
from deepprune.models.conv_settings import ENTIRE, Convolution, ConvSettings, check_settings, pooled_lengths


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
        ([Convolution(4, 5, 7)], "which its pool of 7 does not divide; change one"),
        ([Convolution(4, 5, 8, 3)], "which its stride of 3 does not divide; change one"),
    ],
)
def test_layers_that_do_not_fit(convolutions: list[Convolution], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_settings("wide", settings(*convolutions), 40)
    assert str(caught.value).startswith("network wide: convolution ") and message in str(caught.value)


def test_later_filters_may_be_wider_than_what_they_read() -> None:
    check_settings("cnn", settings(Convolution(4, 5, 20), Convolution(4, 5)), 40)
    check_settings("cnn", settings(Convolution(4, 40, ENTIRE)), 40)
