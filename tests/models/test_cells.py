import pytest

from deepprune.models.cells import choice, count, number, switch, units


def test_cells_by_hand() -> None:
    assert units("code", "500") == 500 and count("lstm", "0") == 0 and count("patience", "12") == 12
    assert switch("conv_relu", "1") is True and switch("conv_relu", "0") is False
    assert number("l2", "2.5e-4") == 0.00025 and number("lstm_dropout", "0") == 0
    assert choice("output", "softmax", ("softmax", "identity")) == "softmax"


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1e3", "", "x", "1234567"])
def test_what_is_no_number_of_units(text: str) -> None:
    with pytest.raises(ValueError, match=r"code is '.*'; give a whole number from 1 on"):
        units("code", text)


@pytest.mark.parametrize(("column", "of"), [("lstm", "units"), ("patience", "epochs")])
@pytest.mark.parametrize("text", ["-1", "1.5", "", "01"])
def test_what_is_no_count(column: str, of: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"{column} is '{text}'; give a number of {of}, 0 for none"):
        count(column, text)


@pytest.mark.parametrize("text", ["-0.1", "nan", "inf", "much"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=f"l2 is '{text}'; give a number from 0 on$"):
        number("l2", text)


def test_dropout_is_below_one() -> None:
    with pytest.raises(ValueError, match="conv_dropout is '1'; give a number from 0 on, below 1"):
        number("conv_dropout", "1")


def test_other_cells_that_are_wrong() -> None:
    with pytest.raises(ValueError, match="conv_relu is 'yes'; write 1 for yes and 0 for no"):
        switch("conv_relu", "yes")
    with pytest.raises(ValueError, match="output is 'tanh'; give one of softmax, identity"):
        choice("output", "tanh", ("softmax", "identity"))
