"""Tables of claims."""

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from deepprune.errors import InputError
from deepprune.evaluation.bootstrap import LEAST
from deepprune.io.table import read_table, records
from deepprune.studies.claims.claim import Claim, Networks
from deepprune.studies.claims.measures import ONE, TESTED, TWO, Terms


def read_claims(path: str | Path, terms: Terms) -> list[Claim]:
    """Read a table whose columns are the fields of Claim; networks are written as `Networks.parse` reads them.

    InputError if a column is missing, or if a claim has an unknown set, measure, method or size, or lacks a bound.
    """
    table = read_table(path)
    missing = [field for field in Claim._fields if field not in table.columns]
    if missing:
        raise InputError(f"{path} lacks the column {missing[0]}; its columns are {', '.join(Claim._fields)}")
    claims = []
    for line, row in enumerate(records(table), start=2):
        try:
            claims.append(_claim(row, terms))
        except ValueError as error:
            raise InputError(f"{path}, line {line}, claim {row['claim']}: {error}") from None
    return claims


def _claim(row: Mapping[str, Any], terms: Terms) -> Claim:
    """Return a row as a claim; ValueError says what is wrong with it."""
    first, second = (Networks.parse(row[field]) if row[field] else None for field in ("first", "second"))
    above, below, least = (_number(field, row[field]) for field in ("above", "below", "least"))
    claim = Claim(
        claim=row["claim"],
        place=row["place"],
        text=row["text"],
        paper=row["paper"],
        sets=_one_of("sets", row["sets"], terms.sets),
        measure=_one_of("measure", row["measure"], terms.measures) if row["measure"] else "",
        first=first,
        second=second,
        above=above,
        below=below,
        least=LEAST if least is None else int(least),
    )
    _check(claim, terms)
    return claim


def _check(claim: Claim, terms: Terms) -> None:
    """Raise ValueError if the parts of a claim do not fit together."""
    count = len([networks for networks in (claim.first, claim.second) if networks])
    if not claim.measure:
        if count:
            raise ValueError("networks are given, but no measure; give one, or no networks")
        return
    wanted = terms.measures[claim.measure].networks
    if count not in wanted or not claim.first:
        columns = {ONE: "first alone", TWO: "first and second"}.get(wanted, "first")
        raise ValueError(f"measure {claim.measure} takes other networks; fill in the column {columns}")
    if claim.second and claim.first.many != claim.second.many:
        raise ValueError("first and second are of different sizes; give both one size, or the same several")
    bounds = [claim.below] if claim.measure == TESTED else [claim.above, claim.below]
    if all(bound is None for bound in bounds):
        columns = "below" if claim.measure == TESTED else "above or below"
        raise ValueError(f"measure {claim.measure} has no bound; fill in the column {columns}")


def _one_of(column: str, value: str | None, known: Collection[str]) -> str:
    if value not in known:
        raise ValueError(f"{column} is {value or 'empty'}; give one of {', '.join(known)}")
    return str(value)


def _number(column: str, value: Any) -> float | None:
    try:
        number = None if value is None else float(value)
    except ValueError:
        number = math.nan
    if number is not None and not math.isfinite(number):
        raise ValueError(f"{column} is {value!r}, not a number; write it like 0.05")
    return number
