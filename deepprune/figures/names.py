"""Names beside points, where they cover nothing."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.figures.style import shortened, text_inches

NAME_INCHES = 1.6  # the longest name that is not shortened
LETTERS = 8  # size of the names' font, in points


class Point(NamedTuple):
    """A point with its name, in data units. end: the x of another point that is its, at the same height, if any."""

    x: float
    y: float
    name: str
    colour: str
    end: float | None = None


Box = tuple[float, float, float, float]  # left, bottom, right, top


def name_points(figure: Figure, ax: Axes, points: Sequence[Point]) -> None:
    """Write the names of points that were drawn: at the first place, nearest first, that covers nothing."""
    if not points:
        return
    figure.draw_without_rendering()  # places are known after the layout
    to_points = 72 / figure.dpi
    at, others = (
        ax.transData.transform([(x, point.y) for x, point in zip(xs, points, strict=True)]) * to_points
        for xs in ([point.x for point in points], [point.x if point.end is None else point.end for point in points])
    )
    window = np.array(ax.get_window_extent().extents) * to_points
    # the two points of a network and the line between them
    taken = [(min(x, end) - 3, y - 3, max(x, end) + 3, y + 3) for (x, y), end in zip(at, others[:, 0], strict=True)]
    for point, (x, y) in zip(points, at, strict=True):
        text = shortened(point.name, NAME_INCHES, LETTERS)
        boxes = _boxes(x, y, 75 * text_inches(text, LETTERS))  # screens draw letters a little wider
        inside = [box for box in boxes if (np.sign(np.subtract(box, window)) == (1, 1, -1, -1)).all()]
        free = (
            box for box in inside if not any(_meet(one, other) for one in (box, *_line(x, y, box)) for other in taken)
        )
        box = next(free, boxes[0])
        line: Any = {}
        if steps := _line(x, y, box):
            line = {"arrowprops": {"arrowstyle": "-", "color": "#999999", "lw": 0.5, "shrinkA": 0, "shrinkB": 3}}
        taken += [box, *steps]
        offset = (box[0] - x, (box[1] + box[3]) / 2 - y)
        ax.annotate(
            text, (point.x, point.y), offset, textcoords="offset points", va="center", size=LETTERS,
            color=point.colour, parse_math=False, **line,
        )  # fmt: skip


def _boxes(x: float, y: float, width: float) -> list[Box]:
    """Return places of a label, nearest first, in points."""
    half = 0.6 * LETTERS
    starts = [(x + 5, y), (x - 5 - width, y)]
    for step in range(1, 12):
        for sign in (1, -1):
            starts += [(x + shift, y + sign * 9 * step) for shift in (5, -width / 2, -5 - width)]
    return [(left, middle - half, left + width, middle + half) for left, middle in starts]


def _line(x: float, y: float, box: Box) -> list[Box]:
    """Return small boxes along the line from a point to its label; none if the label is near."""
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    if abs(middle[1] - y) <= 12:
        return []
    share = 1 - 0.6 * LETTERS / abs(middle[1] - y)  # of the line that is outside the label
    steps = np.array([x, y]) + np.linspace(0.3, share, 5)[:, None] * (middle - (x, y))
    return [(float(left) - 1, float(low) - 1, float(left) + 1, float(low) + 1) for left, low in steps]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
