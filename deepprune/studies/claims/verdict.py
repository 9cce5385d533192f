"""The paper's claims (resources/paper/claims.tsv), each beside what a study found, with a verdict."""

import math

import numpy as np
import pandas as pd

from deepprune.evaluation.bootstrap import LEAST, interval, signed_rank
from deepprune.studies.claims.measures import evidence, words
from deepprune.studies.claims.tables import Claim, Study

COLUMNS = ["claim", "place", "group", "criterion", "text", "paper", "value", "low", "high", "datasets", "seeds"]
COLUMNS += ["replicates", "rule", "verdict"]
REPRODUCED, NOT_REPRODUCED, NOT_ENOUGH = "reproduced", "not reproduced", "not enough data"
TESTED = "p"  # the measure whose value is a p-value


def judge(study: Study, claims: pd.DataFrame) -> pd.DataFrame:
    """Every claim with the paper's value, the study's, and a verdict: the columns COLUMNS, in the order of the claims.

    claims: columns claim place sets measure first second above below least paper text; see `claims`.

    value: the mean over replicates, data sets or seeds as the column `replicates` says; low, high: its 95 % bootstrap
    interval over them, missing for fewer than three.  seeds: the fewest of any data set.  Where the measure is a
    p-value, it is the value, and without an interval. Values are missing where the study lacks the networks or the
    sets.  verdict: as of `verdict` and `verdict_of_test`, `not enough data` for fewer than `least` replicates.
    """
    rows = []
    for row in claims.fillna({"measure": "", "first": "", "second": "", "least": LEAST}).to_dict("records"):
        claim = Claim(*(row[field] for field in Claim._fields))
        found = evidence(study, claim)
        value, low, high = math.nan, math.nan, math.nan
        if claim.measure == TESTED:
            value = signed_rank(found.values)
            decision = verdict_of_test(value, row["below"])
        else:
            if len(found.values):
                value, (low, high) = float(np.mean(found.values)), interval(found.values)
            decision = verdict(low, high, row["above"], row["below"])
        rows.append(
            {field: row[field] for field in ("claim", "place", "text", "paper")}
            | {"group": "chipseq" if claim.sets == "chipseq" else "simulated", "criterion": found.criterion}
            | {name: float(f"{number:.6g}") for name, number in (("value", value), ("low", low), ("high", high))}
            | {"datasets": found.datasets, "seeds": found.seeds}
            | {"replicates": "data sets" if claim.sets == "chipseq" else "seeds"}
            | {"rule": _rule(claim, row["above"], row["below"], row["least"])}
            | {"verdict": decision if len(found.values) >= row["least"] else NOT_ENOUGH}
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(low: float, high: float, above: float, below: float) -> str:
    """Whether an interval lies on the claimed side: above and below the two bounds, of which one may be missing (NaN).

    reproduced if all of it does, not reproduced if all of it lies beyond a bound, else, or without an interval,
    not enough data.
    """
    least, most = np.nan_to_num(above, nan=-math.inf), np.nan_to_num(below, nan=math.inf)
    if low > least and high < most:
        return REPRODUCED
    return NOT_REPRODUCED if high <= least or low >= most else NOT_ENOUGH


def verdict_of_test(p_value: float, level: float) -> str:
    """reproduced if a one-sided test is significant, not reproduced if the test of the opposite is."""
    if p_value < level:
        return REPRODUCED
    return NOT_REPRODUCED if p_value > 1 - level else NOT_ENOUGH


def _rule(claim: Claim, above: float, below: float, least: float) -> str:
    """The rule of the verdict in words."""
    bounds = [f"{word} {bound:g}" for word, bound in (("above", above), ("below", below)) if not math.isnan(bound)]
    text = ": ".join([words(claim), " and ".join(bounds)]) if bounds else words(claim)
    return text + (f" ({least:.0f} replicates or more)" if least > LEAST else "")
