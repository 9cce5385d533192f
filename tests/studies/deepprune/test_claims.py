from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from claimed import PAPER, run_of

from deepprune.evaluation import bootstrap
from deepprune.io.table import read_table
from deepprune.studies.claims.claim import Claim, Networks
from deepprune.studies.claims.measures import Compared
from deepprune.studies.claims.read import read_claims
from deepprune.studies.claims.verdict import COLUMNS, NOT_ENOUGH, NOT_REPRODUCED, REPRODUCED, judge
from deepprune.studies.deepprune.claims import TERMS

UNMEASURED = {"flanks", "penalties"}


def test_sets_go_by_their_motifs() -> None:
    whole = run_of(holds=True, datasets=2, seeds=1)
    names = {"two": ["set1", "set2", "set3"], "first": ["set1"], "complex": ["set4", "set5"], "half": ["set5"]}
    assert {name: TERMS.sets[name].chosen(whole) for name in names} == names
    assert TERMS.sets["two"].chosen(run_of(holds=True, datasets=2, seeds=1, sets=0)) == []


def test_weights_of_the_last_kernels() -> None:
    rows = [(0, 8, 0, -1.0), (0, 8, 1, 2.0), (0, 8, 2, 9.0), (0, 4, 0, 1.5), (0, 4, 1, -1.8), (1, 8, 0, 5.0)]
    weights = pd.DataFrame(rows, columns=["seed", "kernels", "kernel", "weight"])
    whole = run_of(holds=True, datasets=0, seeds=2, sets=1)
    auc = whole.auc[whole.auc["kernels"].isin([8, 4])]
    short = replace(whole, auc=auc, weights=weights.assign(dataset="set1", criterion="weight"))

    def values(measure: str, criterion: str = "") -> list[float]:
        compared = Compared(Networks("deepprune", criterion, "ladder"), None, ["set1"])
        return TERMS.measures[measure].values(short, compared).tolist()

    # By 0.5 and by -0.2; seed 1 has no last rung.
    assert values("growth") == pytest.approx([0.15])
    assert values("steps") == [0.5]
    assert values("evenness") == pytest.approx([1.5 / 1.8])
    assert values("growth", "loss") == []


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    return read_claims(PAPER / "claims.tsv", TERMS)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Return the same claims as written to a file."""
    return read_table(PAPER / "claims.tsv")


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch) -> None:
    monkeypatch.setattr(bootstrap, "DRAWS", 400)


def test_a_study_that_agrees_reproduces_every_claim(claims) -> None:
    table = judge(run_of(holds=True, datasets=690, seeds=9), claims, TERMS)
    assert table.columns.tolist() == COLUMNS
    assert table["claim"].tolist() == [claim.claim for claim in claims]
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
    table = judge(run_of(holds=False, datasets=600, seeds=9), claims, TERMS)
    assert set(table.loc[table["verdict"] != NOT_REPRODUCED, "claim"]) == UNMEASURED


def test_two_data_sets_and_two_seeds_are_not_enough(claims) -> None:
    table = judge(run_of(holds=True, datasets=2, seeds=2), claims, TERMS)
    assert set(table["verdict"]) == {NOT_ENOUGH}
    measured = table.set_index("claim").loc["gain_4"]
    assert measured["value"] > -1
    assert np.isnan(measured["low"])


def test_data_sets_that_disagree_are_not_enough_either(claims) -> None:
    few = run_of(holds=True, datasets=5, seeds=3)
    table = judge(few, claims, TERMS).set_index("claim")
    # One of five is worse, so that the share of the improved may be anything from two of five on.
    assert table.loc["improved_4", ["value", "verdict"]].tolist() == [0.6, NOT_ENOUGH]
    assert table.loc["level_deepprune_4", "verdict"] == NOT_ENOUGH  # of 690 sets it speaks


def test_groups_methods_and_criteria_that_were_not_run_stay_in_the_table(claims) -> None:
    whole = run_of(holds=True, datasets=3, seeds=3)
    only = whole.auc[whole.auc["criterion"].isin(["-", "score"]) & whole.auc["method"].isin(["baseline", "deepprune"])]
    lacking = replace(whole, auc=only, criteria=["score"])
    table = judge(lacking, claims, TERMS).set_index("claim")
    assert len(table) == len(claims)
    for claim in ("inter", "weight_over_score", "circular", "ticket_better", "loss_gain_real_4"):
        assert table.loc[claim, ["datasets", "seeds", "verdict"]].tolist() == [0, 0, NOT_ENOUGH]
        assert np.isnan(table.loc[claim, "value"])
    # The main criterion stands in for the paper's.
    assert table.loc["gain_two", ["criterion", "verdict"]].tolist() == ["score", REPRODUCED]
    assert table.loc["baseline_trend", "criterion"] == "-"
    real = judge(run_of(holds=True, datasets=3, sets=0), claims, TERMS)
    assert set(real.loc[real["group"] == "simulated", "verdict"]) == {NOT_ENOUGH}
    assert real.loc[real["group"] == "simulated", "value"].isna().all()
    simulated = judge(run_of(holds=True, datasets=0, seeds=3), claims, TERMS)
    assert simulated.loc[simulated["group"] == "chipseq", "value"].isna().all()


def test_the_table_does_not_depend_on_the_order_of_rows(claims) -> None:
    one = run_of(holds=True, datasets=4, seeds=3)
    tables = {name: getattr(one, name) for name in ("auc", "comparison", "recovered", "weights")}
    other = replace(one, **{name: table.sample(frac=1, random_state=0) for name, table in tables.items()})
    pd.testing.assert_frame_equal(judge(one, claims, TERMS), judge(other, claims, TERMS), check_exact=True)


def test_claims_use_all_terms(rows) -> None:
    claims = rows
    assert claims["claim"].is_unique
    assert set(claims["sets"]) == set(TERMS.sets)
    assert set(claims["measure"].dropna()) == set(TERMS.measures)
    assert (claims.loc[claims["measure"] == "p", ["below", "least"]] == [0.05, 5]).all(axis=None)
    # Ours come last.
    ours = claims["place"].str.startswith("ours")
    assert ours.is_monotonic_increasing
    assert claims.loc[ours, "paper"].isna().all()


def test_rules_are_sentences(claims) -> None:
    table = judge(run_of(holds=True, datasets=3, seeds=3), claims, TERMS).set_index("claim")
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


def test_the_papers_values_are_those_of_its_tables(rows) -> None:
    claims = rows
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
