"""Numbers as text on pages; missing ones are empty."""

import math

SMALL = 1e-3  # p-values below it have an exponent
LARGE = 1e4  # numbers from here on have an exponent in tables
LEAST = 1e-300  # below it, tests underflow


def p_text(value: float | None) -> str:
    """Return a p-value or an E-value with the digits that matter: 12, 1, 0.031, 0.0021, 2e-15, < 1e-300."""
    if value is None or math.isnan(value):
        return ""
    if value < LEAST:
        return f"< {LEAST:.0e}"
    if value < SMALL:
        digits, exponent = f"{value:.0e}".split("e")
        return f"{digits}e{int(exponent)}"
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"


def number(value: float | None, digits: int = 3) -> str:
    """Return a value of a table: with so many decimals, from 10 on one at most, and an exponent from LARGE on."""
    if value is None or math.isnan(value):
        return ""
    if isinstance(value, int):
        form = ","
    elif abs(value) < LARGE:
        form = f".{digits if abs(value) < 10 else min(digits, 1)}f"
    else:
        form = ".1e"
    return f"{value:{form}}".replace("-", "\N{MINUS SIGN}")


def fixed(value: float | None, digits: int) -> str:
    """Return a number with this many decimals, zero without a sign."""
    return "" if value is None or math.isnan(value) else f"{value:z.{digits}f}"


def signed(value: float | None, digits: int) -> str:
    """Return a number with its sign and this many decimals; what rounds to zero has no sign."""
    text = fixed(value, digits)
    return text if not text or text.startswith("-") or not float(text) else f"+{text}"


def between(low: float | None, high: float | None, digits: int = 3, sign: bool = False) -> str:
    """Return an interval, `0.850 to 0.900`; sign: of both ends. A test on a single sequence of a class has none."""
    ends = [(signed if sign else fixed)(end, digits) for end in (low, high)]
    return " to ".join(ends) if all(ends) else ""
