"""Claims about networks that have names, judged over seeds or other replicates."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.errors import InputError
from deepprune.evaluation.bootstrap import LEAST, interval
from deepprune.io.table import read_table, records
from deepprune.studies.claims.verdict import NOT_ENOUGH, verdict

FIELDS = ["claim", "place", "measure", "first", "second", "above", "below", "paper", "text"]
SEED = "seed"
COLUMNS = [*FIELDS[:2], "text", "paper", "value", "low", "high", "seeds", "rule", "verdict"]


class NamedClaim(NamedTuple):
    """A row of a table of claims about named networks.

    claim: its name.  place, text: the passage of the publication.  measure: a column of the run's values.  first,
    second: networks, whose mean counts; without second ones, the value is that of the first, otherwise the difference.
    above, below: bounds of the mean over replicates if the claim is true; one may be missing.  paper: the published
    value.
    """

    claim: str
    place: str
    measure: str
    first: Sequence[str]
    second: Sequence[str]
    above: float | None
    below: float | None
    paper: float | None
    text: str


def read_named_claims(path: str, measures: Mapping[str, str]) -> list[NamedClaim]:
    """Read a table with the columns FIELDS; networks are separated by blanks.

    measures: their words by name. InputError if a column is missing, a measure unknown, or a claim without a bound.
    """
    table = read_table(path)
    missing = [column for column in FIELDS if column not in table]
    if missing:
        raise InputError(f"{path} lacks the column {missing[0]}; its columns are {', '.join(FIELDS)}")
    claims = []
    for line, row in enumerate(records(table[FIELDS]), start=2):
        place = f"{path}, line {line}, claim {row['claim']}"
        if row["measure"] not in measures:
            raise InputError(f"{place}: measure is {row['measure']}; give one of {', '.join(measures)}")
        if not row["first"] or (row["above"] is None and row["below"] is None):
            raise InputError(f"{place}: fill in the column first, and above or below")
        networks = {column: str(row[column] or "").split() for column in ("first", "second")}
        claims.append(NamedClaim(**{str(column): value for column, value in row.items()} | networks))
    return claims


def judge_named(
    values: pd.DataFrame, claims: Sequence[NamedClaim], measures: Mapping[str, str], over: str = SEED
) -> pd.DataFrame:
    """Return the columns COLUMNS, a row for each claim.

    values: the columns network and `over`, the replicate, and the measures.  value: the mean over the replicates that
    all its networks have.  low, high: its 95 % bootstrap interval over them.  seeds: the number of replicates, a column
    called by the plural of `over`. Without a network the value is missing, and the verdict is not enough data.
    """
    rows: list[dict[str, Any]] = []
    for claim in claims:
        found = _values(values, claim, over)
        low, high = interval(found)
        decision = verdict(low, high, claim.above, claim.below) if len(found) >= LEAST else NOT_ENOUGH
        numbers = {"value": found.mean() if len(found) else math.nan, "low": low, "high": high}
        rows.append(
            {"claim": claim.claim, "place": claim.place, "text": claim.text, "paper": claim.paper}
            | {name: float(f"{number:.4g}") for name, number in numbers.items()}
            | {f"{over}s": len(found), "rule": _rule(claim, measures), "verdict": decision}
        )
    return pd.DataFrame(rows, columns=[f"{over}s" if column == "seeds" else column for column in COLUMNS])


def _values(values: pd.DataFrame, claim: NamedClaim, over: str) -> np.ndarray:
    """Return the value of a claim for each replicate, float (replicates,)."""
    wide = values.pivot(index=over, columns="network", values=claim.measure)
    if not {*claim.first, *claim.second} <= set(wide.columns):
        return np.empty(0)
    wide = wide[[*claim.first, *claim.second]].dropna()
    first = wide[list(claim.first)].mean(axis=1)
    return (first - wide[list(claim.second)].mean(axis=1) if claim.second else first).to_numpy(float)


def _rule(claim: NamedClaim, measures: Mapping[str, str]) -> str:
    """Return the rule of the verdict in words."""
    bounds = [
        f"{word} {bound:g}" for word, bound in (("above", claim.above), ("below", claim.below)) if bound is not None
    ]
    compared = " minus that of ".join(", ".join(names) for names in (claim.first, claim.second) if names)
    return f"{measures[claim.measure]}, mean of {compared}: {' and '.join(bounds)}"
