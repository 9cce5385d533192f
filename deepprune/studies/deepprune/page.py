"""The page that compares the paper with a run."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from deepprune.evaluation.labels import extent, label, network_kind, smallest_rung
from deepprune.io.table import read_table, records
from deepprune.keys import NO_CRITERION
from deepprune.report.html import embedded
from deepprune.studies.claims.page import write_study_page
from deepprune.studies.claims.verdict import verdict_counts
from deepprune.studies.deepprune.claims import PUBLISHED

TEMPLATE = Path(__file__).with_name("templates") / "replication.html.j2"
CLAIM = ["place", "text", "paper", "value", "low", "high", "criterion", "datasets", "seeds", "rule", "verdict"]
GROUPS = {"chipseq": "Real data sets", "simulated": "Simulated data sets"}
OWN = "ours, not of the paper"  # the place of claims that are not the paper's
RUNGS = 3  # the smallest rungs, in the table of data sets
AT_ONCE, MOST = 6, 24  # data sets of Table 3 that are shown unfolded, and those on the page


class ReplicationFiles(NamedTuple):
    """The files that the page is made of: tables of the run and of the paper, figures with notes, captions."""

    auc: str | Path
    comparison: str | Path
    replication: str | Path
    table2: str | Path
    table3: str | Path
    paper_table2: str | Path
    paper_table3: str | Path
    notes: str | Path
    figures: Sequence[str | Path]
    captions: Sequence[str | Path]


def write_replication(
    files: ReplicationFiles, sheet: Sequence[Mapping[str, str]], criteria: Sequence[str], path: str | Path
) -> None:
    """Write the page of the replication, beside the front page.

    sheet: the columns dataset, format, target, cell_type.  criteria: of the run, the main one first.
    """
    auc = read_table(files.auc)
    notes = read_table(files.notes).set_index("figure")["note"]
    table3 = table3_parts(read_table(files.table3))
    rows = records(read_table(files.replication)[CLAIM])
    claims = [row for row in rows if row["place"] != OWN]
    write_study_page(
        TEMPLATE,
        path,
        files.captions,
        extent=extent(auc),
        claims=claims,
        own=[row for row in rows if row["place"] == OWN],
        verdicts=verdict_counts(claims),
        number=number,
        percent=percent,
        table2=table2_groups(read_table(files.table2), read_table(files.paper_table2), criteria[0]),
        table3=table3,
        paper_table3=records(read_table(files.paper_table3)),
        at_once=AT_ONCE,
        most=MOST,
        figures=[
            {"name": Path(figure).stem, "title": title(Path(figure).stem), "image": embedded(figure)}
            | {"note": notes[Path(figure).stem]}
            for figure in files.figures
        ],
        datasets=dataset_rows(read_table(files.comparison), sheet, criteria, smallest_rung(auc)),
    )


def table2_groups(table: pd.DataFrame, paper: pd.DataFrame, main: str) -> dict[str, list[dict[str, Any]]]:
    """Return rows of Table 2 by group, each with the label of its networks and the paper's values, if it has them.

    table: results/tables/table2.tsv.  paper: columns kernels, method, auroc, improved, p_value, of real data sets and
    PUBLISHED.  main: the run's first criterion.
    """
    published = {(row["kernels"], row["method"]): row for row in records(paper)}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in records(table):
        comparable = row["group"] == "chipseq" and row["criterion"] in (PUBLISHED, NO_CRITERION)
        row["paper"] = published.get((row["kernels"], row["method"])) if comparable else None
        row["label"] = label(network_kind(row), main)
        # One kernel is the circular filter; the other rows of that number are compared with it, as in the paper.
        row["against"] = row["kernels"] == 1 and row["method"] != "circular"
        groups.setdefault(GROUPS.get(row["group"], row["group"]), []).append(row)
    return groups


def table3_parts(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return Table 3 by data set: its name, criterion and seed, and its rows."""
    parts = []
    for (dataset, criterion, seed), rows in table.groupby(["dataset", "criterion", "seed"], sort=False):
        parts.append({"dataset": dataset, "criterion": criterion, "seed": seed, "rows": records(rows)})
    return parts


def dataset_rows(
    comparison: pd.DataFrame, sheet: Sequence[Mapping[str, str]], criteria: Sequence[str], smallest: int
) -> list[dict[str, Any]]:
    """Return the gain by pruning in each data set at the smallest rungs, in the order of the sheet.

    comparison: results/tables/comparison.tsv.  smallest: the last rung.  Each row also has the baseline's AUROC, the
    label of its networks, and the sheet's columns of the data set.
    """
    keys = ["dataset", "kernels"]
    pruned = comparison[(comparison["method"] == "deepprune") & (comparison["kernels"] >= smallest)]
    # The widest rung is not pruned.
    rungs = sorted(pruned.loc[pruned["kernels"] < pruned["kernels"].max(), "kernels"].unique())[:RUNGS] or [smallest]
    baseline = comparison.loc[comparison["method"] == "baseline", [*keys, "auroc"]]
    rows = pruned[pruned["kernels"].isin(rungs)].merge(
        baseline.rename(columns={"auroc": "baseline"}), on=keys, how="left"
    )
    places = {row["dataset"]: place for place, row in enumerate(sheet)}
    order = rows.assign(place=rows["dataset"].map(places), criterion_place=rows["criterion"].map(list(criteria).index))
    found = records(order.sort_values(["place", "kernels", "criterion_place"], kind="stable")[rows.columns])
    described = {row["dataset"]: row for row in sheet}
    return [
        {
            **described[row["dataset"]],
            **row,
            "label": label(network_kind(row), criteria[0]),
            "page": f"report/{row['dataset']}.html",
        }
        for row in found
    ]


def title(figure: str) -> str:
    """Return `figureS1` as `Figure S1`."""
    return "Figure " + figure.removeprefix("figure")


def number(value: object) -> str:
    """Return a value of a table with four decimals; whole and tiny numbers and text unchanged, "" for none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    if value == 0 or (isinstance(value, int) or value.is_integer()):
        return f"{value:,.0f}" if abs(value) >= 2 else f"{value:.4g}"
    return f"{value:.4f}" if 0.001 <= abs(value) < 1000 or math.isinf(value) else f"{value:.2e}"


def percent(value: float | None) -> str:
    """Return a share in percent with one decimal."""
    return "" if value is None else f"{100 * value:.1f} %"
