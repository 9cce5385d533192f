"""HTML files with embedded figures."""

import base64
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from matplotlib.figure import Figure

from deepprune.figures.style import save_figure
from deepprune.io.files import write_atomic
from deepprune.report.numbers import between, fixed, p_text, signed

TEMPLATES = Path(__file__).with_name("templates")


def write_html(template: Path, path: str | Path, *, folders: Sequence[Path] = (), **values: Any) -> None:
    """Fill a template and write the page; all text is escaped.

    The template may extend and import those beside it, in the folders and in TEMPLATES.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([template.parent, *folders, TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {"p": p_text, "fixed": fixed, "signed": signed}
    environment.globals["between"] = between
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
