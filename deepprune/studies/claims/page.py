"""The pages of studies: templates that show claims with their verdicts."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from deepprune import __version__
from deepprune.report.captions import SUBJECTS, captions
from deepprune.report.html import write_html

TEMPLATES = Path(__file__).with_name("templates")


def write_study_page(
    template: Path,
    path: str | Path,
    caption_files: Sequence[str | Path],
    absent: Collection[str] = (),
    **values: Any,
) -> None:
    """Fill a template, which may import those in TEMPLATES, and write the page.

    The template gets the values, `version` and `captions`, those of the files by their names, without sentences on
    what is absent, of captions.SUBJECTS.
    """
    page = {"version": __version__, "captions": captions(caption_files, {*SUBJECTS}.difference(absent))} | values
    write_html(template, path, folders=[TEMPLATES], **page)
