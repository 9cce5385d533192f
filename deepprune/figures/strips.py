"""Strips: the distribution of values in a row, as a box with points or whiskers."""

import numpy as np
from matplotlib.axes import Axes

from deepprune.figures.style import BLACK, lighter

WHISKERS = (0.05, 0.95)  # quantiles
HEIGHT = 0.62  # of a box; rows are 1 apart


def draw_strip(ax: Axes, place: float, values: np.ndarray, colour: str, points: bool, beyond: bool = False) -> None:
    """Draw the box of values, float (n,), from quartile to quartile with the median, and all values as points.

    place: of the row.  points: whether there are points; otherwise whiskers stand in place of them.  beyond: whether
    values beyond the whiskers are points, too.
    """
    if len(values) > 1:
        least, low, median, high, most = np.quantile(values, [WHISKERS[0], 0.25, 0.5, 0.75, WHISKERS[1]])
        if not points:
            ax.hlines(place, least, most, color=colour, linewidth=1)
        ax.barh(place, high - low, HEIGHT, low, facecolor=lighter(colour), edgecolor=colour, linewidth=0.9, zorder=2)
        ax.vlines(median, place - HEIGHT / 2, place + HEIGHT / 2, color=BLACK, linewidth=1.8, zorder=5)
        if beyond and not points:
            outside = values[(values < least) | (values > most)]
            ax.plot(outside, np.full(len(outside), place), ".", color=colour, ms=2, mew=0, zorder=1)
    if points:
        # Multiples of the golden section fill the height of the box evenly, and the first is in its middle.
        jitter = (0.618034 * np.arange(len(values)) + 0.5) % 1 - 0.5
        size = 3.2 if len(values) > 12 else 4.5
        ax.plot(values, place + 0.46 * jitter, "o", color=colour, ms=size, mew=0.4, mec="#FFFFFF", zorder=4)
