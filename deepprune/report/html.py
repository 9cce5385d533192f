"""HTML files with embedded figures and captions."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from docutils.core import publish_parts
from markupsafe import Markup

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


def captions(files: Sequence[str | Path]) -> dict[str, Markup]:
    """Return captions of report/ by name."""
    return {Path(caption).stem: as_html(caption) for caption in files}


def as_html(caption: str | Path) -> Markup:
    """Return a caption of report/ (reStructuredText) as HTML."""
    text = Path(caption).read_text(encoding="utf-8")
    settings = {"halt_level": 2, "raw_enabled": False, "file_insertion_enabled": False}
    return Markup(publish_parts(text, writer="html5", settings_overrides=settings)["body"])
