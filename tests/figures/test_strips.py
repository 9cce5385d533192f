import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from deepprune.figures.strips import HEIGHT, draw_strip

VALUES = np.arange(101) / 100


def test_a_box_with_whiskers_and_what_is_beyond() -> None:
    ax = Figure().subplots()
    draw_strip(ax, 3, VALUES, "#0072B2", points=False, beyond=True)
    (box,) = ax.patches
    assert isinstance(box, Rectangle)
    assert [box.get_x(), box.get_width(), box.get_y(), box.get_height()] == pytest.approx(
        [0.25, 0.5, 3 - HEIGHT / 2, HEIGHT]
    )
    whiskers, median = (line for line in ax.collections if isinstance(line, LineCollection))
    assert whiskers.get_segments()[0].tolist() == [[0.05, 3], [0.95, 3]]
    assert median.get_segments()[0][:, 0].tolist() == [0.5, 0.5]
    (beyond,) = ax.get_lines()
    assert np.asarray(beyond.get_xdata()).tolist() == pytest.approx([*VALUES[:5], *VALUES[96:]])


def test_points_in_place_of_whiskers() -> None:
    ax = Figure().subplots()
    draw_strip(ax, 0, VALUES, "#0072B2", points=True, beyond=True)
    (points,) = ax.get_lines()
    heights = np.asarray(points.get_ydata())
    assert np.asarray(points.get_xdata()).tolist() == VALUES.tolist()
    assert np.abs(heights).max() < HEIGHT / 2 and len(set(heights.round(6))) == 101
    assert len(ax.collections) == 1 and len(ax.patches) == 1


@pytest.mark.parametrize(("points", "drawn"), [(True, 1), (False, 0)])
def test_a_single_value_has_no_box(points: bool, drawn: int) -> None:
    ax = Figure().subplots()
    draw_strip(ax, 0, np.array([0.5]), "#0072B2", points)
    assert not ax.patches and not ax.collections and len(ax.get_lines()) == drawn
