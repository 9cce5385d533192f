import numpy as np
import pandas as pd
import pytest

from deepprune.studies.claims.measures import evidence
from deepprune.studies.claims.tables import Claim, Study

NOTHING = pd.DataFrame(columns=["dataset", "criterion", "seed", "kernels", "kernel", "weight"])
COMPARED = ["dataset", "method", "criterion", "kernels", "gain", "p_value"]


def tables(
    values: dict[tuple[str, int], list[float]],
    sets: dict[str, int] | None = None,
    weights: pd.DataFrame = NOTHING,
    **more,
) -> Study:
    """A study whose seeds have these AUROCs of baseline 8, 4 and deepprune 8, 4; sets: motifs of simulated ones."""
    networks = [("baseline", "-", 8), ("baseline", "-", 4), ("deepprune", "weight", 8), ("deepprune", "weight", 4)]
    rows = [
        (dataset, seed, *network, value)
        for (dataset, seed), of_seed in values.items()
        for network, value in zip(networks, of_seed, strict=True)
        if not np.isnan(value)
    ]
    auc = pd.DataFrame(rows, columns=["dataset", "seed", "method", "criterion", "kernels", "auroc"])
    found = [
        (name, method, 4, 0, count, count // 2) for name, count in (sets or {}).items() for method in ("deepprune",)
    ]
    recovered = pd.DataFrame(found, columns=["dataset", "method", "kernels", "seed", "implanted", "found"])
    comparison = more.get("comparison", pd.DataFrame(columns=COMPARED))
    return Study(auc, comparison, recovered, weights, list(sets or {}), ["weight"])


def values(study: Study, measure: str, first: str, second: str = "", sets: str = "chipseq") -> list[float]:
    return evidence(study, Claim(sets, measure, first, second)).values.tolist()


REAL = tables(
    {
        ("a", 0): [0.9, 0.5, 0.9, 0.6],
        ("a", 1): [0.9, 0.6, 0.9, 0.5],
        ("a", 2): [0.9, 0.5, 0.9, 0.8],
        ("b", 0): [0.8, 0.7, 0.8, 0.6],
        ("b", 1): [0.8, 0.7, 0.8, np.nan],
        ("b", 2): [0.8, 0.5, 0.8, 0.4],
        ("b", 3): [0.8, 0.5, 0.8, 0.499],
    }
)


def test_data_sets_are_replicates_averaged_over_the_seeds_that_both_have() -> None:
    found = evidence(REAL, Claim("chipseq", "auroc", "deepprune 4", "baseline 4"))
    assert found.values == pytest.approx([0.3 / 3, -0.201 / 3])
    assert (found.datasets, found.seeds, found.criterion) == (2, 3, "weight")
    assert values(REAL, "share", "deepprune 4", "baseline 4") == [1, 0]
    assert values(REAL, "p", "deepprune 4", "baseline 4") == pytest.approx([0.1, -0.067])
    assert values(REAL, "auroc", "baseline 4") == pytest.approx([1.6 / 3, 0.6])
    assert values(REAL, "auroc", "baseline 16") == []
    assert values(REAL, "auroc", "circular 1") == []


def test_slope_is_by_doubling() -> None:
    assert values(REAL, "slope", "baseline ladder") == pytest.approx([0.9 - 1.6 / 3, 0.2])
    # One size below the widest has none.
    assert values(REAL, "slope", "deepprune pruned", "baseline pruned") == []


def test_seeds_one_by_one() -> None:
    # Only b is below with every seed; a has one seed where it is.
    assert values(REAL, "every", "baseline 4", "deepprune 4") == [0, 1]
    # b is below with its first seed, and by 0.05 over the others.
    assert values(REAL, "others", "deepprune 4", "baseline 4") == [0]
    # a is below with its first seed in the other direction, and above with the others: 0.1 and -0.3.
    assert values(REAL, "others", "baseline 4", "deepprune 4") == [0]
    saved = tables({("a", 0): [0.9, 0.6, 0.9, 0.5], ("a", 1): [0.9, 0.6, 0.9, 0.597]})
    assert values(saved, "others", "deepprune 4", "baseline 4") == [1]
    assert values(saved, "every", "baseline 4", "deepprune 4") == []  # two seeds


def test_significance_is_read_from_the_comparison() -> None:
    rows = [("a", "deepprune", "weight", 4, 0.1, 0.01), ("b", "deepprune", "weight", 4, -0.1, 0.01)]
    study = tables(
        {(name, 0): [0.9, 0.5, 0.9, 0.6] for name in "abcd"},
        comparison=pd.DataFrame([*rows, ("c", "deepprune", "weight", 4, 0.1, 0.2)], columns=COMPARED),
    )
    # d has no row there.
    assert values(study, "significant", "deepprune 4", "baseline 4") == [1, -1, 0]


SIMULATED = tables(
    {
        ("few", 0): [0.9, 0.5, 0.9, 0.6],
        ("few", 1): [0.9, 0.9, 0.9, 0.7],
        ("few", 2): [0.9, 0.6, 0.9, 0.6],
        ("many", 0): [0.9, 0.5, 0.9, 0.8],
        ("many", 1): [0.9, 0.5, 0.9, 0.9],
        ("many", 2): [0.9, 0.5, 0.9, np.nan],
    },
    {"few": 2, "many": 8},
)


def test_seeds_are_replicates_of_simulated_sets_averaged_over_these() -> None:
    found = evidence(SIMULATED, Claim("simulated", "auroc", "deepprune 4", "baseline 4"))
    assert found.values == pytest.approx([0.2, 0.1])  # seed 2 lacks a network
    assert (found.datasets, found.seeds) == (2, 2)
    assert values(SIMULATED, "auroc", "deepprune 4", "", "two") == pytest.approx([0.6, 0.7, 0.6])
    for sets in ("complex", "half"):
        assert values(SIMULATED, "auroc", "deepprune 4", "", sets) == pytest.approx([0.8, 0.9])
    assert values(SIMULATED, "auroc", "deepprune 4") == []
    assert values(SIMULATED, "wins", "deepprune pruned", "baseline pruned", "two") == [1, 0, 0]


def test_spread_is_the_distance_from_the_median() -> None:
    # Medians 0.6 of both.
    assert values(SIMULATED, "spread", "deepprune 4", "baseline 4", "two") == pytest.approx([0 - 0.1, 0.1 - 0.3, 0])


def test_found_motifs() -> None:
    assert values(SIMULATED, "found", "deepprune 4", "", "simulated") == [0.5]
    assert values(SIMULATED, "found", "deepprune 4", "baseline 4", "simulated") == []


def test_weights_of_the_last_kernels() -> None:
    rows = [(0, 8, 0, -1.0), (0, 8, 1, 2.0), (0, 8, 2, 9.0), (0, 4, 0, 1.5), (0, 4, 1, -1.8), (1, 8, 0, 5.0)]
    weights = pd.DataFrame(rows, columns=["seed", "kernels", "kernel", "weight"]).assign(
        dataset="few", criterion="weight"
    )
    study = tables({("few", 0): [0.9, 0.5, 0.9, 0.6]}, {"few": 2}, weights)
    # By 0.5 and by -0.2; seed 1 has no last rung.
    assert values(study, "growth", "deepprune ladder", "", "two") == pytest.approx([0.15])
    assert values(study, "steps", "deepprune ladder", "", "two") == [0.5]
    assert values(study, "evenness", "deepprune ladder", "", "two") == pytest.approx([1.5 / 1.8])
    assert values(study, "growth", "deepprune/loss ladder", "", "two") == []
