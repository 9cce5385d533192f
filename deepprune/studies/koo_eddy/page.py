"""The page that compares the paper with a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deepprune.io.table import read_table, records
from deepprune.report.html import embedded
from deepprune.report.numbers import number
from deepprune.studies.claims.page import write_study_page
from deepprune.studies.claims.verdict import verdict_counts

TEMPLATE = Path(__file__).with_name("templates") / "architectures.html.j2"
OWN = "ours"  # the place of claims that are not the paper's
FIGURES = ("pools", "recovered", "first", "alternatives", "deeper")
TIED, FEW = "-tied", "few-"  # in the names of networks that are not the paper's
# The paper's names of figures and tables, by the format of the data set
TITLES = {
    "multitask_simulated": {"table": "Table 1", "first": "Figure 2", "alternatives": "Figure 3", "deeper": "Figure S1"},
    "deepsea": {"table": "Table 2", "first": "Figure 4", "deeper": "Figure S2"},
}
OWN_TITLES = {
    "table": "Networks",
    "pools": "Matches and pools",
    "recovered": "Recovered factors",
    "first": "First-layer filters",
    "alternatives": "First-layer filters of other networks",
    "deeper": "Second-layer filters",
}


class PageFiles(NamedTuple):
    """The files that the page is made of. figures: of all data sets, in the order of `FIGURES`."""

    table: str
    claims: str
    networks: Sequence[str]
    figures: Sequence[str]
    captions: Sequence[str]


def write_page(files: PageFiles, formats: Mapping[str, str], path: str) -> None:
    """Write the page of the study; formats: of the data sets, by name."""
    table, claims = read_table(files.table), read_table(files.claims)
    figures = dict(zip([(name, figure) for name in formats for figure in FIGURES], files.figures, strict=True))
    sections = []
    for dataset, form in formats.items():
        titles = OWN_TITLES | TITLES.get(form, {})
        own = records(claims[claims["dataset"] == dataset])
        judged = [claim for claim in own if claim["place"] != OWN]
        sections.append(
            {
                "dataset": dataset,
                "table": titles["table"],
                "rows": records(table[table["dataset"] == dataset]),
                "published": form in TITLES,
                "beyond": beyond(records(table[table["dataset"] == dataset])),
                "claims": judged,
                "own": [claim for claim in own if claim["place"] == OWN],
                "verdicts": verdict_counts(judged),
                "figures": [
                    {"name": name, "title": titles[name], "image": embedded(figures[dataset, name])} for name in FIGURES
                ],
            }
        )
    trained = [read_table(file) for file in files.networks]
    write_study_page(
        TEMPLATE,
        path,
        files.captions,
        sections=sections,
        number=number,
        networks=len(trained),
        seeds=max(len(rows) for rows in trained),
        hours=sum(rows["seconds"].sum() for rows in trained) / 3600,
    )


def beyond(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the first layers of networks that are not the paper's, each tied one behind that without ties."""
    first = {str(row["network"]): row for row in rows if row["layer"] == 1}
    found: list[Mapping[str, Any]] = []
    for name, row in first.items():
        if name.endswith(TIED):
            found += [first[other] for other in (name.removesuffix(TIED), name) if other in first]
        elif name.startswith(FEW):
            found.append(row)
    return found
