import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from deepprune.figures.names import Point, name_points

POINTS = [(0.1, 0.5), (0.12, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.51), (0.97, 0.9)]


def named(points: list[Point]) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return the names that were written with their extents in pixels: left, bottom, right, top."""
    figure = Figure(figsize=(5, 4))
    ax = figure.subplots()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    name_points(figure, ax, points)
    figure.draw_without_rendering()
    texts = [child for child in ax.get_children() if isinstance(child, Annotation)]
    return [(text.get_text(), tuple(text.get_window_extent().extents)) for text in texts]


def test_names_of_near_and_equal_points_do_not_overlap() -> None:
    found = named([Point(x, y, f"network{place}", "#000000") for place, (x, y) in enumerate(POINTS)])
    assert [name for name, _ in found] == [f"network{place}" for place in range(len(POINTS))]
    boxes = [np.array(box) for _, box in found]
    # The extent of an annotation holds its line too: only those without one are compared.
    near = [box for box in boxes if box[3] - box[1] < 20]
    assert len(near) >= 3
    for place, one in enumerate(near):
        for other in near[:place]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_a_name_does_not_cover_the_other_point_of_its_own() -> None:
    figure = Figure(figsize=(5, 4))
    ax = figure.subplots()
    ax.set_xlim(0, 1)
    name_points(figure, ax, [Point(0.4, 0.5, "name", "#000000", end=0.5)])
    (text,) = (child for child in ax.get_children() if isinstance(child, Annotation))
    figure.draw_without_rendering()
    left, _, right, _ = text.get_window_extent().extents
    end = ax.transData.transform((0.5, 0.5))[0]
    assert not left < end < right


def test_long_names_are_shortened() -> None:
    ((name, _),) = named([Point(0.5, 0.5, "a" * 200, "#000000")])
    assert len(name) < 50 and name.startswith("aaa")


def test_names_stay_inside_the_axes() -> None:
    ((_, (_, _, right, _)),) = named([Point(0.99, 0.5, "a long enough name", "#000000")])
    assert right <= 5 * 100 * 0.9 + 1  # of 500 pixels, the axes end at nine tenths


def test_nothing_to_name() -> None:
    assert named([]) == []


@pytest.mark.parametrize("colour", ["#D55E00", "#000000"])
def test_names_have_the_colours_of_their_points(colour: str) -> None:
    figure = Figure()
    ax = figure.subplots()
    name_points(figure, ax, [Point(0.5, 0.5, "name", colour)])
    assert [text.get_color() for text in ax.get_children() if isinstance(text, Annotation)] == [colour]
