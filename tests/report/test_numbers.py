import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.report.numbers import between, fixed, number, p_text, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((1.0, "1"), (0.9999, "1"), (0.03, "0.03"), (0.0512, "0.051"), (0.001, "0.001"), (9.94, "9.9")),
        *((0.00099, "1e-3"), (2.3e-15, "2e-15"), (1e-300, "1e-300"), (0.0, "< 1e-300"), (850.4, "850")),
        *((1234.5, "1,234"), (None, ""), (math.nan, "")),
    ],
)
def test_p_values(value: float | None, text: str) -> None:
    assert p_text(value) == text


@given(st.floats(0, 1))
def test_a_p_value_is_short_and_near(value: float) -> None:
    text = p_text(value)
    assert len(text) <= 8
    if not text.startswith("<"):
        assert float(text) == pytest.approx(value, rel=0.5 if value < 0.001 else 0.05)


def test_zero_has_no_sign() -> None:
    assert [fixed(value, 2) for value in (-0.001, -0.0, 0.125, -0.13)] == ["0.00", "0.00", "0.12", "-0.13"]
    assert [signed(value, 2) for value in (-0.001, 0.001, 0.13, -0.13)] == ["0.00", "0.00", "+0.13", "-0.13"]
    assert fixed(math.inf, 1) == "inf" and signed(50.5, 0) == "+50"


def test_missing_numbers_are_empty() -> None:
    assert [fixed(None, 1), signed(math.nan, 1), between(None, 1.0), between(0.5, math.nan)] == [""] * 4
    assert between(-0.001, 0.25, 2, sign=True) == "0.00 to +0.25" and between(0.85, 0.9) == "0.850 to 0.900"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        *((None, 3, ""), (math.nan, 3, ""), (0.98765, 3, "0.988"), (-0.0931, 3, "\N{MINUS SIGN}0.093"), (12, 3, "12")),
        *((77.04, 3, "77.0"), (77.04, 0, "77"), (160048, 3, "160,048"), (138791180.7, 3, "1.4e+08"), (9.9, 2, "9.90")),
    ],
)
def test_values_of_tables(value: float | None, digits: int, text: str) -> None:
    assert number(value, digits) == text
