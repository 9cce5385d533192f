"""AUROC of each network over data sets, against the size of data sets, and against the time of training."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator

from deepprune.evaluation.bootstrap import LEAST, interval
from deepprune.figures.names import LETTERS, NAME_INCHES, Point, name_points
from deepprune.figures.strips import draw_strip
from deepprune.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LOOKS,
    NAMED,
    ORANGE,
    PINK,
    RED,
    SKY,
    bare,
    limits,
    own_style,
    sentence_figure,
    shortened,
)
from deepprune.studies.zeng.values import REFERENCE

KINDS = {
    "convolutional network": GREY,
    "gkm-SVM": RED,
    "network of few kernels": LOOKS["deepprune"].colour,
}
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, RED, BLACK)
MARKERS = "osD^v"


def kind_of(network: str) -> str:
    """Return the kind of a network, of KINDS, by its name: `gkm-SVM`, `8 kernels`, any other is convolutional."""
    if network.startswith("gkm"):
        return "gkm-SVM"
    return "network of few kernels" if re.fullmatch(r"\d+ kernels?", network) else "convolutional network"


@own_style()
def distribution_figure(values: pd.DataFrame) -> Figure:
    """Draw the test AUROC of each network over data sets, its median in numbers, networks in order of appearance.

    values: columns dataset, network, auroc, one row for each data set and network, of one task. If there are more than
    NAMED data sets, whiskers stand in place of the points.
    """
    values = values.dropna(subset=["auroc"])
    networks = list(dict.fromkeys(values["network"]))
    if not networks:
        return sentence_figure("No network has an AUROC.")
    count = values["dataset"].nunique()
    figure = Figure(figsize=(7.2, 1.3 + 0.32 * len(networks)), layout="constrained")
    ax = figure.subplots()
    ax.use_sticky_edges = False  # points at the end of a box are drawn whole
    for place, network in enumerate(networks):
        own = values.loc[values["network"] == network, "auroc"].to_numpy(float)
        draw_strip(ax, place, own, KINDS[kind_of(network)], points=count <= NAMED)
        median = f"{np.median(own):.3f}" + (f" (n = {len(own)})" if len(own) < count else "")
        ax.annotate(median, (1, place), (6, 0), ("axes fraction", "data"), "offset points", va="center", size=LETTERS)
    if REFERENCE in networks:
        median_of_reference = values.loc[values["network"] == REFERENCE, "auroc"].median()
        ax.axvline(median_of_reference, color=BLACK, linewidth=0.7, zorder=0.9)
    ax.set_yticks(range(len(networks)), [shortened(name, NAME_INCHES, LETTERS) for name in networks], parse_math=False)
    ax.set_ylim(len(networks) - 0.4, -0.6)
    bare(ax, grid="x")
    if count > 1:
        ax.annotate("median", (1, 1), (6, 2), "axes fraction", "offset points", va="bottom", size=LETTERS)
    whiskers = ", whiskers from 5 % to 95 %" if count > NAMED else ""
    boxes = f" of {count} data sets; boxes are quartiles{whiskers}" if count > 1 else " of one data set"
    ax.set_xlabel(f"test AUROC{boxes}", fontsize=9)
    _kinds_legend(figure, networks)
    return figure


def _kinds_legend(figure: Figure, networks: Sequence[str]) -> None:
    kinds = [kind for kind in KINDS if kind in map(kind_of, networks)]
    handles = [Line2D([], [], color=KINDS[kind], marker="s", ls="none", ms=6, label=kind) for kind in kinds]
    if REFERENCE in networks:
        handles.append(Line2D([], [], color=BLACK, lw=0.7, label=f"median of {REFERENCE}"))
    if len(handles) > 1:
        figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=LETTERS)


class End(NamedTuple):
    """The end of a line: the place and the text of its label."""

    x: float
    y: float
    text: str
    colour: str


@own_style()
def sizes_figure(values: pd.DataFrame) -> Figure:
    """Draw each network's mean change of AUROC against the size of data sets, with 95 % bootstrap intervals.

    values: columns dataset, network, positives (to which the data set was reduced), change (AUROC minus that of 1layer
    at this size), one row for each data set, network and size.
    """
    values = values[values["network"] != REFERENCE].dropna(subset=["change"])
    networks = list(dict.fromkeys(values["network"]))
    if not networks:
        return sentence_figure(f"No network is compared with {REFERENCE}.")
    figure = Figure(figsize=(7.2, max(3.6, 1.2 + 0.21 * len(networks))), layout="constrained")
    ax = figure.subplots()
    ax.axhline(0, color=BLACK, linewidth=0.8)
    ax.set_xscale("log")
    ends = []
    for place, network in enumerate(networks):
        # Side by side, so that intervals do not cover each other
        shift = 1.02 ** (place - (len(networks) - 1) / 2)
        colour = COLOURS[place % len(COLOURS)]
        by_size = values[values["network"] == network].groupby("positives")["change"]
        means, intervals = by_size.mean(), np.array([interval(part.to_numpy(float)) for _, part in by_size])
        x = means.index.to_numpy(float) * shift
        ax.vlines(x, *intervals.T, color=colour, linewidth=0.9)
        marker = MARKERS[place // len(COLOURS) % len(MARKERS)]
        ax.plot(x, means, color=colour, marker=marker, markersize=4, linewidth=1.3, label=network)
        ends.append(End(x[-1], means.iloc[-1], network, colour))
    counts = values.groupby("positives")["dataset"].nunique()
    _sizes_axis(ax, counts)
    bars = "; bars are 95 % bootstrap intervals over data sets" if counts.max() >= LEAST else ""
    ax.set_xlabel(f"positives{bars}", fontsize=9)
    ax.set_ylabel(f"mean AUROC minus that of {REFERENCE}", fontsize=9)
    bare(ax)
    _label_ends(figure, ax, ends)
    return figure


def _sizes_axis(ax: Axes, counts: pd.Series) -> None:
    """Name each size, and the number of data sets that have it."""
    sets = [f"{count} data set{'s' if count > 1 else ''}" for count in counts]
    ax.set_xticks(list(counts.index), [f"{size:,}\n{text}" for size, text in zip(counts.index, sets, strict=True)])
    ax.minorticks_off()
    ax.set_xlim(counts.index.min() / 1.3, counts.index.max() * 1.3)


def _label_ends(figure: Figure, ax: Axes, ends: Sequence[End]) -> None:
    """Write names right of the axes, level with the ends of their lines or as near as other names allow."""
    figure.draw_without_rendering()  # heights are known after the layout
    low, high = ax.get_ylim()
    ax.set_ylim(low, high)
    gap = 1.3 * LETTERS / 72 / (ax.get_window_extent().height / figure.dpi)  # share of the axis for one label
    shares = spread([(end.y - low) / (high - low) for end in ends], gap)
    for end, share in zip(ends, shares, strict=True):
        options: Any = {"arrowprops": {"arrowstyle": "-", "color": end.colour, "lw": 0.5, "shrinkA": 0, "shrinkB": 3}}
        name = shortened(end.text, NAME_INCHES, LETTERS)
        ax.annotate(
            name, (end.x, end.y), (1.03, share), "data", "axes fraction", va="center", size=LETTERS, color=end.colour,
            parse_math=False, **options,
        )  # fmt: skip


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Return places from 0 to 1 in the same order, a gap or more apart, the sum of squared moves the least possible.

    Where 0 to 1 has no room for such gaps, they are equal and fill it.
    """
    gap = min(gap, 1 / max(1, len(places) - 1))
    order = np.argsort(places, kind="stable")
    # Less its rank's gaps, each place must be no lower than the one before: runs that are too near share their mean.
    runs: list[list[float]] = []
    for rank, index in enumerate(order):
        runs.append([places[index] - rank * gap])
        while len(runs) > 1 and np.mean(runs[-2]) > np.mean(runs[-1]):
            runs[-2:] = [runs[-2] + runs[-1]]
    highest = 1 - (len(places) - 1) * gap
    level = [min(max(float(np.mean(run)), 0.0), highest) for run in runs for _ in run]
    found = [0.0] * len(places)
    for rank, index in enumerate(order):
        found[index] = level[rank] + rank * gap
    return found


@own_style()
def time_figure(table: pd.DataFrame) -> Figure:
    """Draw the median AUROC against the time of training as a multiple of 1layer's, in this run and in the paper.

    table: columns network, seconds (for 500,000 samples), paper (seconds in the publication, or NaN), auroc (median
    over data sets).
    """
    table = table.dropna(subset=["seconds", "auroc"]).drop_duplicates("network")
    reference = table[table["network"] == REFERENCE]
    if reference.empty:
        return sentence_figure(f"The time of {REFERENCE}, with which other networks are compared, is not known.")
    run, paper = (table[column] / reference[column].item() for column in ("seconds", "paper"))
    colours = [KINDS[kind_of(name)] for name in table["network"]]
    figure = Figure(figsize=(7.2, 4.6), layout="constrained")
    ax = figure.subplots()
    ax.set_xscale("log")
    ax.hlines(table["auroc"], run, paper, color="#CCCCCC", linewidth=0.8, zorder=1)
    ax.scatter(paper, table["auroc"], 26, facecolors="#FFFFFF", edgecolors=colours, linewidths=1, zorder=2)
    ax.scatter(run, table["auroc"], 30, colours, zorder=3)
    times = pd.concat([run, paper.dropna()])
    ax.set_xlim(times.min() / 1.5, times.max() * 1.5)
    limits(ax, table["auroc"])
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if times.max() > 10 * times.min() else (1, 1.5, 2, 3, 5, 7)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.minorticks_off()
    ax.set_xlabel(f"time of training for equal numbers of samples, {REFERENCE} = 1", fontsize=9)
    ax.set_ylabel("test AUROC, median over data sets", fontsize=9)
    bare(ax)
    _times_legend(figure, list(table["network"]), bool(paper.notna().any()))
    ends = [None if np.isnan(end) else float(end) for end in paper]
    points = zip(run, table["auroc"], table["network"], colours, ends, strict=True)
    name_points(figure, ax, [Point(*point) for point in points])
    return figure


def _times_legend(figure: Figure, networks: Sequence[str], with_paper: bool) -> None:
    kinds = [kind for kind in KINDS if kind in map(kind_of, networks)]
    handles = [Line2D([], [], color=KINDS[kind], marker="o", ls="none", ms=5.5, label=kind) for kind in kinds]
    if with_paper:
        handles.append(Line2D([], [], color=GREY, marker="o", mfc="w", ls="none", ms=5, label="time in the paper"))
    if len(handles) > 1:
        figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=LETTERS)
