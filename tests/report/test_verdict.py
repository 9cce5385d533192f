import math
from typing import Any

import pandas as pd
import pytest
from answers import MODEL

from deepprune.report.verdict import AGAINST, beside_background, verdict

KIND = {"method": "deepprune", "criterion": "loss", "kernels": 4}
ADDED = {"seeds": 3, "auroc_background": 0.85, "motifs_add": 0.02, "motifs_add_low": 0.01, "motifs_add_high": 0.03}
OTHERS = [{"kernels": 8}, {"criterion": "weight"}, {"method": "baseline", "criterion": "-"}]


def comparison(**changed: Any) -> pd.DataFrame:
    """Return the rows of networks of the model's kind and, with other numbers, of others."""
    others = [KIND | ADDED | {"motifs_add": 0.9} | other for other in OTHERS]
    return pd.DataFrame([*others, KIND | ADDED | changed])


def texts(model: dict[str, Any] = MODEL, table: pd.DataFrame | None = None) -> list[tuple[str, bool]]:
    found = verdict(model, comparison() if table is None else table, "shuffle", "motif_1 (CTCF)")
    return [(finding.text, finding.good) for finding in found]


def test_a_good_model() -> None:
    assert texts() == [
        (
            "4 kernels: AUROC 0.875 (0.850 to 0.900) against dinucleotide shuffles of the positives, "
            "better than chance",
            True,
        ),
        ("better than its best single motif, motif_1 (CTCF) (0.750) by 0.125 (0.100 to 0.150)", True),
        ("better than the counts of words alone (0.850, means over seeds) by 0.020 (0.010 to 0.030)", True),
    ]


def test_a_model_that_is_no_better() -> None:
    model = MODEL | {"auroc_low": 0.48, "over_motif": 0.0, "over_motif_low": -0.01, "over_motif_high": 0.01}
    (chance, good), (motif, better), (words, more) = texts(model, comparison(motifs_add_low=-0.04, seeds=1))
    assert chance.endswith("no better than chance") and motif.startswith("no better than its best single motif")
    assert words == "no better than the counts of words alone (0.850): +0.020 (-0.040 to 0.030)"
    assert not (good or better or more)


def test_a_model_that_is_worse() -> None:
    model = MODEL | {"over_motif": -0.1, "over_motif_low": -0.15, "over_motif_high": -0.05}
    assert texts(model)[1] == (
        "worse than its best single motif, motif_1 (CTCF) (0.750) by 0.100 (0.050 to 0.150)",
        False,
    )


def test_without_a_background_and_without_intervals() -> None:
    table = comparison().assign(auroc_background=math.nan)
    assert beside_background(MODEL, table) == []
    nothing = dict.fromkeys(("auroc_low", "auroc_high", "over_motif_low", "over_motif_high"), math.nan)
    (chance, good), (motif, better) = texts(MODEL | nothing, table)
    assert "0.875 against" in chance and motif.endswith("(0.750): +0.125") and not (good or better)


@pytest.mark.parametrize("against", AGAINST)
def test_all_kinds_of_negatives_are_named(against: str) -> None:
    assert AGAINST[against] in verdict(MODEL, comparison(), against, "motif_1")[0].text
