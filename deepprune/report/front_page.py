"""The front page of the report: all data sets at a glance."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from deepprune import __version__
from deepprune.evaluation.labels import by_label, criteria_of, seeds_text
from deepprune.io.table import read_table
from deepprune.report.html import TEMPLATES, captions, embedded, write_html

TEMPLATE = TEMPLATES / "front_page.html.j2"


def write_front_page(
    inputs: Any, sheet: Sequence[Mapping[str, str]], config: Mapping[str, Any], path: str | Path, replication: str = ""
) -> None:
    """Write the front page of a study.

    inputs: named files: tables auc and rates; figures overview, sizes and resources; captions.
    sheet: the columns dataset, format, target, cell_type.  replication: address of that page, if there is one.
    """
    auc, rates = read_table(inputs["auc"]), read_table(inputs["rates"])
    criteria = criteria_of(auc)
    sections = [
        {
            **row,
            "page": f"report/{row['dataset']}.html",
            "auroc": auroc_by_kernels(auc[auc["dataset"] == row["dataset"]], criteria),
        }
        for row in sheet
    ]
    write_html(
        TEMPLATE,
        path,
        version=__version__,
        replication=replication,
        captions=captions(inputs["captions"]),
        overview=embedded(inputs["overview"]),
        sizes=embedded(inputs["sizes"]),
        resources=embedded(inputs["resources"]),
        sections=sections,
        rates=rates[rates["form"] == "trimmed"].to_dict("records"),
        kernels=sorted(auc["kernels"].unique(), reverse=True),
        methods=list(by_label(auc, criteria)),
        seeds=seeds_text(auc),
        config=yaml.safe_dump(dict(config), sort_keys=False),
    )


def auroc_by_kernels(auc: pd.DataFrame, criteria: Sequence[str] = ()) -> dict[str, dict[int, float]]:
    """Mean AUROC over seeds of one data set, by kind of network (`study.by_label`) and number of kernels."""
    kinds = by_label(auc, criteria)
    means = {label: rows.groupby("kernels")["auroc"].mean() for label, rows in kinds.items()}
    return {label: dict(zip(map(int, mean.index), mean, strict=True)) for label, mean in means.items()}
