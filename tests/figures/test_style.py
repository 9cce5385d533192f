from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from deepprune.evaluation.labels import METHOD_ORDER
from deepprune.figures.style import LOOKS, lighter, looks_of, save_figure, sentence_figure, wrapped


def test_every_method_and_further_criterion_has_a_look_of_its_own() -> None:
    assert sorted(LOOKS) == sorted(METHOD_ORDER)
    looks = looks_of(["weight", "loss", "score"])
    assert list(looks)[:3] == ["deepprune", "deepprune (loss)", "deepprune (score)"]
    assert looks["deepprune"].meaning == "by weight, fine-tuned"
    assert len({look.colour for look in looks.values()}) >= len(looks)


def test_a_lighter_colour_by_hand() -> None:
    assert (lighter("#000000"), lighter("#FFFFFF"), lighter("#0072B2")) == ("#C0C0C0", "#FFFFFF", "#C0DCEC")


@pytest.mark.parametrize("inches", [2.0, 5.6])
def test_wrapped_lines_fit(inches: float) -> None:
    text = "means over 18 seeds; bands and dots: range and values of deepprune"
    lines = wrapped(text, inches).split("\n")
    assert max(map(len, lines)) <= 16 * inches and " ".join(lines) == text


def drawing() -> Figure:
    """Return a figure with a line and a sentence."""
    figure = sentence_figure("Nothing is left to draw.")
    figure.subplots().plot([0, 1], [0.5, 1])
    return figure


def test_saved_svg_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        save_figure(drawing(), tmp_path / name)
    first = (tmp_path / "one.svg").read_bytes()
    assert first == (tmp_path / "two.svg").read_bytes()
    assert b"<dc:date>" not in first
    assert b"<text" not in first  # letters are paths, so that no font is needed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.svg", "two.svg"]
    assert mpl.rcParams["svg.hashsalt"] is None  # the caller's settings stay


def test_saved_png(tmp_path: Path) -> None:
    save_figure(drawing(), tmp_path / "auc.png")
    assert (tmp_path / "auc.png").read_bytes().startswith(b"\x89PNG")
