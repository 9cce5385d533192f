import numpy as np
import pandas as pd
import pytest

from deepprune.errors import InputError
from deepprune.evaluation.distribution import COLUMNS, by_group, distribution, joined, over_seeds
from deepprune.evaluation.tasks import MEASURES

TASKS = ("a", "b", "c", "d", "e")
GROUPS = {"a": "histone", "b": "DNase", "c": "histone", "d": "", "e": "histone"}


def task_table(network: str, auroc: dict[int, list[float]]) -> pd.DataFrame:
    """Return a table of these AUROCs by seed; other measures are half of them, and missing where they are."""
    parts = []
    for seed, values in auroc.items():
        measures = {name: np.array(values) / 2 for name in MEASURES} | {"auroc": values}
        parts.append(pd.DataFrame({"network": network, "seed": seed, "task": TASKS, "prevalence": 0.1} | measures))
    return pd.concat(parts, ignore_index=True)


ONE = task_table("one", {3: [0.5, 0.6, 0.9, 0.8, np.nan], 1: [0.7, 0.6, 0.7, 1.0, np.nan]})
TWO = task_table("two", {0: [0.5, 0.5, 0.5, 0.5, np.nan]})


def test_means_and_quantiles_by_hand() -> None:
    table = distribution(joined([ONE, TWO]), GROUPS)
    assert list(table) == COLUMNS
    kinds = table[["network", "group", "seed"]].drop_duplicates().to_numpy().tolist()
    groups = ("all", "DNase", "histone")
    assert kinds == [["one", group, seed] for group in groups for seed in (3, 1)] + [["two", g, 0] for g in groups]
    assert len(table) == 9 * len(MEASURES)
    auroc = table[(table["measure"] == "auroc") & (table["seed"] == 3)].set_index("group")
    assert auroc.loc["all", COLUMNS[4:]].tolist() == pytest.approx(
        [4, 1, 0.7, 0.5, 0.515, 0.575, 0.7, 0.825, 0.885, 0.9]
    )
    assert auroc.loc["histone", COLUMNS[4:]].tolist() == pytest.approx([2, 1, 0.7, 0.5, 0.52, 0.6, 0.7, 0.8, 0.88, 0.9])
    assert auroc.loc["DNase", COLUMNS[4:]].tolist() == [1, 0, *[0.6] * 8]
    f1 = table[(table["measure"] == "f1") & (table["seed"] == 1) & (table["group"] == "all")]
    assert f1[["tasks", "left_out", "mean"]].to_numpy().tolist() == [[4, 1, 0.375]]


def test_a_group_without_a_measure_is_missing() -> None:
    table = distribution(ONE, dict.fromkeys("abcd", "") | {"e": "lost"})
    lost = table[table["group"] == "lost"]
    assert (lost["tasks"] == 0).all() and (lost["left_out"] == 1).all()
    assert lost[["mean", "median", "highest"]].isna().all(axis=None)


def test_means_over_seeds() -> None:
    table = over_seeds(joined([TWO, ONE]), GROUPS)
    assert list(table) == ["network", "task", "group", "prevalence", *MEASURES]
    assert table["network"].tolist() == ["two"] * 5 + ["one"] * 5 and table["task"].tolist() == [*TASKS, *TASKS]
    assert table["group"].tolist() == list(GROUPS.values()) * 2
    assert table["auroc"][5:9].tolist() == pytest.approx([0.6, 0.6, 0.8, 0.9]) and np.isnan(table["auroc"][9])


def test_groups_are_in_the_order_of_their_names() -> None:
    names = {task: f"{'gHb'[place % 3]}" for place, task in enumerate(TASKS)}
    assert [group for group, _ in by_group(ONE, names)] == ["all", "b", "g", "H"]
    parts = dict(by_group(ONE, names))
    assert parts["g"]["task"].tolist() == ["a", "d"] * 2 and len(parts["all"]) == 10
    assert [group for group, _ in by_group(ONE, dict.fromkeys(TASKS, ""))] == ["all"]


@pytest.mark.parametrize("change", [{"e": "f"}, {"a": "b", "b": "a"}])
def test_networks_of_other_tasks_are_refused(change: dict[str, str]) -> None:
    other = TWO.assign(task=TWO["task"].replace(change))
    message = (
        rf"the networks one and two have other tasks \({'e' if 'e' in change else 'b'} is not in both, or in another"
    )
    with pytest.raises(InputError, match=message):
        joined([ONE, other])
