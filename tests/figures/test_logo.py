import pathlib
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from deepprune.figures.logo import (
    BASE_COLOURS,
    BASE_WIDTH,
    aligned_strip,
    draw_logo,
    logo_figure,
    motif_logo,
    motif_logos,
    motif_strip,
    reverse_matches,
)
from deepprune.figures.style import save_figure
from deepprune.io.motif import Motif

MATRIX = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]])


def panels(figure: Figure) -> list:
    return [ax for ax in figure.axes if ax.axison]


def letters(ax: Axes) -> list[Bbox]:
    """Return the extent of each letter and of each hole in one."""
    outlines = [outline for patch in ax.patches for outline in patch.get_path().to_polygons(closed_only=False)]
    return [Path(outline).get_extents() for outline in outlines]


def test_logo_axis_and_heights() -> None:
    ax = Figure().subplots()
    draw_logo(ax, MATRIX)
    assert ax.get_ylim() == (0, 2)
    assert ax.get_ylabel() == "bits"
    tops = {0: 0.0, 1: 0.0, 2: 0.0}  # a position without information has no letters
    for letter in letters(ax):
        position = round((letter.x0 + letter.x1) / 2)
        tops[position] = max(tops[position], letter.y1)
    assert list(tops.values()) == pytest.approx([2, 1, 0], abs=1e-6)


def test_the_highest_letter_is_on_top() -> None:
    ax = Figure().subplots()
    draw_logo(ax, np.array([[0.6, 0.1, 0.3, 0]]))
    shares = np.array([0.6, 0.1, 0.3])
    bits = 2 + (shares * np.log2(shares)).sum()
    colours = {to_hex(patch.get_facecolor()).upper(): patch.get_path().get_extents() for patch in ax.patches}
    drawn = [(*colours[BASE_COLOURS[base]].intervalx, *colours[BASE_COLOURS[base]].intervaly / bits) for base in "CGA"]
    assert np.array(drawn) == pytest.approx(
        np.array([(-0.475, 0.475, low, high) for low, high in ((0, 0.1), (0.1, 0.4), (0.4, 1))]), abs=1e-6
    )


def test_logo_figure_has_a_panel_for_each_motif() -> None:
    figure = logo_figure([(MATRIX, "V$ONE, $5"), (MATRIX[:2], "two"), (MATRIX, "three")], columns=2)
    assert [ax.get_title(loc="left") for ax in panels(figure)] == ["V$ONE, $5", "two", "three"]
    assert {ax.get_xlim() for ax in panels(figure)} == {(-0.5, 9.5)}  # one scale, room for ten bases
    with pytest.raises(ValueError, match="one logo or more"):
        logo_figure([])


@pytest.mark.parametrize("width", [1, 6, 30])
@pytest.mark.parametrize("alt", ["", "a second name of so many letters that it is wider than the logo, with $ and $"])
def test_motif_logo_has_room_for_bases_and_caption(width: int, alt: str) -> None:
    motif = Motif("MA0001.1", alt, np.full((width, 4), [0.7, 0.1, 0.1, 0.1]), 57)
    figure = motif_logo(motif, reverse_complement=True)
    figure.draw_without_rendering()
    forward, backward = figure.axes
    assert forward.get_title(loc="left") == "  ".join(filter(None, ["MA0001.1", alt, "57 sites"]))
    assert backward.get_title(loc="left") == "reverse complement"
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert 0 <= box.x0 < box.x1 <= figure.bbox.width
        assert 0 <= box.y0 < box.y1 <= figure.bbox.height
        low, high = ax.get_xlim()
        assert ax.bbox.width / (high - low) / figure.dpi == pytest.approx(BASE_WIDTH)
    assert not forward.get_tightbbox().overlaps(backward.get_tightbbox())
    assert len(motif_logo(motif).axes) == 1


def test_motif_logo_turns_the_reverse_complement() -> None:
    figure = motif_logo(Motif("m", "", np.array([[1, 0, 0, 0], [0.25] * 4]), 1), reverse_complement=True)
    boxes = [letters(ax) for ax in figure.axes]
    places = [{round((box.x0 + box.x1) / 2) for box in drawn if box.height > 1} for drawn in boxes]
    assert figure.axes[0].get_title(loc="left") == "m  1 site"
    assert places == [{0}, {1}]


@pytest.mark.filterwarnings("error")
def test_motif_without_information_has_an_empty_logo() -> None:
    (ax,) = motif_logo(Motif("flat", "", np.full((6, 4), 0.25), 9)).axes
    assert ax.get_ylim() == (0, 2)


def test_motif_logos_name_weight_and_sites() -> None:
    motifs = [Motif(f"seed0_kernel{i}", "weight=+1.5", np.full((6, 4), 0.25), 40 + i) for i in range(3)]
    titles = [ax.get_title(loc="left") for ax in motif_logos(motifs).axes]
    assert titles[:3] == [f"seed0_kernel{i}  weight=+1.5  {40 + i} sites" for i in range(3)]


def test_motif_logos_of_nothing_say_so() -> None:
    (text,) = motif_logos([]).texts
    assert "no kernel" in text.get_text()


def test_motifs_that_match_the_other_strand_are_drawn_turned_too() -> None:
    motifs = [Motif(name, "", MATRIX, 20) for name in ("a", "b")]
    figure = motif_logos(motifs, {"b": "CTCF"})
    titles = {ax.get_title(loc="left"): ax.get_subplotspec().rowspan.start for ax in panels(figure)}
    assert titles == {"a  20 sites": 0, "b  20 sites": 1, "b  reverse complement, as CTCF": 1}


def test_only_the_best_match_tells_the_strand() -> None:
    rows = [("a", "MA1", "CTCF", 0.2, "-"), ("a", "MA2", "SP1", 0.1, "+"), ("b", "MA3", None, 0.1, "-")]
    table = pd.DataFrame(rows, columns=["Query_ID", "Target_ID", "Target_name", "p-value", "Orientation"])
    assert reverse_matches(table) == {"b": "MA3"}


def test_a_strip_is_as_wide_as_its_motif() -> None:
    assert motif_strip(Motif("a", "", np.full((10, 4), 0.25), 20)).get_size_inches().tolist() == [1.3, 0.6]


@pytest.mark.parametrize(("offset", "width", "places"), [(2, 6, (0, 2)), (-3, 8, (3, 0)), (0, 5, (0, 0))])
def test_aligned_logos_share_their_positions(offset, width, places):
    known, motif = (Motif(name, "", np.eye(4)[[0] * own], 9) for name, own in (("known", 5), ("motif", 4)))
    figure = aligned_strip(known, motif, offset)
    below, above = figure.axes
    assert figure.get_size_inches()[0] == pytest.approx(0.13 * width)
    # A letter of position 0 lies at 0 of its own axis, hence at its place from the left edge.
    for ax, place in ((above, places[0]), (below, places[1])):
        low, high = ax.get_xlim()
        assert high - low == width and -0.5 - low == place
    assert above.get_position().y0 > below.get_position().y1


@pytest.mark.parametrize(
    "name",
    ["$x_1$", "$\\frac{$", "-->", "--", "]]>", "<script>alert(1)</script>", "&lt;", "'\"", "{x}", "-rf", "W" * 500],
)
def test_a_name_is_drawn_letter_by_letter_and_adds_no_element(tmp_path: pathlib.Path, name: str) -> None:
    counts = []
    for given in (name, "plain"):
        figure = motif_logo(Motif(given, "", MATRIX, 20))
        for suffix in ("svg", "png"):
            save_figure(figure, tmp_path / f"logo.{suffix}")
        tree = ElementTree.parse(tmp_path / "logo.svg")
        counts.append(Counter(element.tag.rpartition("}")[2] for element in tree.iter()))
    drawn, plain = counts
    assert drawn["use"] - plain["use"] == len(name) - len("plain")  # a glyph a letter: as mathematics it would be fewer
    assert set(drawn) == set(plain)
