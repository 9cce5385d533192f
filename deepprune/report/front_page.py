"""The front page: an overview of all data sets."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml

from deepprune import __version__
from deepprune.evaluation.labels import by_label, criteria_of, seeds_text
from deepprune.figures.logo import motif_strip
from deepprune.io.motif import by_name, read_motifs
from deepprune.io.table import read_table
from deepprune.motifs.evidence import judged
from deepprune.report.captions import captions, subjects
from deepprune.report.html import TEMPLATES, embedded, embedded_figure, write_html
from deepprune.report.motif_rows import called
from deepprune.report.verdict import AGAINST, Finding, beside_background, verdict

MOTIFS = 3  # of each data set
MANY = 30  # data sets: of more, logos would make the page slow, and whole tables would hide what follows them
TEMPLATE = TEMPLATES / "front_page.html.j2"


class FrontPageFiles(NamedTuple):
    """The files that the front page is made of: tables, motifs of each data set, figures, captions.

    comparison: beside baseline and background.  motifs: the distinct motifs, with their matches.
    """

    auc: str | Path
    datasets: str | Path
    models: str | Path
    comparison: str | Path
    motifs: str | Path
    matrices: Sequence[str | Path]
    rates: str | Path
    overview: str | Path
    sizes: str | Path
    resources: str | Path
    captions: Sequence[str | Path]


class Link(NamedTuple):
    """A link to another page."""

    address: str
    title: str


class Run(NamedTuple):
    """What was run.

    sheet: the columns dataset, format, target, cell_type.  config: the options.  networks: see network_sentence.
    """

    sheet: Sequence[Mapping[str, str]]
    config: Mapping[str, Any]
    networks: Mapping[str, Mapping[str, Any]]


def write_front_page(files: FrontPageFiles, run: Run, path: str | Path, study_page: Link | None = None) -> None:
    """Write the front page; study_page: the page of a published study, if there is one."""
    auc, rates, tables = read_table(files.auc), read_table(files.rates), Answers(*map(read_table, files[1:5]))
    criteria, networks = criteria_of(auc), dict(list(auc.groupby("dataset")))
    sections = [
        {
            **row,
            "page": f"report/{row['dataset']}.html",
            "auroc": auroc_by_kernels(networks[row["dataset"]], criteria),
            "background": auroc_of_background(networks[row["dataset"]]),
        }
        for row in run.sheet
    ]
    found, many = answers(tables, files.matrices), len(sections) > MANY
    kinds = {row["against"] for row in found}
    write_html(
        TEMPLATE,
        path,
        version=__version__,
        study_page=study_page,
        network=network_sentence(run.networks, run.config["prune"]),
        captions=captions(files.captions, subjects(tables.comparison, tables.datasets)),
        overview=embedded(files.overview),
        sizes=embedded(files.sizes),
        resources=embedded(files.resources),
        sections=sections,
        several=len(sections) > 1,
        many=many,
        sheet={row["dataset"]: row for row in run.sheet},
        same=kinds.pop() if many and len(kinds) == 1 else "",
        verdict=verdict_of_one(tables) if len(sections) == 1 else [],
        answers=found,
        rates=rates[rates["form"] == "trimmed"].to_dict("records"),
        kernels=sorted(auc["kernels"].unique(), reverse=True),
        methods=list(by_label(auc, criteria)),
        seeds=seeds_text(auc),
        config=yaml.safe_dump(dict(run.config), sort_keys=False),
    )


class Answers(NamedTuple):
    """The tables that the answers on all data sets come from."""

    datasets: pd.DataFrame
    models: pd.DataFrame
    comparison: pd.DataFrame
    motifs: pd.DataFrame


def answers(tables: Answers, matrices: Sequence[str | Path]) -> list[dict[Any, Any]]:
    """Return a row for each data set: its model, what the model adds, and its most important enriched motifs.

    matrices: the motif files of the data sets, in the tables' order. Logos are drawn for few data sets.
    """
    against = tables.datasets.set_index("dataset")["against"].map(AGAINST)
    comparisons = dict(list(tables.comparison.groupby("dataset")))
    enriched: dict[str, list[dict[Any, Any]]] = {}
    for motif in judged(tables.motifs):
        if motif["enriched"]:
            enriched.setdefault(motif["dataset"], []).append(motif)
    rows = []
    for row, path in zip(tables.models.to_dict("records"), matrices, strict=True):
        own = enriched.get(row["dataset"], [])[:MOTIFS]
        drawn = by_name(read_motifs(path, may_be_empty=True)) if len(matrices) <= MANY else {}
        for motif in own:
            motif["logo"] = embedded_figure(motif_strip(drawn[motif["motif"]])) if drawn else None
        added = beside_background(row, comparisons[row["dataset"]])
        rows.append(row | {"against": against[row["dataset"]], "motifs": own, "background": next(iter(added), None)})
    return rows


def verdict_of_one(tables: Answers) -> list[Finding]:
    """Return the verdict on the only data set."""
    (model,) = tables.models.to_dict("records")
    against = tables.datasets.set_index("dataset")["against"]
    return verdict(model, tables.comparison, against[model["dataset"]], called(tables.motifs, model["motif"]))


def network_sentence(networks: Mapping[str, Mapping[str, Any]], prune: Mapping[str, Any]) -> str:
    """Return what the networks of a run are, in one sentence.

    networks: the options strands, background and distinct for each kind of data in the run.  prune: the options.
    """
    texts = {kind: network_text(options) for kind, options in networks.items()}
    same = len(set(texts.values())) == 1
    names = {"simulated": "of simulated data sets", "chipseq": "of real data sets"}
    parts = set(texts.values()) if same else [f"{names[kind]}, {text}" for kind, text in texts.items()]
    return (
        f"Networks{': ' if same else ' '}{'; '.join(parts)}; pruned from {prune['start']} to {prune['final']} kernels."
    )


def network_text(options: Mapping[str, Any]) -> str:
    """Return what networks with these options are."""
    strands, background = options["strands"], options["background"]
    text = (
        f"one convolution that scans {'both strands' if strands == 'both' else 'one strand'}, the largest activation "
    )
    text += "of each kernel, and a linear output"
    if background != "none":
        words = "two halves with a gap" if background == "gapped" else f"{background} letters"
        text += f" beside a background, linear in the counts of words of {words}"
    return text + (", no two kernels for one motif if possible" if options["distinct"] else "")


def auroc_of_background(auc: pd.DataFrame) -> float | None:
    """Return the AUROC of a data set's background alone; None without one."""
    found = auc["auroc_background"].dropna()
    return float(found.iloc[0]) if len(found) else None


def auroc_by_kernels(auc: pd.DataFrame, criteria: Sequence[str] = ()) -> dict[str, dict[int, float]]:
    """Return a data set's mean AUROC over seeds, by kind of network (see `by_label`) and number of kernels."""
    kinds = by_label(auc, criteria)
    means = {label: rows.groupby("kernels")["auroc"].mean() for label, rows in kinds.items()}
    return {label: dict(zip(map(int, mean.index), mean, strict=True)) for label, mean in means.items()}
