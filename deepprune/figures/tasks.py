"""The performance of networks over many tasks: distributions by group, and AUPRC against prevalence."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from deepprune.data.task_groups import ALL, NO_GROUP
from deepprune.evaluation.distribution import by_group
from deepprune.figures.strips import draw_strip
from deepprune.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    NAMED,
    ORANGE,
    PINK,
    RED,
    SKY,
    bare,
    own_style,
    sentence_figure,
    shortened,
    text_inches,
    ticks,
)

COLOURS = (ORANGE, BLUE, GREEN, PINK, RED, SKY)
NARROW = 5  # prevalences that differ by less have an axis without logarithms, on which ticks would crowd
OF_ALL = GREY  # also of tasks without a group
SHOWN = {"auroc": "test AUROC", "auprc": "test AUPRC"}
WIDTH, ROW, PANEL = 7.2, 0.23, 2.4  # inches
COLUMNS = 3
NAME_INCHES, LETTERS = 1.5, 8  # the longest name that is not shortened; size of its font in points


@own_style()
def distribution_figure(table: pd.DataFrame) -> Figure:
    """Draw AUROC and AUPRC over tasks, a strip for each network below the name of each group, with medians in numbers.

    table: of `over_seeds`. Up to NAMED tasks of a group are points; of more, those beyond the whiskers are.
    """
    table = table.dropna(subset=list(SHOWN))
    if table.empty:
        return sentence_figure("No task has sequences of both classes.")
    groups, colours = list(by_group(table, _groups(table))), _colours(table)
    networks = list(dict.fromkeys(table["network"]))
    rows = len(groups) * (len(networks) + 1)
    figure = Figure(figsize=(WIDTH, 0.8 + ROW * rows), layout="constrained")
    panels = figure.subplots(1, len(SHOWN), sharey=True)
    labels: dict[int, str] = {}
    for number, (group, part) in enumerate(groups):
        top = number * (len(networks) + 1)
        for place, network in enumerate(networks, start=top + 1):
            own = part[part["network"] == network]
            labels[place] = shortened(network, NAME_INCHES, LETTERS)
            for ax, measure in zip(panels, SHOWN, strict=True):
                _strip(ax, place, own[measure].to_numpy(float), colours[group])
        _heading(panels[0], top, group, int(part.groupby("network")["task"].count().max()))
    for ax, words in zip(panels, SHOWN.values(), strict=True):
        ax.set_xlabel(words, fontsize=9)
        ax.xaxis.set_major_locator(ticks())
        ax.set_yticks(list(labels), list(labels.values()), parse_math=False)
        ax.set_ylim(rows - 0.4, -0.6)
        bare(ax, grid="x")
        ax.tick_params(axis="y", length=0)
        ax.annotate("median", (1, 1), (5, 2), "axes fraction", "offset points", va="bottom", size=LETTERS)
    panels[1].tick_params(labelleft=False)
    return figure


def _strip(ax: Axes, place: int, values: np.ndarray, colour: str) -> None:
    """Draw the strip of a network with its median in numbers."""
    if len(values):
        draw_strip(ax, place, values, colour, points=len(values) <= NAMED, beyond=True)
        text = f"{np.median(values):.3f}"
        ax.annotate(text, (1, place), (5, 0), ("axes fraction", "data"), "offset points", va="center", size=LETTERS)


def _heading(ax: Axes, place: int, group: str, tasks: int) -> None:
    """Write the name of a group above its strips."""
    name = (
        f"{'all' if group == ALL else shortened(group, NAME_INCHES, LETTERS)}: {tasks} task{'s' if tasks > 1 else ''}"
    )
    at = ("axes fraction", "data")
    ax.annotate(
        name, (0, place), (2, 0), at, "offset points", va="center", size=LETTERS, weight="bold", parse_math=False
    )


@own_style()
def prevalence_figure(table: pd.DataFrame) -> Figure:
    """Draw the AUPRC of each task against its prevalence, a panel for each network, with the AUPRC of chance as a line.

    table: of `over_seeds`.
    """
    table = table.dropna(subset=["auprc"])
    if table.empty:
        return sentence_figure("No task has sequences of both classes.")
    networks = list(dict.fromkeys(table["network"]))
    columns = min(COLUMNS, len(networks))
    rows = -(-len(networks) // columns)
    figure = Figure(figsize=(max(PANEL * columns + 0.4, 4.0), PANEL * rows + 0.8), layout="constrained")
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    size, colours = 4.5 if table["task"].nunique() <= NAMED else 2.4, _colours(table)
    for ax, network in zip(axes.flat, networks, strict=False):
        own = table[table["network"] == network]
        for group in own["group"].value_counts().index:  # the largest lies below
            some, colour = own[own["group"] == group], colours[group or ALL]
            # Not clipped, so that points at an AUPRC of 1 are whole
            ax.plot(some["prevalence"], some["auprc"], "o", color=colour, ms=size, mew=0, alpha=0.7, clip_on=False)
        ax.set_title(shortened(network, 0.8 * PANEL, LETTERS), fontsize=LETTERS, parse_math=False)
        bare(ax)
    low, high = table["prevalence"].min(), table["prevalence"].max()
    _prevalence_axes(list(axes.flat), len(networks), columns, (low / 1.3, min(1.0, high * 1.3)))
    _groups_legend(figure, table)
    return figure


def _prevalence_axes(axes: Sequence[Axes], used: int, columns: int, limits: tuple[float, float]) -> None:
    """Give panels their axes and the line of chance; hide those that are not used."""
    chance = np.geomspace(*limits, 100)
    for place, ax in enumerate(axes):
        if place >= used:
            ax.set_axis_off()
            continue
        ax.plot(chance, chance, color=BLACK, linewidth=0.8)
        if limits[1] > NARROW * limits[0]:
            ax.set_xscale("log")
            ax.xaxis.set_major_locator(LogLocator(subs=(1,) if limits[1] > 20 * limits[0] else (1, 2, 5)))
        else:
            ax.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
        ax.set_xlim(*limits)
        ax.set_ylim(0, 1)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
        ax.xaxis.set_minor_formatter(NullFormatter())
        # The lowest panel of each column has the label, even if the last row is not full.
        if place >= used - columns:
            ax.xaxis.set_tick_params(labelbottom=True)
            ax.set_xlabel("prevalence", fontsize=9)
        if place % columns == 0:
            ax.set_ylabel("test AUPRC", fontsize=9)


def _groups(table: pd.DataFrame) -> dict[str, str]:
    """Return the group of each task."""
    return dict(zip(table["task"], table["group"], strict=True))


def _colours(table: pd.DataFrame) -> dict[str, str]:
    """Return the colour of each group; ALL also stands for tasks without one."""
    groups = [group for group, _ in by_group(table, _groups(table))][1:]
    return {ALL: OF_ALL} | {group: COLOURS[place % len(COLOURS)] for place, group in enumerate(groups)}


def _groups_legend(figure: Figure, table: pd.DataFrame) -> None:
    """Draw a line of each group and of chance below the panels."""
    handles = []
    for group, colour in _colours(table).items():
        name = ("task" if set(table["group"]) == {NO_GROUP} else "no group") if group == ALL else group
        if group != ALL or (table["group"] == NO_GROUP).any():
            name = shortened(name, NAME_INCHES, LETTERS)
            handles.append(Line2D([], [], color=colour, marker="o", ls="none", ms=4.5, label=name))
    handles.append(Line2D([], [], color=BLACK, lw=0.8, label="chance"))
    width = max(text_inches(str(handle.get_label()), LETTERS) for handle in handles) + 0.5
    columns = max(1, min(len(handles), int(figure.get_size_inches()[0] / width)))
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False, fontsize=LETTERS)
