"""The page that compares the publications with a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from deepprune.io.table import read_table, records
from deepprune.report.captions import SEVERAL_SEEDS
from deepprune.report.html import embedded
from deepprune.report.numbers import number
from deepprune.studies.claims.page import write_study_page
from deepprune.studies.claims.verdict import verdict_counts

TEMPLATE = Path(__file__).with_name("templates") / "many_tasks.html.j2"
OWN = "ours"  # the place of claims that are not the publications'
FIGURES = {
    "time": "Performance and time",
    "distribution": "AUROC and AUPRC of the tasks",
    "prevalence": "AUPRC and prevalence",
    "reconstruction": "Reconstruction of sequences",
}


class PageFiles(NamedTuple):
    """The files that the page is made of: the study's tables, figures of all data sets, captions.

    figures: of each data set, in the order of FIGURES.
    """

    networks: str
    autoencoders: str
    published: str
    summary: str
    claims: str
    figures: Sequence[str]
    captions: Sequence[str]


def write_page(files: PageFiles, settings: Mapping[str, str], path: str) -> None:
    """Write the page of the study; settings: the layers of each network in words."""
    names = ("networks", "autoencoders", "published", "summary", "claims")
    tables = {name: read_table(getattr(files, name)) for name in names}
    datasets = list(tables["networks"]["dataset"].unique())
    places = [(dataset, name) for dataset in datasets for name in FIGURES]
    figures = dict(zip(places, files.figures, strict=True))
    write_study_page(
        TEMPLATE,
        path,
        files.captions,
        absent=() if tables["networks"]["seeds"].max() > 1 else (SEVERAL_SEEDS,),
        number=number,
        seconds=seconds,
        settings=settings,
        sections=[section(dataset, tables, figures) for dataset in datasets],
    )


def section(dataset: str, tables: Mapping[str, pd.DataFrame], figures: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """Return what the page tells of a data set."""
    rows = {name: records(table[table["dataset"] == dataset]) for name, table in tables.items()}
    judged = [claim for claim in rows["claims"] if claim["place"] != OWN]
    return rows | {
        "dataset": dataset,
        "claims": judged,
        "own": [claim for claim in rows["claims"] if claim["place"] == OWN],
        "verdicts": verdict_counts(judged),
        "figures": [
            {"name": name, "title": title, "image": embedded(figures[dataset, name])} for name, title in FIGURES.items()
        ],
    }


def seconds(value: float | None) -> str:
    """Return a time in seconds with the digits that matter; "" for none."""
    return "" if value is None else f"{value:.1f}" if value < 10 else f"{value:,.0f}"
