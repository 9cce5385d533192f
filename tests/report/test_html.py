import base64
from pathlib import Path

import jinja2
import pytest
from matplotlib.figure import Figure

from deepprune.report.html import as_html, captions, embedded, embedded_figure, write_html

REPORT = Path(__file__).parents[2] / "report"


def test_captions_become_html() -> None:
    assert "<em>baseline</em>" in as_html(REPORT / "auc.rst")
    assert list(captions([REPORT / "auc.rst", REPORT / "sites.rst"])) == ["auc", "sites"]


def test_captions_tell_only_of_what_was_run() -> None:
    whole = captions([REPORT / "auc.rst"])["auc"]
    assert "winning_ticket" in whole and "circular" in whole
    some = captions([REPORT / "auc.rst"], ["deepprune", "baseline", "deepprune (loss)"])["auc"]
    assert "winning_ticket" not in some and "circular" not in some and "inter" not in some and "baseline" in some
    assert some.count(".") == whole.count(".") - 3 and "Lines join the means" in some


def test_figures_become_addresses(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"png")
    assert embedded(tmp_path / "a.png") == "data:image/png;base64,cG5n"


def test_drawn_figures_become_addresses() -> None:
    address = embedded_figure(Figure(figsize=(0.1, 0.1)))
    assert base64.b64decode(address.removeprefix("data:image/png;base64,"))[:8] == b"\x89PNG\r\n\x1a\n"


def test_text_is_escaped_and_a_missing_value_is_a_mistake(tmp_path: Path) -> None:
    template = tmp_path / "page.html.j2"
    template.write_text('{% extends "base.html.j2" %}{% block content %}{{ name }}{% endblock %}')
    write_html(template, tmp_path / "page.html", name="<b>")
    assert "&lt;b&gt;" in (tmp_path / "page.html").read_text()
    with pytest.raises(jinja2.UndefinedError):
        write_html(template, tmp_path / "other.html")
    assert not (tmp_path / "other.html").exists()
