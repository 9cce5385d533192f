"""The pages of studies: templates that show claims with their verdicts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepprune import __version__
from deepprune.report.captions import captions
from deepprune.report.html import write_html

TEMPLATES = Path(__file__).with_name("templates")


def write_study_page(template: Path, path: str | Path, caption_files: Sequence[str | Path], **values: Any) -> None:
    """Fill a template, which may import those in TEMPLATES, and write the page.

    The template gets the values, `version` and `captions`, those of the files by their names.
    """
    page = {"version": __version__, "captions": captions(caption_files)} | values
    write_html(template, path, folders=[TEMPLATES], **page)
