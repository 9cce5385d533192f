"""Filters of layers in numbers: matches, chance, recovery of implanted motifs, localisation."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from deepprune.io.table import named, read_table

LAYER = ["network", "seed", "layer", "reading"]
COUNTS = ["filters", "alive", "any", "relevant", "null", "null_relevant", "factors", "oriented", "copies"]
TABLES = "filters", "matches", "localisation"  # of a network
LOCATED = ["localised", "best_localised"]
COLUMNS = ["dataset", *LAYER, *COUNTS, *LOCATED]


def with_localisation(filters: pd.DataFrame, matches: pd.DataFrame, localisation: pd.DataFrame) -> pd.DataFrame:
    """Return a table of filters with their matches, and how well they locate motifs.

    filters, matches, localisation: tables of one network (`write_filters`, `match_filters`).  localised: the AUROC for
    the matched task on the matched strand; best_localised, best_task, best_strand: the largest of any task and strand.
    """
    table = filters.merge(matches, on="motif", how="left")
    place = ["network", "seed", "layer", "filter"]
    matched = localisation.rename(columns={"auroc": "localised"})
    table = table.merge(matched[[*place, "task", "strand", "localised"]], on=[*place, "task", "strand"], how="left")
    best = localisation.sort_values("auroc", ascending=False, kind="stable").drop_duplicates(place)
    names = {"task": "best_task", "strand": "best_strand", "auroc": "best_localised"}
    return table.merge(best.rename(columns=names)[[*place, *names.values()]], on=place, how="left")


def filter_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns COLUMNS but dataset, a row for each layer of each network and reading.

    table: of `with_localisation`.  any, relevant: shares of filters that match any known, any relevant motif; null,
    null_relevant: the shares that chance gives, of motifs with shuffled columns.  factors: tasks with a matching
    filter; oriented: pairs of task and strand.  copies: matching filters for each of these pairs.  localised: mean over
    the matching filters; best_localised: mean over all.
    """
    rows = []
    for layer, own in table.groupby(LAYER, sort=False):
        matching = own[own["relevant_match"].notna()]
        oriented = len(matching[["task", "strand"]].drop_duplicates())
        counts = (
            *(len(own), int(own["motif"].notna().sum()), own["evalue"].notna().mean(), len(matching) / len(own)),
            *(own[name].fillna(0).mean() for name in ("null", "null_relevant")),
            *(matching["task"].nunique(), oriented, len(matching) / oriented if oriented else math.nan),
        )
        rows.append((*layer, *counts, matching["localised"].mean(), own["best_localised"].mean()))
    return pd.DataFrame(rows, columns=COLUMNS[1:]).round(4)


def filter_tables(files: Mapping[str, Sequence[str]], datasets: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the filters of all networks with matches and localisation, and their summary; empty without a network.

    files: the paths filters, matches and localisation of each network.  datasets: the data set of each.
    """
    filters, summaries = [], []
    for dataset, *paths in zip(datasets, *(files[name] for name in TABLES), strict=True):
        table = with_localisation(*map(read_table, paths))
        filters.append(named(table, dataset=dataset))
        summaries.append(named(filter_summary(table), dataset=dataset))
    if not filters:
        return pd.DataFrame(columns=["dataset", *LAYER]), pd.DataFrame(columns=COLUMNS)
    return pd.concat(filters, ignore_index=True), pd.concat(summaries, ignore_index=True)
