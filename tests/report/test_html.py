import base64
from pathlib import Path

import jinja2
import pytest
from matplotlib.figure import Figure

from deepprune.report.html import embedded, embedded_figure, write_html


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


def test_templates_write_numbers_in_one_way(tmp_path: Path) -> None:
    template = tmp_path / "page.html.j2"
    template.write_text("{{ 1.0 | p }} {{ -0.001 | fixed(2) }} {{ 0.5 | signed(1) }} {{ between(0.25, 1, 2) }}")
    write_html(template, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == "1 0.00 +0.5 0.25 to 1.00"
