"""HTML files with embedded figures and captions."""

import base64
import re
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import jinja2
from docutils.core import publish_parts
from markupsafe import Markup
from matplotlib.figure import Figure

from deepprune.figures.style import LOOKS, save_figure
from deepprune.io.files import write_atomic

TEMPLATES = Path(__file__).with_name("templates")


def write_html(template: Path, path: str | Path, **values: Any) -> None:
    """Fill a template, which may extend those in TEMPLATES, and write the page; all text is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([template.parent, TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    page = environment.get_template(template.name).render(**values)
    with write_atomic(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def embedded(figure: str | Path) -> str:
    """Return an SVG or PNG file as a data URI, so that the page contains it."""
    kind = {".svg": "svg+xml", ".png": "png"}[Path(figure).suffix]
    return f"data:image/{kind};base64," + base64.b64encode(Path(figure).read_bytes()).decode()


def embedded_figure(figure: Figure) -> str:
    """Return a figure as a data URI of a PNG file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.png"
        save_figure(figure, path)
        return embedded(path)


def captions(files: Sequence[str | Path], labels: Collection[str] = LOOKS) -> dict[str, Markup]:
    """Return captions of report/ by name, without sentences on kinds of networks that are not among the labels."""
    absent = [method for method in LOOKS if method not in labels]
    return {Path(caption).stem: as_html(caption, absent) for caption in files}


def as_html(caption: str | Path, absent: Collection[str] = ()) -> Markup:
    """Return a caption of report/ (reStructuredText) as HTML; absent: methods whose sentences are left out.

    Such a sentence begins with the method and a colon, as in `*inter*: pruned, not yet fine-tuned.`
    """
    text = Path(caption).read_text(encoding="utf-8")
    for method in absent:
        text = re.sub(rf"\*{method}\*: [^.]*\.\s?", "", text)
    settings = {"halt_level": 2, "raw_enabled": False, "file_insertion_enabled": False}
    return Markup(publish_parts(text, writer="html5", settings_overrides=settings)["body"])
