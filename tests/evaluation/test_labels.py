import pandas as pd
import pytest
from networks import tables, with_architecture

from deepprune.evaluation.labels import (
    by_label,
    criteria_of,
    extent,
    label,
    network_kind,
    numbers_text,
    paired,
    ranked,
    seeds_text,
    smallest_rung,
)
from deepprune.keys import NetworkKind


@pytest.fixture
def networks() -> pd.DataFrame:
    rows = [("circular", "-"), ("baseline", "-"), ("mine", "score"), ("inter", "score"), ("deepprune", "score")]
    rows += [("deepprune", "loss"), ("winning_ticket", "score")]
    return with_architecture(pd.DataFrame(rows, columns=["method", "criterion"])).assign(kernels=4)


def test_labels_tell_criteria_apart(networks: pd.DataFrame) -> None:
    assert criteria_of(networks) == ["score", "loss"]
    labels = ["deepprune", "deepprune (loss)", "inter", "winning_ticket", "baseline", "circular", "mine"]
    assert list(by_label(networks)) == labels
    assert by_label(networks)["deepprune (loss)"].index.tolist() == [5]
    named = list(by_label(networks, ["loss", "score"]))
    assert named[:3] == ["deepprune", "deepprune (score)", "inter (score)"]


def test_labels_tell_architectures_apart(networks: pd.DataFrame) -> None:
    other = networks[networks["method"] == "deepprune"].assign(architecture="conv_stack")
    labels = list(by_label(pd.concat([networks, other], ignore_index=True)))
    assert labels[:4] == ["deepprune", "conv_stack deepprune", "deepprune (loss)", "conv_stack deepprune (loss)"]


def test_a_row_tells_its_kind(networks: pd.DataFrame) -> None:
    kind = network_kind(networks.iloc[0].to_dict())
    assert kind == NetworkKind("circular", "circular", "-", 4)
    assert label(kind, main="score") == "circular"
    assert label(NetworkKind("few_kernel", "deepprune", "loss", 4), main="loss") == "deepprune"


@pytest.mark.parametrize(
    ("numbers", "text"), [([1, 1], "one seed"), ([18], "18 seeds"), ([1, 18], "1 to 18 seeds"), ([], "0 seeds")]
)
def test_numbers_in_words(numbers: list[int], text: str) -> None:
    assert numbers_text(numbers, "seed") == text


def test_seeds_are_counted_within_data_sets() -> None:
    table = pd.DataFrame({"dataset": ["a", "a", "b", "b"], "seed": [0, 1, 2, 2]})
    assert seeds_text(table) == "1 to 2 seeds"


def test_pairs_are_of_the_same_seed() -> None:
    one = pd.DataFrame({"dataset": "a", "seed": [0, 1, 2], "kernels": 4, "auroc": [0.8, 0.9, 0.1]})
    other = pd.DataFrame({"dataset": "a", "seed": [1, 0, 5], "kernels": 4, "auroc": [0.5, 0.6, 0.2]})
    (row,) = paired(one, other, ["kernels"]).to_dict("records")
    assert row == {"dataset": "a", "kernels": 4} | {
        "one": pytest.approx(0.85),
        "other": pytest.approx(0.55),
        "difference": pytest.approx(0.3),
    }


def test_ranks_and_extent_of_a_study() -> None:
    auc, comparison = tables(3, 2)
    rows = ranked(comparison, "weight", smallest_rung(auc))
    assert rows["dataset"].tolist() == ["set_1", "set_2", "set_0"]
    assert rows["gain"].tolist() == pytest.approx([-0.02, 0.01, 0.03])
    assert extent(auc) == "3 data sets, 2 seeds each"
    assert extent(auc[auc["dataset"] == "set_0"]) == "one data set, 2 seeds"
