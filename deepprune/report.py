"""The report: a front page of all data sets, each page one HTML file that holds its figures and tables."""

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
from deepprune.study import by_label, criteria_of, seeds_text


def write_front_page(
    inputs: Any, sheet: Sequence[Mapping[str, str]], config: Mapping[str, Any], path: str | Path, replication: str = ""
) -> None:
    """Write the front page of a study.

    inputs: named files: tables auc and rates; figures overview, sizes and resources; template; captions.
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
        inputs["template"],
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


def write_html(template: str | Path, path: str | Path, **values: Any) -> None:
    """Fill a template of report/, where its base lies too; all text is escaped."""
    template = Path(template)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    page = environment.get_template(template.name).render(**values)
    with write_atomic(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def auroc_by_kernels(auc: pd.DataFrame, criteria: Sequence[str] = ()) -> dict[str, dict[int, float]]:
    """Mean AUROC over seeds of one data set, by kind of network (`study.by_label`) and number of kernels."""
    kinds = by_label(auc, criteria)
    means = {label: rows.groupby("kernels")["auroc"].mean() for label, rows in kinds.items()}
    return {label: dict(zip(map(int, mean.index), mean, strict=True)) for label, mean in means.items()}


def embedded(figure: str | Path) -> str:
    """An SVG or PNG file as the address of an image, so that the page holds it."""
    kind = {".svg": "svg+xml", ".png": "png"}[Path(figure).suffix]
    return f"data:image/{kind};base64," + base64.b64encode(Path(figure).read_bytes()).decode()


def captions(files: Sequence[str | Path]) -> dict[str, Markup]:
    """Captions of report/ by their names."""
    return {Path(caption).stem: as_html(caption) for caption in files}


def as_html(caption: str | Path) -> Markup:
    """A caption of report/ (reStructuredText) as HTML."""
    text = Path(caption).read_text(encoding="utf-8")
    settings = {"halt_level": 2, "raw_enabled": False, "file_insertion_enabled": False}
    return Markup(publish_parts(text, writer="html5", settings_overrides=settings)["body"])
