import ast
import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from rooms import PACKAGE

from deepprune.evaluation.labels import METHOD_ORDER
from deepprune.figures.style import (
    LOOKS,
    distinctive,
    lighter,
    looks_of,
    own_style,
    save_figure,
    sentence_figure,
    shortened,
    text_inches,
    wrapped,
)


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


def test_a_long_name_breaks_into_lines_of_one_length() -> None:
    lines = wrapped("wgEncodeAwgTfbs_" * 5, 2).split("\n")  # 80 letters in lines of 32 at most
    assert "".join(lines) == "wgEncodeAwgTfbs_" * 5 and sorted(map(len, lines)) == [26, 27, 27]
    assert wrapped("", 2) == "" and wrapped("short", 2) == "short"


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


PROGRAM = """
import sys
import pandas as pd
from deepprune.figures.datasets import datasets_figure
from deepprune.figures.style import save_figure
table = pd.DataFrame({"dataset": ["a_1", "$b"], "positives": [100, 200], "gc_positives": 0.5, "gc_negatives": 0.4})
save_figure(datasets_figure(table), sys.argv[1])
"""
HOSTILE = (
    "text.usetex: True\nfont.family: cursive\nfont.size: 30\naxes.facecolor: red\nlines.linewidth: 9\nbackend: tkagg\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png"])
def test_figures_do_not_depend_on_the_settings_of_the_user(tmp_path: Path, form: str) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    (tmp_path / "plain").mkdir()
    plain = {name: value for name, value in os.environ.items() if name not in ("MPLBACKEND", "MATPLOTLIBRC")}
    for folder, further in ((tmp_path, {"MPLBACKEND": "module://nowhere"}), (tmp_path / "plain", {})):
        command = [sys.executable, "-c", PROGRAM, f"figure.{form}"]
        subprocess.run(command, cwd=folder, env=plain | further, check=True)
    assert (tmp_path / f"figure.{form}").read_bytes() == (tmp_path / "plain" / f"figure.{form}").read_bytes()


def test_every_function_that_makes_a_figure_has_the_own_style() -> None:
    makers, found = {"Figure", "panels", "logo_grid"}, 0
    for path in [*(PACKAGE / "figures").glob("*.py"), *(PACKAGE / "studies").rglob("*.py")]:
        for function in [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]:
            called = {
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            if called & makers and function.name not in makers:
                assert [ast.unparse(one) for one in function.decorator_list] == ["own_style()"], (path, function.name)
                found += 1
    assert found > 10


def test_own_style_leaves_the_settings_as_they_were() -> None:
    with mpl.rc_context({"font.size": 33}):
        with own_style():
            assert mpl.rcParams["font.size"] == mpl.rcParamsDefault["font.size"]
        assert mpl.rcParams["font.size"] == 33


def test_a_text_is_shortened_to_fit() -> None:
    assert shortened("abcdefgh", 9, 8) == "abcdefgh"
    for letter in "iW":
        text = "a" + letter * 200 + "z"
        short = shortened(text, 2, 8)
        assert short[0] == "a" and short[-1] == "z" and short.count("…") == 1
        longer = short.replace("…", letter + "…")
        assert text_inches(short, 8) <= 2 < text_inches(longer, 8)
    assert shortened("abc", 0, 8) == "…"


def test_distinctive_names_leave_out_whole_words() -> None:
    names = ["wgEncodeAwgTfbsUtaK562CtcfUniPk", "wgEncodeAwgTfbsUchicagoK562Egata2UniPk"]
    assert distinctive(names) == (["UtaK562Ctcf", "UchicagoK562Egata2"], ("wgEncodeAwgTfbs", "UniPk"))
    assert distinctive(["CTCF_K562", "CTCF_GM12878"]) == (["K562", "GM12878"], ("CTCF_", ""))
    assert distinctive(["peaks 1", "peaks 2"]) == (["1", "2"], ("peaks ", ""))
    assert distinctive(["a_1_b", "a_1_b_c", ""]) == (["a_1_b", "a_1_b_c", ""], ("", ""))
    assert distinctive(["myPeaks"]) == (["Peaks"], ("my", ""))


@given(st.lists(st.text("aB1_", min_size=1, max_size=9), min_size=1, max_size=4))
def test_distinctive_names_with_their_ends_are_the_names(names: list[str]) -> None:
    short, (first, last) = distinctive(names)
    assert [first + name + last for name in short] == names and all(short)
