"""Labels of networks in figures and tables; pairs and counts of networks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from deepprune.keys import KIND_COLUMNS, NO_CRITERION, NetworkKind

# The order of methods in legends and tables
METHOD_ORDER = ("deepprune", "inter", "winning_ticket", "baseline", "circular")


def criteria_of(table: pd.DataFrame) -> list[str]:
    """Return the pruning criteria of a table of networks, in its order: the first is the main one."""
    return [criterion for criterion in dict.fromkeys(table["criterion"]) if criterion != NO_CRITERION]


def by_label(table: pd.DataFrame, criteria: Sequence[str] = ()) -> dict[str, pd.DataFrame]:
    """Return the rows of each kind of network by label: `deepprune`, `deepprune (loss)`, `inter`; criteria stay apart.

    table: columns KIND_COLUMNS.  criteria: of the run, by default those of the table; networks of the first are
    labelled by their method alone. Unknown methods come last, under their own names.
    """
    criteria = [NO_CRITERION, *(criteria or criteria_of(table))]
    main = criteria[1] if criteria[1:] else ""
    parts = [rows for _, rows in table.groupby(["architecture", "method", "criterion"], sort=False)]
    kinds = [network_kind(rows.iloc[0].to_dict()) for rows in parts]
    places = [(_place(METHOD_ORDER, kind.method), _place(criteria, kind.criterion)) for kind in kinds]
    return {label(kinds[part], main): parts[part] for part in sorted(range(len(parts)), key=places.__getitem__)}


def network_kind(row: Mapping[Any, Any]) -> NetworkKind:
    """Return the kind of network of a table's row."""
    return NetworkKind(*(row[column] for column in KIND_COLUMNS))


def label(kind: NetworkKind, main: str) -> str:
    """Return the label of networks of a kind, whatever their size; main: the run's first criterion."""
    named = kind.method if kind.architecture in ("few_kernel", kind.method) else f"{kind.architecture} {kind.method}"
    return named if kind.criterion in (NO_CRITERION, main) else f"{named} ({kind.criterion})"


def seeds_text(table: pd.DataFrame) -> str:
    """Return how many seeds a data set has: `one seed`, `18 seeds` or, where they differ, `1 to 18 seeds`.

    table: columns dataset, seed.
    """
    return numbers_text(table.groupby("dataset")["seed"].nunique(), "seed")


def numbers_text(numbers: Iterable[int], noun: str) -> str:
    """Return `one seed`, `3 seeds`, or `1 to 3 seeds`."""
    low, high = min(numbers, default=0), max(numbers, default=0)
    if low == high == 1:
        return f"one {noun}"
    return f"{low:,} {noun}s" if low == high else f"{low:,} to {high:,} {noun}s"


def extent(table: pd.DataFrame) -> str:
    """Return `one data set, 2 seeds` or `3 data sets, 18 seeds each` for rows of networks."""
    count, seeds = table["dataset"].nunique(), seeds_text(table)
    each = " each" if count > 1 and " to " not in seeds else ""
    return f"{numbers_text([count], 'data set')}, {seeds}{each}"


def smallest_rung(table: pd.DataFrame) -> int:
    """Return the smallest number of kernels of any pruned network."""
    return int(table.loc[table["method"] == "deepprune", "kernels"].min())


def ranked(comparison: pd.DataFrame, criterion: str, kernels: int) -> pd.DataFrame:
    """Return the rows of deepprune at a rung that have a gain over the baseline, sorted by gain, then name."""
    mask = (comparison["method"] == "deepprune") & (comparison["criterion"] == criterion)
    rows = comparison[mask & (comparison["kernels"] == kernels) & comparison["gain"].notna()]
    return rows.sort_values(["gain", "dataset"], ignore_index=True)


def paired(one: pd.DataFrame, other: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return means over the seeds that two kinds of network share: dataset, `by`, one, other, difference.

    one, other: networks of one kind, a row each.  by: the column that tells apart networks of a data set and seed, or
    `seed` for values of single seeds.
    """
    keys = ["dataset", *by]
    both = one.merge(other, on=list(dict.fromkeys([*keys, "seed"])), suffixes=("", "_other"), validate="one_to_one")
    both = both.rename(columns={"auroc": "one", "auroc_other": "other"})
    means = both.groupby(keys, sort=False, as_index=False)[["one", "other"]].mean()
    return means.assign(difference=means["one"] - means["other"])


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
