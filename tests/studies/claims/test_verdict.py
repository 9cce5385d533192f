import numpy as np
import pytest
from claimed import run_of

from deepprune.studies.claims.claim import Claim, Networks
from deepprune.studies.claims.measures import MEASURES, SETS, Terms
from deepprune.studies.claims.verdict import (
    COLUMNS,
    NOT_ENOUGH,
    NOT_REPRODUCED,
    REPRODUCED,
    judge,
    rule,
    verdict,
    verdict_of_test,
)

TERMS = Terms(SETS, MEASURES)
NAN = float("nan")
GAIN = Claim(
    claim="gain",
    place="Table 2",
    text="better",
    paper=0.0231,
    sets="chipseq",
    measure="auroc",
    first=Networks("deepprune", "", 4),
    second=Networks("baseline", "", 4),
    above=0.0,
    below=None,
    least=3,
)


def test_a_claim_is_judged_by_the_interval_of_its_mean() -> None:
    claims = [GAIN, GAIN._replace(above=0.5), GAIN._replace(above=None, below=0.1), GAIN._replace(least=10)]
    table = judge(run_of(holds=True, datasets=9, seeds=3), claims, TERMS)
    assert table.columns.tolist() == COLUMNS
    assert table["verdict"].tolist() == [REPRODUCED, NOT_REPRODUCED, REPRODUCED, NOT_ENOUGH]
    first = table.iloc[0]
    assert first[["group", "architecture", "criterion"]].tolist() == ["chipseq", "few_kernel", "weight"]
    assert first[["datasets", "seeds", "replicates"]].tolist() == [9, 3, "data sets"]
    assert first["low"] < first["value"] < first["high"]


def test_a_p_value_has_no_interval() -> None:
    claim = GAIN._replace(measure="p", above=None, below=0.05, least=5)
    (row,) = judge(run_of(holds=True, datasets=9, seeds=3), [claim], TERMS).to_dict("records")
    # Two of nine lose, the least of all.
    assert (row["verdict"], row["low"]) == (REPRODUCED, pytest.approx(np.nan, nan_ok=True))
    assert row["value"] < 0.05


def test_what_is_not_measured_is_not_judged() -> None:
    claim = GAIN._replace(sets="simulated", measure="", first=None, second=None, above=None)
    (row,) = judge(run_of(holds=True, datasets=1, seeds=3), [claim], TERMS).to_dict("records")
    assert (row["architecture"], row["criterion"], row["verdict"]) == ("", "-", NOT_ENOUGH)
    assert row["rule"] == "not measured by this pipeline"


def test_a_rule_has_its_bounds_and_its_replicates() -> None:
    named = "mean over real data sets of the AUROC of deepprune with 4 kernels minus that of baseline with 4 kernels"
    assert rule(GAIN, TERMS) == f"{named}: above 0"
    assert rule(GAIN._replace(below=0.5, least=9), TERMS) == f"{named}: above 0 and below 0.5 (9 replicates or more)"


@pytest.mark.parametrize(
    ("low", "high", "above", "below", "expected"),
    [
        (0.1, 0.2, 0, None, REPRODUCED),
        (-0.1, 0.2, 0, None, NOT_ENOUGH),
        (-0.2, -0.1, 0, None, NOT_REPRODUCED),
        (0, 0, 0, None, NOT_REPRODUCED),
        (-0.2, -0.1, None, 0, REPRODUCED),
        (0.1, 0.2, None, 0, NOT_REPRODUCED),
        (0.48, 0.52, 0.45, 0.55, REPRODUCED),
        (0.44, 0.52, 0.45, 0.55, NOT_ENOUGH),
        (0.4, 0.6, 0.45, 0.55, NOT_ENOUGH),
        (0.6, 0.7, 0.45, 0.55, NOT_REPRODUCED),
        (0.3, 0.4, 0.45, 0.55, NOT_REPRODUCED),
        (NAN, NAN, 0, None, NOT_ENOUGH),
    ],
)
def test_verdicts_by_interval(low: float, high: float, above: float | None, below: float | None, expected: str) -> None:
    assert verdict(low, high, above, below) == expected


def test_verdicts_by_test() -> None:
    p_values = (0.049, 0.05, 0.5, 0.951, NAN)
    expected = [REPRODUCED, NOT_ENOUGH, NOT_ENOUGH, NOT_REPRODUCED, NOT_ENOUGH]
    assert [verdict_of_test(p_value, 0.05) for p_value in p_values] == expected
