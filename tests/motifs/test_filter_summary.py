from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.io.table import write_table
from deepprune.motifs.filter_summary import COLUMNS, filter_summary, filter_tables, with_localisation

FILTERS = pd.DataFrame(
    {
        "network": "n",
        "seed": 0,
        "layer": 1,
        "reading": "code",
        "filter": range(5),
        "motif": ["m0", "m1", "m2", "m3", None],
        "windows": [9, 9, 9, 9, 0],
    }
)
MATCHES = pd.DataFrame(
    {
        "motif": ["m0", "m1", "m2", "m3"],
        "evalue": [0.01, 0.02, 0.03, np.nan],
        "match": ["A", "A", "B", None],
        "relevant_match": ["A", "A", None, None],
        "task": ["t", "t", None, None],
        "strand": ["+", "+", None, None],
        "null": [0.5, 0.0, 0.0, 0.0],
        "null_relevant": [0.25, 0.0, 0.0, 0.0],
    }
)
LOCALISATION = pd.DataFrame(
    [("n", 0, 1, place, "t", strand, 7, value) for place in range(5) for strand, value in (("+", 0.6), ("-", 0.5))],
    columns=["network", "seed", "layer", "filter", "task", "strand", "instances", "auroc"],
)
LOCALISATION.loc[LOCALISATION["filter"] == 1, "auroc"] = [0.8, 0.9]


def test_shares_are_of_all_filters_and_copies_of_pairs() -> None:
    table = with_localisation(FILTERS, MATCHES, LOCALISATION)
    assert table["localised"].tolist()[:2] == [0.6, 0.8] and table["localised"][2:].isna().all()
    assert table["best_strand"].tolist() == ["+", "-", "+", "+", "+"]
    (row,) = filter_summary(table).to_dict("records")
    assert list(row) == COLUMNS[1:]
    assert row["filters"] == 5 and row["alive"] == 4
    assert row["any"] == pytest.approx(0.6) and row["relevant"] == pytest.approx(0.4)
    assert row["null"] == pytest.approx(0.1) and row["null_relevant"] == pytest.approx(0.05)
    # Two filters match one factor in one orientation.
    assert (row["factors"], row["oriented"], row["copies"]) == (1, 1, 2)
    assert row["localised"] == pytest.approx(0.7) and row["best_localised"] == pytest.approx((4 * 0.6 + 0.9) / 5)


def test_without_matches_and_without_localisation() -> None:
    nothing = MATCHES.assign(**dict.fromkeys(("evalue", "match", "relevant_match", "task", "strand")))
    table = with_localisation(FILTERS, nothing, LOCALISATION.iloc[:0])
    (row,) = filter_summary(table).to_dict("records")
    assert row["relevant"] == 0 and row["factors"] == 0 and np.isnan(row["copies"]) and np.isnan(row["best_localised"])


def test_tables_of_several_data_sets(tmp_path: Path) -> None:
    paths = {}
    for name, table in {"filters": FILTERS, "matches": MATCHES, "localisation": LOCALISATION}.items():
        paths[name] = [str(tmp_path / f"{name}.tsv")] * 2
        write_table(table, paths[name][0])
    filters, summary = filter_tables(paths, ["one", "two"])
    assert filters["dataset"].tolist() == ["one"] * 5 + ["two"] * 5
    assert list(summary) == COLUMNS and summary["dataset"].tolist() == ["one", "two"]
    assert summary["relevant"].tolist() == pytest.approx([0.4, 0.4])
    filters, summary = filter_tables({name: [] for name in paths}, [])
    assert filters.empty and list(summary) == COLUMNS
