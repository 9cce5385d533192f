"""The report: one HTML page that holds its figures and tables and needs nothing else."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml
from docutils.core import publish_parts
from markupsafe import Markup

from deepprune import __version__
from deepprune.io.files import write_atomic
from deepprune.io.table import read_table

METHODS = ("deepprune", "inter", "baseline")


def write_page(inputs: Any, sheet: Sequence[Mapping[str, str]], config: Mapping[str, Any], path: str | Path) -> None:
    """Write the report of a study.

    inputs: named files: tables auc, datasets, motifs, tomtom; figures overview, sizes, curves and logos (one each of
    the last two per row of the sheet); template; captions.  sheet: the columns dataset, format, target, cell_type.
    """
    auc, datasets, motifs, tomtom = (read_table(inputs[name]) for name in ("auc", "datasets", "motifs", "tomtom"))
    best = best_matches(motifs, tomtom)
    counts = {row["dataset"]: row for row in datasets.to_dict("records")}
    sections = [
        {
            **row,
            "counts": counts[row["dataset"]],
            "curve": embedded(curve),
            "logos": embedded(logos),
            "auroc": auroc_by_kernels(auc[auc["dataset"] == row["dataset"]]),
            "kernels": best[best["dataset"] == row["dataset"]].to_dict("records"),
        }
        for row, curve, logos in zip(sheet, inputs["curves"], inputs["logos"], strict=True)
    ]
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    page = environment.from_string(Path(inputs["template"]).read_text(encoding="utf-8")).render(
        version=__version__,
        captions={Path(caption).stem: as_html(caption) for caption in inputs["captions"]},
        overview=embedded(inputs["overview"]),
        sizes=embedded(inputs["sizes"]),
        sections=sections,
        kernels=sorted(auc["kernels"].unique(), reverse=True),
        methods=METHODS,
        seeds=sorted(auc["seed"].unique()),
        config=yaml.safe_dump(dict(config), sort_keys=False),
    )
    with write_atomic(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def auroc_by_kernels(auc: pd.DataFrame) -> dict[str, dict[int, float]]:
    """Mean AUROC over seeds of one data set, by method and number of kernels."""
    means = auc.groupby(["method", "kernels"])["auroc"].mean()
    return {method: means[method].to_dict() for method in METHODS if method in means}


def best_matches(motifs: pd.DataFrame, tomtom: pd.DataFrame) -> pd.DataFrame:
    """The kernels' table with the best match in each set of known motifs, as columns jaspar and implanted.

    A match is the target's name and E-value, or None.
    """
    table = motifs.copy()
    for database in ("jaspar", "implanted"):
        first = tomtom[tomtom["database"] == database].drop_duplicates(["dataset", "Query_ID"])
        found = {
            (row["dataset"], row["Query_ID"]): {
                "name": row["Target_name"] or row["Target_ID"],
                "evalue": row["E-value"],
            }
            for row in first.fillna("").to_dict("records")
        }
        table[database] = pd.Series(
            [found.get(key) for key in zip(table["dataset"], table["motif"], strict=True)],
            index=table.index,
            dtype=object,
        )
    return table.astype(object).where(table.notna(), None)


def embedded(figure: str | Path) -> str:
    """An SVG file as the address of an image, so that the page holds it."""
    return "data:image/svg+xml;base64," + base64.b64encode(Path(figure).read_bytes()).decode()


def as_html(caption: str | Path) -> Markup:
    """A caption of report/ (reStructuredText) as HTML."""
    text = Path(caption).read_text(encoding="utf-8")
    settings = {"halt_level": 2, "raw_enabled": False, "file_insertion_enabled": False}
    return Markup(publish_parts(text, writer="html5", settings_overrides=settings)["body"])
