"""Time and memory of jobs, by rule and against the size of data sets."""

import textwrap
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator

from deepprune.figures.style import LOOKS, RED, bare, own_style

# Columns of the table with their axis labels; growth is drawn in processor time, which other jobs do not change.
BY_RULE = {"seconds": "time of a job", "memory_mb": "memory of a job, MB"}
BY_SIZE = {"cpu_seconds": ("processor time, s", "s"), "memory_mb": ("memory, MB", "MB")}
# Rules whose jobs grow with the data set, by their panel
GROWING = {"preparation": ("dataset", "simulate", "implant", "bin_peaks", "take_classes"), "training": ("train",)}
KINDS = {"real": (LOOKS["deepprune"].colour, "o"), "simulated": (RED, "^")}
TIMES = {1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3600: "1 h", 36000: "10 h", 345600: "4 days"}
# The smallest maximum of an axis of growth, in its units
LEAST = 0.1
# Dots of more jobs than this are small and transparent.
MANY = 60


@own_style()
def resources_figure(table: pd.DataFrame) -> Figure:
    """Draw a dot for each job of each rule, largest total on top; below, preparation and training against size.

    table: see `jobs.resources`. Lines are drawn and labelled if `growth` finds them. Below is nothing for one data set.
    """
    totals = table.groupby("rule")["seconds"].agg(["sum", "size"]).sort_values("sum", ascending=False)
    rules = list(totals.index)
    heights = [0.7 + 0.24 * len(rules)]
    if table["name"][table["sequences"].notna()].nunique() > 1:
        heights.append(2.7 * len(GROWING))
    figure = Figure(figsize=(9, sum(heights)), layout="constrained")
    # Each half has its own layout: the names of rules take no room from the panels below.
    above, *below = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    axes = above.subplots(1, 2, sharey=True)
    for ax, (column, title) in zip(axes, BY_RULE.items(), strict=True):
        draw_rules(ax, [table.loc[table["rule"] == rule, column] for rule in rules])
        ax.set_xlabel(title, fontsize=9)
    _time_axis(axes[0])
    axes[1].set_xlim(0, None)
    texts = [f"{rule} ({_jobs(count)}{duration(total)})" for rule, total, count in totals.itertuples()]
    axes[0].set_yticks(range(len(rules)), labels=texts)
    for part in below:
        _draw_stages(part, table)
    return figure


def _draw_stages(part: SubFigure, table: pd.DataFrame) -> None:
    """Draw preparation and training against size."""
    panels = part.subplots(len(GROWING), 2)
    for row, (stage, names) in zip(panels, GROWING.items(), strict=True):
        jobs = table[table["rule"].isin(names)]
        for ax, (column, (title, unit)) in zip(row, BY_SIZE.items(), strict=True):
            draw_growth(ax, jobs, column, unit)
            ax.set_ylabel(f"{stage}: {title}", fontsize=9)
    part.align_ylabels()


def draw_rules(ax: Axes, values: list[pd.Series]) -> None:
    """Draw a row for each rule from the top: a dot for each job, a bar at the median of several."""
    for place, jobs in enumerate(values):
        known = jobs.dropna()
        size, alpha = (7, 0.6) if len(known) <= MANY else (3, 0.15)
        colour = LOOKS["deepprune"].colour
        ax.plot(known, [place] * len(known), ".", color=colour, markersize=size, alpha=alpha, markeredgewidth=0)
        if len(known) > 1:
            ax.plot(known.median(), place, "|", color="black", markersize=9, markeredgewidth=1.4)
    ax.set_ylim(len(values) - 0.4, -0.6)
    bare(ax, grid="x")


def draw_growth(ax: Axes, jobs: pd.DataFrame, column: str, unit: str) -> None:
    """Draw a dot for each job at its number of sequences, real and simulated sets apart, and a line for each group."""
    simulated = jobs["format"].isin(["simulated", "multitask_simulated"])
    drawn = False
    for (kind, (colour, marker)), chosen in zip(KINDS.items(), (~simulated, simulated), strict=True):
        rows = jobs[chosen].dropna(subset=[column])
        if rows.empty:
            continue
        thousands = rows["sequences"].astype(float) / 1000
        size, alpha = (4.5, 0.7) if len(rows) <= MANY else (3, 0.25)
        style: Any = {"color": colour, "marker": marker, "markersize": size, "markeredgewidth": 0}
        (dots,) = ax.plot(thousands, rows[column], alpha=alpha, linestyle="", **style)
        line = growth(rows["sequences"], rows[column])
        lengths = "/".join(f"{length:,}" for length in sorted(rows["length"].unique())[:3])
        note = f"{kind}, {lengths} bp"
        if line:
            ends = [0.0, float(thousands.max())]
            ax.plot(ends, [line.base + line.slope * end for end in ends], color=colour, linewidth=1.2)
            note += f": {number(line.base)} {unit}, and {number(line.slope)} {unit} per 1,000 sequences"
        dots.set_label(textwrap.fill(note, 58))
        drawn = True
    if drawn:
        # Room above the maximum; the axis begins at zero to show growth and ends above it, even without any time.
        ax.set_xlim(0, 1.06 * ax.dataLim.x1)
        ax.set_ylim(0, 1.08 * max(ax.dataLim.y1, LEAST))
        place: Any = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0}
        ax.legend(**place, frameon=False, fontsize=7.5, handletextpad=0.2)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set_xlabel("thousands of sequences", fontsize=9)
    bare(ax)


def duration(seconds: float) -> str:
    """Return a rounded time with its unit: `8 s`, `12 min`, `3.4 h`."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def number(value: float) -> str:
    """Return a measured number with two significant digits, or all digits before the point if these are more."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _jobs(count: int) -> str:
    return f"{count:,} jobs, " if count > 1 else ""


def _time_axis(ax: Axes) -> None:
    """Make an axis of seconds logarithmic, with labels at round times."""
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(list(TIMES)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: TIMES.get(value, "")))


# A line needs this many sizes, and this ratio between the largest and the smallest.
SIZES, SPREAD = 3, 1.5


class Line(NamedTuple):
    """A straight line: its value at zero sequences, and its increase per 1,000 sequences."""

    base: float
    slope: float


def growth(sequences: pd.Series, values: pd.Series) -> Line | None:
    """Return the least-squares line through values against thousands of sequences.

    None if there are fewer than three sizes, or if they differ by less than half: the slope is then unreliable.
    """
    known = values.notna()
    thousands = sequences[known].to_numpy(float) / 1000
    if len(np.unique(thousands)) < SIZES or thousands.max() < SPREAD * thousands.min():
        return None
    slope, base = np.polyfit(thousands, values[known].to_numpy(float), 1)
    return Line(float(base), float(slope))
