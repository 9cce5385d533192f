import pytest
from claimed import IMPLANTED, study

from deepprune.studies.claims.tables import Study


def test_sets_go_by_their_motifs() -> None:
    whole = study(holds=True, datasets=2, seeds=1)
    assert whole.datasets("chipseq") == ["real000", "real001"]
    assert whole.datasets("simulated") == list(IMPLANTED)
    assert whole.datasets("two") == ["set1", "set2", "set3"]
    assert whole.datasets("first") == ["set1"]
    assert whole.datasets("complex") == ["set4", "set5"]
    assert whole.datasets("half") == ["set5"]
    assert study(holds=True, datasets=2, seeds=1, sets=0).datasets("two") == []


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (["weight", "loss"], ("weight", "weight")),
        (["loss", "weight"], ("weight", "loss")),
        (["loss"], ("loss", "loss")),
    ],
)
def test_the_papers_criterion_goes_first(criteria: list[str], expected: tuple[str, str]) -> None:
    whole = study(holds=True, datasets=1, seeds=1)
    other = Study(whole.auc, whole.comparison, whole.recovered, whole.weights, whole.simulated, criteria)
    assert (other.criterion("deepprune 4"), other.criterion("winning_ticket 4")) == expected
    assert other.criterion("deepprune/score 4") == "score"
    assert other.criterion("baseline 4") == other.criterion("circular 1") == "-"


def test_networks_as_claims_write_them() -> None:
    whole = study(holds=True, datasets=1, seeds=2)
    values = whole.values(whole.auroc, "inter/loss pruned", ["set1", "set2"])
    assert values.columns.tolist() == [4, 8, 16, 32, 64, 128]
    assert values.index.tolist() == [("set1", 0), ("set1", 1), ("set2", 0), ("set2", 1)]
    assert values.notna().all(axis=None)
    assert whole.values(whole.auroc, "baseline widest", ["set1"]).columns.tolist() == [256]
    assert whole.values(whole.auroc, "inter 512", ["set1"]).isna().all(axis=None)
