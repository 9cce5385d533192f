"""The page that compares the paper with a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from deepprune.io.table import read_table, records
from deepprune.report.html import embedded
from deepprune.studies.claims.page import write_study_page
from deepprune.studies.claims.verdict import verdict_counts
from deepprune.studies.zeng.values import ALL, TASKS, with_words

TEMPLATE = Path(__file__).with_name("templates") / "two_tasks.html.j2"
# The paper's names of figures and tables
FIGURES = {
    "discovery": "Figure 2A: motif discovery",
    "occupancy": "Figure 3: motif occupancy",
    "position": "Figure S2: motif occupancy, motifs anywhere in positives",
    "genomic": "Peaks against windows of the genome",
    "changes": "Figure 4A: data sets by their changes",
    "cluster_sizes": "Figure 4B: positives in each cluster",
    "sizes": "Figures 4C and S3: fewer positives",
    "time": "Table 2 as a figure: AUROC and training time",
}


class PageFiles(NamedTuple):
    """The files that the page is made of: the study's tables, its figures, captions."""

    medians: str
    times: str
    search: str
    matched: str
    anova: str
    claims: str
    figures: Sequence[str]
    captions: Sequence[str]


def write_page(files: PageFiles, settings: Mapping[str, str], path: str) -> None:
    """Write the page of the study.

    settings: the layers of each network in words.  figures: some of FIGURES, called like NAME.svg.
    """
    medians, claims = with_words(read_table(files.medians)), records(read_table(files.claims))
    figures = {Path(file).stem: file for file in files.figures}
    write_study_page(
        TEMPLATE,
        path,
        files.captions,
        short=short,
        claims=claims,
        verdicts=verdict_counts(claims),
        settings=settings,
        parts=parts(medians),
        times=records(read_table(files.times)),
        search=values_by_option(read_table(files.search)),
        matched=matched(read_table(files.matched)),
        anova=records(read_table(files.anova)),
        figures=[
            {"name": name, "title": title, "image": embedded(figures[name])}
            for name, title in FIGURES.items()
            if name in figures
        ],
    )


def short(value: float | None) -> str:
    """Return a number with three significant digits; "" for none."""
    return "" if value is None else f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def title(task: str) -> str:
    """Return the words of a task as a heading."""
    return TASKS[task][0].upper() + TASKS[task][1:]


def parts(medians: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of each task and number of positives, with a title."""
    found = []
    for (task, most), rows in medians.groupby(["task", "most"], sort=False):
        size = "" if most == ALL else f", {int(str(most)):,} positives"
        found.append({"title": title(str(task)) + size, "rows": records(rows)})
    return found


def values_by_option(search: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each option with its values, and the share of searches in which each network chose them."""
    found = []
    for option, rows in search.groupby("option", sort=False):
        shares = rows.assign(share=rows["chosen"] / rows["tried"]).pivot(
            index="network", columns="value", values="share"
        )
        shares = shares.loc[rows["network"].unique(), rows["value"].unique()]
        lines = [
            {"network": name, "shares": list(row)} for name, row in zip(shares.index, shares.to_numpy(), strict=True)
        ]
        found.append({"option": option, "values": list(shares.columns), "rows": lines})
    return found


def matched(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the comparison with networks of few kernels, a table for each task: a row for each other network."""
    found = []
    for task, rows in table.groupby("task", sort=False):
        kernels = list(rows["kernels"].unique())
        lines = [
            {"network": name, "cells": [records(part[part["kernels"] == number])[0] for number in kernels]}
            for name, part in rows.groupby("network", sort=False)
        ]
        found.append({"title": title(str(task)), "kernels": kernels, "rows": lines})
    return found
