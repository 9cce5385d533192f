from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from claimed import study

from deepprune.evaluation import bootstrap as replicates
from deepprune.io.table import read_table
from deepprune.studies.claims.measures import MEASURES
from deepprune.studies.claims.tables import SETS, Study
from deepprune.studies.claims.verdict import (
    COLUMNS,
    NOT_ENOUGH,
    NOT_REPRODUCED,
    REPRODUCED,
    judge,
    verdict,
    verdict_of_test,
)

PAPER = Path(__file__).resolve().parents[3] / "resources" / "deepprune"
UNMEASURED = {"flanks", "penalties"}
NAN = float("nan")


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    return read_table(PAPER / "claims.tsv")


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch) -> None:
    monkeypatch.setattr(replicates, "DRAWS", 400)


def test_a_study_that_agrees_reproduces_every_claim(claims) -> None:
    table = judge(study(holds=True, datasets=690, seeds=9), claims)
    assert table.columns.tolist() == COLUMNS
    assert table["claim"].tolist() == claims["claim"].tolist()
    assert set(table.loc[table["verdict"] != REPRODUCED, "claim"]) == UNMEASURED
    table = table.set_index("claim")
    assert table.loc["gain_4", "value"] == pytest.approx(0.0231, abs=2e-4)
    assert table.loc["gain_4", ["datasets", "seeds", "replicates"]].tolist() == [690, 3, "data sets"]
    assert table.loc["chance", ["datasets", "seeds", "replicates"]].tolist() == [2, 9, "seeds"]
    assert table.loc["level_deepprune_4", "value"] == pytest.approx(0.8016, abs=2e-4)
    assert table.loc["worse", "value"] == pytest.approx(0.229, abs=2e-3)
    assert table.loc["p_4", "value"] < 1e-30
    assert np.isnan(table.loc["p_4", "low"])
    # The intervals hold the values.
    rest = table.dropna(subset="low")
    assert ((rest["low"] <= rest["value"] + 1e-9) & (rest["value"] <= rest["high"] + 1e-9)).all()


def test_a_study_that_disagrees_reproduces_none(claims) -> None:
    table = judge(study(holds=False, datasets=600, seeds=9), claims)
    assert set(table.loc[table["verdict"] != NOT_REPRODUCED, "claim"]) == UNMEASURED


def test_two_data_sets_and_two_seeds_are_not_enough(claims) -> None:
    table = judge(study(holds=True, datasets=2, seeds=2), claims)
    assert set(table["verdict"]) == {NOT_ENOUGH}
    measured = table.set_index("claim").loc["gain_4"]
    assert measured["value"] > -1
    assert np.isnan(measured["low"])


def test_data_sets_that_disagree_are_not_enough_either(claims) -> None:
    few = study(holds=True, datasets=5, seeds=3)
    table = judge(few, claims).set_index("claim")
    # One of five is worse, so that the share of the improved may be anything from two of five on.
    assert table.loc["improved_4", ["value", "verdict"]].tolist() == [0.6, NOT_ENOUGH]
    assert table.loc["level_deepprune_4", "verdict"] == NOT_ENOUGH  # of 690 sets it speaks


def test_groups_methods_and_criteria_that_were_not_run_stay_in_the_table(claims) -> None:
    whole = study(holds=True, datasets=3, seeds=3)
    only = whole.auc[whole.auc["criterion"].isin(["-", "score"]) & whole.auc["method"].isin(["baseline", "deepprune"])]
    lacking = Study(only, whole.comparison, whole.recovered, whole.weights, whole.simulated, ["score"])
    table = judge(lacking, claims).set_index("claim")
    assert len(table) == len(claims)
    for claim in ("inter", "weight_over_score", "circular", "ticket_better", "loss_gain_real_4"):
        assert table.loc[claim, ["datasets", "seeds", "verdict"]].tolist() == [0, 0, NOT_ENOUGH]
        assert np.isnan(table.loc[claim, "value"])
    # The main criterion stands in for the paper's.
    assert table.loc["gain_two", ["criterion", "verdict"]].tolist() == ["score", REPRODUCED]
    assert table.loc["baseline_trend", "criterion"] == "-"
    real = judge(study(holds=True, datasets=3, sets=0), claims)
    assert set(real.loc[real["group"] == "simulated", "verdict"]) == {NOT_ENOUGH}
    assert real.loc[real["group"] == "simulated", "value"].isna().all()
    simulated = judge(study(holds=True, datasets=0, seeds=3), claims)
    assert simulated.loc[simulated["group"] == "chipseq", "value"].isna().all()


def test_the_table_does_not_depend_on_the_order_of_rows(claims) -> None:
    one = study(holds=True, datasets=4, seeds=3)
    other = Study(
        *(table.sample(frac=1, random_state=0) for table in (one.auc, one.comparison, one.recovered, one.weights)),
        one.simulated,
        one.criteria,
    )
    pd.testing.assert_frame_equal(judge(one, claims), judge(other, claims), check_exact=True)


@pytest.mark.parametrize(
    ("low", "high", "above", "below", "expected"),
    [
        (0.1, 0.2, 0, NAN, REPRODUCED),
        (-0.1, 0.2, 0, NAN, NOT_ENOUGH),
        (-0.2, -0.1, 0, NAN, NOT_REPRODUCED),
        (0, 0, 0, NAN, NOT_REPRODUCED),
        (-0.2, -0.1, NAN, 0, REPRODUCED),
        (0.1, 0.2, NAN, 0, NOT_REPRODUCED),
        (0.48, 0.52, 0.45, 0.55, REPRODUCED),
        (0.44, 0.52, 0.45, 0.55, NOT_ENOUGH),
        (0.4, 0.6, 0.45, 0.55, NOT_ENOUGH),
        (0.6, 0.7, 0.45, 0.55, NOT_REPRODUCED),
        (0.3, 0.4, 0.45, 0.55, NOT_REPRODUCED),
        (NAN, NAN, 0, NAN, NOT_ENOUGH),
    ],
)
def test_verdicts_by_interval(low: float, high: float, above: float, below: float, expected: str) -> None:
    assert verdict(low, high, above, below) == expected


def test_verdicts_by_test() -> None:
    p_values = (0.049, 0.05, 0.5, 0.951, NAN)
    expected = [REPRODUCED, NOT_ENOUGH, NOT_ENOUGH, NOT_REPRODUCED, NOT_ENOUGH]
    assert [verdict_of_test(p_value, 0.05) for p_value in p_values] == expected


# resources/deepprune


def test_claims_can_be_read(claims) -> None:
    assert claims["claim"].is_unique
    assert set(claims["sets"]) == set(SETS)
    assert set(claims["measure"].dropna()) == set(MEASURES)
    measured = claims[claims["measure"].notna()]
    assert measured["first"].notna().all()
    assert (measured["above"].notna() | measured["below"].notna()).all()
    assert (measured.loc[measured["measure"] == "p", ["below", "least"]] == [0.05, 5]).all(axis=None)
    # Ours come last.
    ours = claims["place"].str.startswith("ours")
    assert ours.is_monotonic_increasing
    assert claims.loc[ours, "paper"].isna().all()


def test_rules_are_sentences(claims) -> None:
    table = judge(study(holds=True, datasets=3, seeds=3), claims).set_index("claim")
    assert table.loc["ticket_better", "rule"] == (
        "mean over real data sets of the AUROC of winning_ticket with 4 kernels minus that of deepprune with 4 "
        "kernels: above 0"
    )
    assert table.loc["chance", "rule"] == (
        "mean over seeds of the AUROC of baseline with 4 kernels, on simulated sets of more than two motifs: "
        "above 0.45 and below 0.55"
    )
    assert table.loc["flanks", "rule"] == "not measured by this pipeline"
    assert not table["rule"].str.contains("[{}]").any()


def test_the_papers_values_are_those_of_its_tables(claims) -> None:
    table2 = read_table(PAPER / "table2.tsv").set_index(["method", "kernels"])
    auroc, values = table2["auroc"], claims.set_index("claim")["paper"]
    ladder = [4, 8, 16, 32, 64, 128]
    for kernels in ladder:
        row = table2.loc[("deepprune", kernels)]
        assert values[f"gain_{kernels}"] == pytest.approx(row["auroc"] - auroc["baseline", kernels], abs=1e-6)
        assert values[f"improved_{kernels}"] == row["improved"]
        assert values[f"p_{kernels}"] == row["p_value"]
    for (method, kernels), value in auroc.drop(("deepprune", 1)).items():
        level = claims.set_index("claim").loc[f"level_{method}_{kernels}"]
        assert level[["paper", "above", "below"]].tolist() == pytest.approx([value, value - 0.02, value + 0.02])
    assert values["worse"] == pytest.approx(1 - values["improved_4"])
    assert values["circular"] == pytest.approx(auroc["deepprune", 4] - auroc["circular", 1])
    assert values["ticket_better"] == pytest.approx(auroc["winning_ticket", 4] - auroc["deepprune", 4])
    pruned = [auroc["deepprune", kernels] for kernels in ladder]
    baseline = [auroc["baseline", kernels] for kernels in [*ladder, 256]]
    for claim, line in (
        ("real_trend", [*pruned, baseline[-1]]),
        ("real_baseline_trend", baseline),
        ("gain_order", np.subtract(pruned, baseline[:-1])),
    ):
        assert values[claim] == pytest.approx(np.polyfit(range(len(line)), line, 1)[0], abs=6e-5)
    weights = read_table(PAPER / "table3.tsv").set_index("kernels").iloc[:, :4].to_numpy()
    assert values["weights_grow"] == pytest.approx((weights[-1] - weights[0]).mean(), abs=6e-5)
    assert values["weights_steps"] == pytest.approx((np.diff(weights, axis=0) > 0).mean(), abs=6e-5)
    assert values["weights_even"] == pytest.approx(weights[-1].min() / weights[-1].max(), abs=6e-5)
