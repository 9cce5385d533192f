import pandas as pd
import pytest

from deepprune.studies.zeng.values import (
    ALL,
    COLUMNS,
    DISCOVERY,
    OCCUPANCY,
    About,
    claim_values,
    network_values,
    of_task,
    ordered,
    with_words,
)

ABOUT = {
    "a": About("a.bed", DISCOVERY, ALL, "CTCF"),
    "a.2500": About("a.bed", DISCOVERY, "2500", "CTCF"),
    "a.40000": About("a.bed", DISCOVERY, "40000", "CTCF"),
    "a.sites": About("a.bed", OCCUPANCY, ALL, "CTCF"),
}
AUC = pd.DataFrame(
    [
        ("a", "deepprune", "loss", 8, 0, 0.7),
        ("a", "deepprune", "loss", 8, 1, 0.8),
        ("a", "deepprune", "loss", 16, 0, 0.9),
        ("a", "deepprune", "weight", 8, 0, 0.1),
        ("a", "baseline", "none", 8, 0, 0.2),
    ],
    columns=["dataset", "method", "criterion", "kernels", "seed", "auroc"],
)
NETWORKS = pd.DataFrame(
    [
        (name, network, 0, auroc)
        for name, auroc in zip(ABOUT, (0.9, 0.6, 0.85, 0.7), strict=True)
        for network in ("1layer",)
    ],
    columns=["dataset", "network", "seed", "auroc"],
)
TIMES = pd.DataFrame(
    [("1layer", 0, 2.0), ("2layer", 0, 6.0), ("1layer", 1, 1.0), ("2layer", 1, 4.0)],
    columns=["network", "repeat", "seconds"],
)


def test_seeds_are_averaged_and_pruned_networks_are_called_by_their_kernels() -> None:
    values = network_values(NETWORKS, AUC, ABOUT)
    assert list(values) == COLUMNS
    found = values.set_index(["dataset", "network"])["auroc"]
    assert found["a", "8 kernels"] == pytest.approx(0.75) and found["a", "16 kernels"] == 0.9
    assert len(values) == 6  # of the first criterion alone, and no baseline
    assert of_task(values, DISCOVERY)["dataset"].tolist() == ["a"] * 3
    assert of_task(values, DISCOVERY, "2500")["auroc"].tolist() == [0.6]
    assert ordered(values, ["1layer"])["network"].unique().tolist() == ["1layer", "16 kernels", "8 kernels"]


def test_measures_of_claims_by_source() -> None:
    values = claim_values(network_values(NETWORKS, AUC, ABOUT), TIMES)
    own = values[(values["dataset"] == "a.bed") & (values["network"] == "1layer")].iloc[0]
    assert own["discovery"] == 0.9 and own["occupancy"] == 0.7 and own["at_40000"] == 0.85
    assert own["harder"] == pytest.approx(0.2) and own["loss_of_data"] == pytest.approx(-0.25)
    timed = values.dropna(subset="relative_time")
    assert timed[timed["network"] == "2layer"]["relative_time"].tolist() == [3.0, 4.0]
    assert timed["dataset"].tolist() == ["repeat 0", "repeat 0", "repeat 1", "repeat 1"]
    assert pd.isna(own["position"]) and pd.isna(own["at_10000"])


def test_sizes_are_words_however_they_were_read() -> None:
    assert with_words(pd.DataFrame({"most": [2500, 10000]}))["most"].tolist() == ["2500", "10000"]
    assert with_words(pd.DataFrame({"most": [ALL, "2500"]}))["most"].tolist() == [ALL, "2500"]
