import numpy as np
import pandas as pd
import pytest

from deepprune.keys import KEY_COLUMNS, KIND_COLUMNS
from deepprune.studies.claims.claim import Claim, Networks
from deepprune.studies.claims.measures import MEASURES, SETS, DataSets, Terms, evidence, words
from deepprune.studies.claims.tables import RunTables

COMPARED = ["dataset", *KIND_COLUMNS, "gain", "p_value"]
NOTHING = pd.DataFrame()
FEW = DataSets("sets of few motifs", True, lambda tables: ["few"])
TERMS = Terms({**SETS, "few": FEW}, MEASURES)


def tables(
    values: dict[tuple[str, int], list[float]],
    sets: dict[str, int] | None = None,
    comparison: pd.DataFrame = NOTHING,
) -> RunTables:
    """Return a run whose seeds have these AUROCs of baseline 8, 4 and deepprune 8, 4; sets: motifs by set."""
    networks = [("baseline", "-", 8), ("baseline", "-", 4), ("deepprune", "weight", 8), ("deepprune", "weight", 4)]
    rows = [
        (dataset, seed, "few_kernel", *network, value)
        for (dataset, seed), of_seed in values.items()
        for network, value in zip(networks, of_seed, strict=True)
        if not np.isnan(value)
    ]
    auc = pd.DataFrame(rows, columns=["dataset", "seed", *KIND_COLUMNS, "auroc"])
    key = "few_kernel", "deepprune", "weight", 4, 0
    found = [(name, *key, count, count // 2) for name, count in (sets or {}).items()]
    recovered = pd.DataFrame(found, columns=["dataset", *KEY_COLUMNS, "implanted", "found"])
    return RunTables(auc, comparison, recovered, NOTHING, list(sets or {}), ["weight"], "weight")


def values(run: RunTables, measure: str, first: str, second: str = "", sets: str = "chipseq") -> list[float]:
    return evidence(run, claim(measure, first, second, sets), TERMS).values.tolist()


def claim(measure: str, first: str, second: str = "", sets: str = "chipseq") -> Claim:
    networks = Networks.parse(first), Networks.parse(second) if second else None
    return Claim("a", "", "", None, sets, measure, *networks, above=0, below=None, least=3)


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
    found = evidence(REAL, claim("auroc", "deepprune 4", "baseline 4"), TERMS)
    assert found.values == pytest.approx([0.3 / 3, -0.201 / 3])
    assert found[1:] == (2, 3, "few_kernel", "weight")
    assert evidence(REAL, claim("auroc", "circular 1"), TERMS)[1:] == (0, 0, "circular", "-")
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
    rows = [
        ("a", "few_kernel", "deepprune", "weight", 4, 0.1, 0.01),
        ("b", "few_kernel", "deepprune", "weight", 4, -0.1, 0.01),
    ]
    run = tables(
        {(name, 0): [0.9, 0.5, 0.9, 0.6] for name in "abcd"},
        comparison=pd.DataFrame([*rows, ("c", "few_kernel", "deepprune", "weight", 4, 0.1, 0.2)], columns=COMPARED),
    )
    # d has no row there.
    assert values(run, "significant", "deepprune 4", "baseline 4") == [1, -1, 0]


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
    found = evidence(SIMULATED, claim("auroc", "deepprune 4", "baseline 4", "simulated"), TERMS)
    assert found.values == pytest.approx([0.2, 0.1])  # seed 2 lacks a network
    assert (found.datasets, found.seeds) == (2, 2)
    assert values(SIMULATED, "auroc", "deepprune 4", "", "few") == pytest.approx([0.6, 0.7, 0.6])
    assert values(SIMULATED, "auroc", "deepprune 4") == []
    assert values(SIMULATED, "wins", "deepprune pruned", "baseline pruned", "few") == [1, 0, 0]


def test_spread_is_the_distance_from_the_median() -> None:
    # Medians 0.6 of both.
    assert values(SIMULATED, "spread", "deepprune 4", "baseline 4", "few") == pytest.approx([0 - 0.1, 0.1 - 0.3, 0])


def test_found_motifs() -> None:
    assert values(SIMULATED, "found", "deepprune 4", "", "simulated") == [0.5]
    assert values(SIMULATED, "found", "deepprune 4", "baseline 4", "simulated") == []


@pytest.mark.parametrize(
    ("measure", "first", "second", "sets", "sentence"),
    [
        (
            "auroc",
            "winning_ticket 4",
            "deepprune/loss 4",
            "chipseq",
            "mean over real data sets of the AUROC of winning_ticket with 4 kernels minus that of deepprune by loss "
            "with 4 kernels",
        ),
        (
            "found",
            "baseline pruned",
            "",
            "few",
            "mean over seeds of the share of implanted motifs found, by baseline below the widest, on sets of few "
            "motifs",
        ),
    ],
)
def test_measures_in_words(measure: str, first: str, second: str, sets: str, sentence: str) -> None:
    assert words(claim(measure, first, second, sets), TERMS) == sentence
