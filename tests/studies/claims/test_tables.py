from dataclasses import replace

import pytest
from claimed import IMPLANTED, run_of

from deepprune.keys import NetworkKind
from deepprune.studies.claims.claim import Networks


def test_data_sets_are_real_or_simulated() -> None:
    whole = run_of(holds=True, datasets=2, seeds=1)
    assert whole.datasets(simulated=False) == ["real000", "real001"]
    assert whole.datasets(simulated=True) == list(IMPLANTED)
    assert whole.implanted.to_dict() == IMPLANTED
    without = run_of(holds=True, datasets=2, seeds=1, sets=0)
    assert without.implanted.empty and without.found.empty and without.datasets(simulated=True) == []


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (["weight", "loss"], ("weight", "weight")),
        (["loss", "weight"], ("weight", "loss")),
        (["loss"], ("loss", "loss")),
    ],
)
def test_the_published_criterion_goes_first(criteria: list[str], expected: tuple[str, str]) -> None:
    other = replace(run_of(holds=True, datasets=1, seeds=1), criteria=criteria)
    networks = (Networks(method, "", 4) for method in ("deepprune", "winning_ticket"))
    assert tuple(map(other.criterion, networks)) == expected
    assert other.criterion(Networks("deepprune", "score", 4)) == "score"
    assert other.criterion(Networks("baseline", "", 4)) == other.criterion(Networks("circular", "", 1)) == "-"


def test_networks_of_claims_are_columns() -> None:
    whole = run_of(holds=True, datasets=1, seeds=2)
    values = whole.values(whole.auroc, Networks("inter", "loss", "pruned"), ["set1", "set2"])
    assert values.columns.tolist() == [4, 8, 16, 32, 64, 128]
    assert values.index.tolist() == [("set1", 0), ("set1", 1), ("set2", 0), ("set2", 1)]
    assert values.notna().all(axis=None)
    assert whole.kinds(Networks("baseline", "", "widest")) == [NetworkKind("few_kernel", "baseline", "-", 256)]
    circular = whole.values(whole.auroc, Networks("circular", "", 1), ["real000"])
    assert circular.shape == (3, 1) and circular.notna().all(axis=None)
    assert whole.values(whole.auroc, Networks("inter", "", 512), ["set1"]).isna().all(axis=None)
