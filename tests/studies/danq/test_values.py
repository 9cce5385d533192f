import numpy as np
import pandas as pd
import pytest

from deepprune.studies.danq.values import (
    MEASURED,
    above_deepsea,
    beside_published,
    claim_values,
    rare_gains,
    with_times,
)

NUMBERS = dict.fromkeys(MEASURED, 0.5) | {"epochs": 10}


def network(name: str, seed: int, seconds: float, **numbers: float) -> dict[str, object]:
    return {"network": name, "seed": seed, "seconds": seconds} | NUMBERS | numbers


def step(name: str, source: str, step: str, seconds: float) -> dict[str, object]:
    return {"network": name, "seed": 0, "source": source, "step": step, "processor_seconds": seconds}


NETWORKS = pd.DataFrame(
    [
        network("DanQ", 0, 100.0, auroc=0.9),
        network("DanQ", 1, 200.0),
        network("forest-codes", 0, 99.0, epochs=1),
        network("forest-words", 0, 99.0, epochs=1),
    ]
)
STEPS = pd.DataFrame(
    [
        step("forest-codes", "coder", "features", 1.0),
        step("forest-codes", "coder", "training", 4.0),
        step("forest-codes", "coder", "prediction", 50.0),
        step("forest-words", "", "features", 2.0),
        step("forest-words", "", "training", 3.0),
    ]
)
CODERS = pd.DataFrame(
    [
        {"network": "coder", "seed": 0, "processor_seconds": 45.0, "epochs": 5, "test_accuracy": 0.26}
        | {"most_frequent": 0.25, "diverged": 1}
    ]
)


def test_a_learners_time_is_that_of_features_and_training_with_its_source() -> None:
    table = with_times(NETWORKS, STEPS, CODERS).set_index(["network", "seed"])
    assert table.loc[("forest-codes", 0), ["own_time", "total_time"]].tolist() == [5.0, 50.0]
    assert table.loc[("forest-words", 0), ["own_time", "total_time"]].tolist() == [5.0, 5.0]
    assert table.loc[("DanQ", 1), ["own_time", "total_time"]].tolist() == [200.0, 200.0]
    assert table["source"].tolist() == ["", "", "coder", ""]
    assert np.isnan(table.loc[("forest-words", 0), "epochs"]) and table.loc[("DanQ", 0), "epochs"] == 10


def test_without_learners_and_autoencoders() -> None:
    table = with_times(NETWORKS.iloc[:2], STEPS.iloc[:0], CODERS.iloc[:0])
    assert table["total_time"].tolist() == [100.0, 200.0] and table["source"].tolist() == ["", ""]


def test_values_of_claims() -> None:
    times = with_times(NETWORKS, STEPS, CODERS)
    rare = pd.DataFrame({"network": ["DanQ"], "seed": [0], "rare_gain": [0.01]})
    values = claim_values(times, CODERS, [rare]).set_index(["network", "seed"])
    assert values.loc[("DanQ", 0), "auroc"] == 0.9 and values.loc[("DanQ", 0), "rare_gain"] == 0.01
    assert values.loc[("forest-codes", 0), "relative_time"] == 0.5
    # 9 s an epoch beside 10
    assert values.loc[("coder", 0), "epoch_time"] == pytest.approx(0.9)
    assert values.loc[("coder", 0), "reconstruction_gain"] == pytest.approx(0.01)
    assert values.loc[("coder", 0), "diverged"] == 1
    assert values["epoch_time"].loc[["forest-codes", "forest-words"]].isna().all()
    assert values["above_deepsea"].isna().all()


def test_gains_of_rare_tasks() -> None:
    tasks = pd.DataFrame(
        [("DanQ", 0, 0.04, 0.97, 0.96), ("DanQ", 0, 0.02, 0.99, 0.98), ("DanQ", 0, 0.3, 0.9, 0.7)],
        columns=["network", "seed", "prevalence", "accuracy", "accuracy_always_no"],
    )
    (row,) = rare_gains(tasks).to_dict("records")
    assert row["rare_gain"] == pytest.approx(0.01)
    assert rare_gains(tasks.iloc[2:]).empty


def test_beside_the_published_values_of_the_same_classes() -> None:
    tasks = pd.DataFrame(
        [("DanQ", 0, "a", 0.9), ("DanQ", 0, "b", 0.8), ("DanQ", 0, "c", np.nan), ("DanQ", 0, "own", 0.7)],
        columns=["network", "seed", "task", "auroc"],
    )
    published = pd.DataFrame(
        {"task": ["a", "b", "c"], "group": "g", "cell": "x", "auroc_deepsea": [0.85, 0.85, 0.85], "auroc_danq": 0.9}
    )
    compared = beside_published(tasks, published)
    assert compared["task"].tolist() == ["a", "b", "c"] and "cell" not in compared
    (row,) = above_deepsea(compared).to_dict("records")
    assert row["above_deepsea"] == 0.5  # of two classes that have an AUROC
