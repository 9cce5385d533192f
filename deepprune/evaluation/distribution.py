"""The distribution of measures over tasks, by network and group of tasks."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from deepprune.data.task_groups import ALL, NO_GROUP
from deepprune.errors import InputError
from deepprune.evaluation.tasks import MEASURES

QUANTILES = {"lowest": 0, "low": 0.05, "lower": 0.25, "median": 0.5, "upper": 0.75, "high": 0.95, "highest": 1}
COLUMNS = ["network", "group", "seed", "measure", "tasks", "left_out", "mean", *QUANTILES]


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the task tables of several networks of a data set as one; InputError unless their tasks are the same.

    tables: the columns network and TASK_COLUMNS.
    """
    names, first = [list(dict.fromkeys(table["task"])) for table in tables], tables[0]["network"].iloc[0]
    for table, tasks in zip(tables, names, strict=True):
        if tasks != names[0]:
            odd = next(iter(sorted(set(tasks) ^ set(names[0]))), tasks[0])
            raise InputError(
                f"the networks {first} and {table['network'].iloc[0]} have other tasks ({odd} is not in both, or in "
                "another place); train both on one data set"
            )
    return pd.concat(tables, ignore_index=True)


def distribution(table: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Return means and quantiles over tasks: the columns COLUMNS, a row for each network, group, seed and measure.

    table: of `joined`.  groups: of the tasks by name, see `task_groups`; ALL are all tasks, also those without a group.
    tasks: the number of those with this measure.  left_out: that of the others of the group.  low, lower, upper, high:
    the quantiles of 5, 25, 75 and 95 %, interpolated.
    """
    rows = []
    for network, own in table.groupby("network", sort=False):
        for group, some in by_group(own, groups):
            for seed, part in some.groupby("seed", sort=False):
                for measure in MEASURES:
                    values = part[measure].dropna()
                    numbers = len(values), len(part) - len(values), values.mean()
                    quantiles = values.quantile(list(QUANTILES.values()))
                    rows.append((network, group, seed, measure, *numbers, *quantiles))
    return pd.DataFrame(rows, columns=COLUMNS).round(6)


def over_seeds(table: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Return the mean over seeds of each network and task: network, task, group, prevalence, MEASURES.

    table, groups: see `distribution`. Networks and tasks stay in the order of the table.
    """
    means = table.groupby(["network", "task"], sort=False, as_index=False)[["prevalence", *MEASURES]].mean()
    means.insert(2, "group", means["task"].map(groups))
    return means


def by_group(table: pd.DataFrame, groups: Mapping[str, str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield ALL with the whole table, then each group with its rows, in the order of the names of groups."""
    yield ALL, table
    of_row = table["task"].map(groups)
    for group in sorted(set(of_row) - {NO_GROUP}, key=str.casefold):
        yield group, table[of_row == group]
