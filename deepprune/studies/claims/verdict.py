"""The verdict on each claim."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from deepprune.evaluation.bootstrap import LEAST, interval, signed_rank
from deepprune.studies.claims.claim import Claim
from deepprune.studies.claims.measures import TESTED, Terms, evidence, words
from deepprune.studies.claims.tables import RunTables

COLUMNS = ["claim", "place", "group", "architecture", "criterion", "text", "paper", "value", "low", "high"]
COLUMNS += ["datasets", "seeds", "replicates", "rule", "verdict"]
VERDICTS = REPRODUCED, NOT_REPRODUCED, NOT_ENOUGH = "reproduced", "not reproduced", "not enough data"


def judge(tables: RunTables, claims: Sequence[Claim], terms: Terms) -> pd.DataFrame:
    """Return the columns COLUMNS, a row for each claim.

    value: the mean over replicates, data sets or seeds as the column `replicates` says.  low, high: its 95 % bootstrap
    interval over them, missing for fewer than three.  seeds: the smallest number of any data set.  If the measure is a
    p-value, value is the p-value, and there is no interval. Values are missing if the run lacks the networks or the
    sets.  verdict: see `verdict` and `verdict_of_test`; `not enough data` for fewer than `least` replicates.
    """
    rows = []
    for claim in claims:
        found, simulated = evidence(tables, claim, terms), terms.sets[claim.sets].simulated
        value, low, high = math.nan, math.nan, math.nan
        if claim.measure == TESTED:
            assert claim.below is not None  # read_claims checks this
            value = signed_rank(found.values)
            decision = verdict_of_test(value, claim.below)
        else:
            if len(found.values):
                value, (low, high) = float(np.mean(found.values)), interval(found.values)
            decision = verdict(low, high, claim.above, claim.below)
        rows.append(
            {"claim": claim.claim, "place": claim.place, "text": claim.text, "paper": claim.paper}
            | {"group": "simulated" if simulated else "chipseq"}
            | {"architecture": found.architecture, "criterion": found.criterion}
            | {name: float(f"{number:.6g}") for name, number in (("value", value), ("low", low), ("high", high))}
            | {"datasets": found.datasets, "seeds": found.seeds}
            | {"replicates": "seeds" if simulated else "data sets"}
            | {"rule": rule(claim, terms)}
            | {"verdict": decision if len(found.values) >= claim.least else NOT_ENOUGH}
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(low: float, high: float, above: float | None, below: float | None) -> str:
    """Return whether an interval lies on the claimed side of two bounds, of which one may be missing.

    reproduced if all of it does; not reproduced if all of it lies beyond a bound; otherwise, or without an interval,
    not enough data.
    """
    least = -math.inf if above is None else above
    most = math.inf if below is None else below
    if low > least and high < most:
        return REPRODUCED
    return NOT_REPRODUCED if high <= least or low >= most else NOT_ENOUGH


def verdict_of_test(p_value: float, level: float) -> str:
    """Return reproduced if a one-sided test is significant, not reproduced if the opposite test is."""
    if p_value < level:
        return REPRODUCED
    return NOT_REPRODUCED if p_value > 1 - level else NOT_ENOUGH


def rule(claim: Claim, terms: Terms) -> str:
    """Return the rule of the verdict in words."""
    bounds = [
        f"{word} {bound:g}" for word, bound in (("above", claim.above), ("below", claim.below)) if bound is not None
    ]
    text = ": ".join([words(claim, terms), " and ".join(bounds)]) if bounds else words(claim, terms)
    return text + (f" ({claim.least} replicates or more)" if claim.least > LEAST else "")


def verdict_counts(claims: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the number of claims with each verdict, zeros included."""
    counts = Counter(str(claim["verdict"]) for claim in claims)
    return {verdict: counts[verdict] for verdict in dict.fromkeys((*VERDICTS, *counts))}
