"""The paper's Tables 1 and 2 from a run, the statistics of its figures, and the verdicts on its claims."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepprune.errors import InputError
from deepprune.evaluation.anova import two_way_anova
from deepprune.evaluation.bootstrap import interval
from deepprune.evaluation.changes import changes_from, clustered
from deepprune.io.table import read_table, read_tables, write_table
from deepprune.studies.claims.named import judge_named, read_named_claims
from deepprune.studies.claims.verdict import NOT_ENOUGH, NOT_REPRODUCED, REPRODUCED, verdict_of_test
from deepprune.studies.zeng.values import (
    ALL,
    DISCOVERY,
    FEW,
    MEASURES,
    REFERENCE,
    About,
    claim_values,
    network_values,
    of_task,
    ordered,
)

LEVEL = 0.05  # of a significant test
SMALLER = 50  # the authors' effect sizes of family are so many times smaller than that of architecture
# The claims of the analysis of variance: name, text, the paper's value, rule
OF_FAMILIES = [
    ("architecture", "The architecture changes the AUROC", 3.3e-11, f"p-value of F: below {LEVEL}"),
    (
        "family",
        f"The effect of a factor's family is {SMALLER} times smaller than that of the architecture",
        1 / SMALLER,
        f"eta squared of the family divided by that of the network: below {1 / SMALLER}",
    ),
]


def large_enough(values: pd.DataFrame, positives: Mapping[str, int]) -> pd.DataFrame:
    """Return the rows of data sets that have the positives to which they were to be reduced."""
    enough = [
        most == ALL or positives[name] >= int(most)
        for name, most in zip(values["dataset"], values["most"], strict=True)
    ]
    return values[enough]


def mean_interval(name: str, values: pd.Series) -> dict[str, float]:
    """Return the mean of values under this name, and low and high, its 95 % bootstrap interval."""
    low, high = interval(values.to_numpy())
    return {name: float(values.mean()), "low": low, "high": high}


def median_table(values: pd.DataFrame) -> pd.DataFrame:
    """Return, for each task, number of positives and network: data sets, median and quartiles of AUROC, changes.

    change: mean AUROC minus that of REFERENCE on the same data sets, with its 95 % bootstrap interval; better: on how
    many it is higher.
    """
    rows = []
    for (task, most), part in values.groupby(["task", "most"], sort=False):
        wide = part.pivot(index="dataset", columns="network", values="auroc")
        for name in part["network"].unique():
            aurocs = wide[name].dropna()
            changes = (wide[name] - wide[REFERENCE]).dropna() if REFERENCE in wide else aurocs.iloc[:0]
            lower, median, upper = aurocs.quantile([0.25, 0.5, 0.75])
            rows.append(
                {"task": task, "most": most, "network": name, "datasets": len(aurocs)}
                | {"median": median, "lower": lower, "upper": upper}
                | mean_interval("change", changes)
                | {"better": int((changes > 0).sum())}
            )
    return pd.DataFrame(rows).round(4)


def time_table(times: pd.DataFrame, networks: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return the mean seconds of each network over repeats, alone and relative to REFERENCE, beside the paper's.

    parameters: the number of weights.
    """
    table = times.groupby("network", sort=False)["seconds"].agg(["mean", "std"])
    table = table.rename(columns={"mean": "seconds", "std": "seconds_sd"})
    table["parameters"] = networks.groupby("network")["parameters"].max()
    table["seconds_paper"] = published.set_index("network")["seconds"]
    for column in ("seconds", "seconds_paper"):
        table[column.replace("seconds", "relative")] = table[column] / table[column].get(REFERENCE, math.nan)
    return table.round(3).reset_index()


def search_table(trials: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return how often each value of each option was chosen: the columns option, value, network, tried, chosen.

    tried: the searches in which the value was tried.
    """
    parts = []
    for table in trials:
        columns = list(table)
        options = columns[columns.index("trial") + 1 : columns.index("accuracy")]
        long = table.melt(["dataset", "network", "chosen"], options, "option", "value")
        parts.append(long.groupby(["option", "value", "network"], sort=False, as_index=False)["chosen"].max())
    if not any(map(len, parts)):
        return pd.DataFrame(columns=["option", "value", "network", "tried", "chosen"])
    grouped = pd.concat(parts).groupby(["option", "value", "network"], sort=False)["chosen"]
    return grouped.agg(tried="count", chosen="sum").reset_index()


def matched_table(values: pd.DataFrame) -> pd.DataFrame:
    """Return the difference of networks of few kernels to the others on the same data sets, by task.

    Columns: task, kernels, network, datasets, difference (the mean), low, high (its 95 % bootstrap interval), matched:
    1 if the interval does not lie below 0.
    """
    rows = []
    for task, part in values[values["most"] == ALL].groupby("task", sort=False):
        wide = part.pivot(index="dataset", columns="network", values="auroc")
        few = [name for name in part["network"].unique() if str(name).endswith(FEW)]
        for name in few:
            for other in (other for other in part["network"].unique() if other not in few):
                differences = (wide[name] - wide[other]).dropna()
                found = mean_interval("difference", differences)
                rows.append(
                    {"task": task, "kernels": int(str(name).removesuffix(FEW)), "network": other}
                    | {"datasets": len(differences)}
                    | found
                    | {"matched": "" if math.isnan(found["high"]) else int(found["high"] >= 0)}
                )
    columns = ["task", "kernels", "network", "datasets", "difference", "low", "high", "matched"]
    return pd.DataFrame(rows, columns=columns).round(4)


def cluster_table(values: pd.DataFrame, networks: Sequence[str], positives: Mapping[str, int]) -> pd.DataFrame:
    """Return the changes of AUROC in motif discovery from REFERENCE with the clusters of data sets.

    networks: those that count.  positives: of each data set.  Columns: dataset, cluster, place,
    positives, and a change for each network.
    """
    part = of_task(values, DISCOVERY)
    part = part[part["network"].isin(networks)]
    if REFERENCE not in set(part["network"]) or part["network"].nunique() < 2:
        return pd.DataFrame(columns=["dataset", "cluster", "place", "positives"])
    changes = changes_from(part, REFERENCE).round(6)  # as written, so that the figure's clusters are the table's
    table = clustered(changes).table
    table["positives"] = [positives[name] for name in table["dataset"]]
    return table.merge(changes.reset_index(), on="dataset")


def anova_table(values: pd.DataFrame, networks: Sequence[str], families: Mapping[str, str]) -> pd.DataFrame:
    """Return the analysis of variance of AUROC by family of factors and network, for each number of positives.

    families: by target; data sets without one do not count. Numbers of positives without two families, or without a
    family of two data sets, are left out.
    """
    own = values[(values["task"] == DISCOVERY) & values["network"].isin(networks)]
    own = own.assign(family=[families.get(str(target), "") for target in own["target"]])
    own = own[own["family"] != ""]
    parts = []
    for most, part in own.groupby("most", sort=False):
        try:
            table = two_way_anova(part, "auroc", ("family", "network"))
        except InputError as error:
            print(f"no analysis of variance of {most} positives: {error}")
            continue
        sets = part["dataset"].nunique()
        parts.append(table.assign(most=most, datasets=sets, families=part["family"].nunique()))
    if not parts:
        return pd.DataFrame(columns=["most", "datasets", "families", "source"])
    table = pd.concat(parts, ignore_index=True)
    return table[["most", "datasets", "families", *(c for c in table if c not in ("most", "datasets", "families"))]]


def anova_claims(anova: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the verdicts on the two claims about families, of the analysis with all positives or the most of them."""
    first = anova[anova["most"] == anova["most"].iloc[0]].set_index("source") if len(anova) else pd.DataFrame()
    sets, rows = int(first["datasets"].iloc[0]) if len(first) else 0, []
    for claim, text, paper, rule in OF_FAMILIES:
        value, decision = math.nan, NOT_ENOUGH
        if len(first) and claim == "architecture":
            value = float(first["p_value"]["network"])
            decision = verdict_of_test(value, LEVEL)
        elif len(first):
            value = float(first["eta_squared"]["family"] / first["eta_squared"]["network"])
            decision = REPRODUCED if value < 1 / SMALLER else NOT_REPRODUCED
        rows.append(
            {"claim": claim, "place": "3.4", "text": text, "paper": paper, "value": float(f"{value:.4g}")}
            | {"datasets": sets, "rule": rule, "verdict": decision}
        )
    return rows


def write_study_tables(files: Any, about: Mapping[str, About], output: Any) -> None:
    """Write the tables of the study.

    files: networks and trials, tables of all trained networks; auc, of networks of few kernels; times; datasets, the
    summary of all data sets; families, claims, published.
    """
    networks = read_tables(files.networks)
    names = list(networks["network"].unique())
    times, summary = read_table(files.times), read_table(files.datasets)
    layered = list(times["network"].unique())
    positives = dict(zip(summary["dataset"], summary["positives"], strict=True))
    values = ordered(network_values(networks, read_table(files.auc), about), names)
    values = large_enough(values, positives)
    known = read_table(files.families).fillna("")
    families = dict(zip(known["target"], known["family"], strict=True))
    anova = anova_table(values, layered, families)
    claims = judge_named(claim_values(values, times), read_named_claims(files.claims, MEASURES), MEASURES, "dataset")
    tables = {
        "values": values,
        "medians": median_table(values),
        "times": time_table(times, networks, read_table(files.published)),
        "search": search_table([read_table(path) for path in files.trials]),
        "matched": matched_table(values),
        "clusters": cluster_table(values, layered, positives),
        "anova": anova,
        "claims": pd.concat([claims, pd.DataFrame(anova_claims(anova))], ignore_index=True),
    }
    for name, table in tables.items():
        write_table(table, output[name])
