"""AUROC against the number of kernels for all data sets: a panel each, or their distribution and a few of them."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.evaluation.labels import criteria_of, seeds_text
from deepprune.figures.curves import BANDED, curves_legend, draw_auc, kernel_axis, series
from deepprune.figures.style import (
    GREY,
    LOOKS,
    bare,
    distinctive,
    draw_boxes,
    legend,
    limits,
    looks_of,
    own_style,
    panels,
    shortened,
    text_inches,
    ticks,
)

MOST_PANELS = 24  # data sets with a panel each; nobody can read hundreds of them
SHOWN = 4  # of each of GROUPS, where not all have one
GROUPS = "lowest change", "median change", "highest change"
COLUMN, ROW, TOP = 2.4, 2.0, 3.2  # inches
TITLE, TITLE_SIZE = COLUMN - 0.55, 8  # of a panel of one data set: inches, points
BOX = 0.3  # of the way between two numbers of kernels
WHISKERS = (5, 95)
QUARTILES = [0.25, 0.5, 0.75]


@own_style()
def auc_overview(table: pd.DataFrame, criteria: Sequence[str] = ()) -> Figure:
    """Draw a small panel for each data set, in the table's order, on common axes, as in `auc_figure`.

    table, criteria: see there. Of more than MOST_PANELS data sets, draw the distribution, and panels of those on which
    the smallest pruned network differs most from the largest network, down and up, and of those in the middle.
    """
    datasets = list(dict.fromkeys(table["dataset"]))
    criteria = criteria or criteria_of(table)
    changes = changes_of(table, criteria)
    if len(datasets) > MOST_PANELS and len(changes):
        return _distribution(table, criteria, changes)
    figure, axes = panels(datasets, columns=4 if len(datasets) > 6 else 3, width=2.6, height=2.3)
    for ax, (_, rows) in zip(axes, table.groupby("dataset", sort=False), strict=True):
        draw_auc(ax, rows, criteria)
    limits(axes[0], pd.concat(series(table, criteria).values())["auroc"])
    curves_legend(figure, axes, table, criteria)
    return figure


def changes_of(table: pd.DataFrame, criteria: Sequence[str]) -> pd.DataFrame:
    """Return how much the pruned networks of each data set differ from its largest network in AUROC.

    Columns dataset, kernels and change, of means over seeds; empty without pruned networks. The pruned networks are
    those by the first of the criteria.
    """
    kinds = series(table, criteria)
    if "deepprune" not in kinds:
        return pd.DataFrame(columns=["dataset", "kernels", "change"])
    trained = table[table["kernels"] == table.groupby("dataset")["kernels"].transform("max")]
    largest = trained.groupby("dataset")["auroc"].mean()
    means = kinds["deepprune"].groupby(["dataset", "kernels"], sort=False)["auroc"].mean().reset_index()
    means["change"] = means["auroc"] - means["dataset"].map(largest)
    return means[["dataset", "kernels", "change"]]


def chosen(changes: pd.DataFrame) -> dict[str, list[str]]:
    """Return SHOWN data sets of each of GROUPS, by the change of the smallest network; none is in two groups."""
    smallest = changes[changes["kernels"] == changes["kernels"].min()]
    ordered = smallest.sort_values(["change", "dataset"])["dataset"].tolist()
    middle = (len(ordered) - SHOWN) // 2
    return dict(zip(GROUPS, (ordered[:SHOWN], ordered[middle : middle + SHOWN], ordered[-SHOWN:]), strict=True))


@own_style()
def _distribution(table: pd.DataFrame, criteria: Sequence[str], changes: pd.DataFrame) -> Figure:
    groups = chosen(changes)
    figure = Figure(figsize=(SHOWN * COLUMN, TOP + len(GROUPS) * ROW + 0.8), layout="constrained")
    grid = figure.add_gridspec(1 + len(GROUPS), SHOWN, height_ratios=[TOP, *[ROW] * len(GROUPS)])
    half = SHOWN // 2
    values, differences = figure.add_subplot(grid[0, :half]), figure.add_subplot(grid[0, half:])
    _draw_quartiles(values, table, criteria)
    _draw_changes(differences, changes)
    small = [[figure.add_subplot(grid[1 + row, column]) for column in range(SHOWN)] for row in range(len(GROUPS))]
    titles, ends = _titles([name for names in groups.values() for name in names])
    for axes, (group, names) in zip(small, groups.items(), strict=True):
        for ax, name in zip(axes, names, strict=True):
            draw_auc(ax, table[table["dataset"] == name], criteria)
            ax.set_title(shortened(titles[name], TITLE, TITLE_SIZE), fontsize=TITLE_SIZE, parse_math=False)
        axes[0].set_ylabel(f"{group}\ntest AUROC", fontsize=9)
    for ax in small[-1]:
        ax.set_xlabel("kernels", fontsize=9)
    _legend(figure, values, table, criteria, ends)
    return figure


def _titles(names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the titles of data sets, and what these leave out where one would be too long: what all names share."""
    if all(text_inches(name, TITLE_SIZE) <= TITLE for name in names):
        return dict(zip(names, names, strict=True)), []
    titles, ends = distinctive(names)
    return dict(zip(names, titles, strict=True)), list(filter(None, ends))


def _draw_quartiles(ax: Axes, table: pd.DataFrame, criteria: Sequence[str]) -> None:
    """Draw medians over data sets as lines and, for BANDED, bands between the quartiles."""
    kinds, looks = series(table, criteria), looks_of(criteria)
    lowest, highest = 1.0, 0.0
    for label, rows in kinds.items():
        colour, marker, _ = looks[label]
        means = rows.groupby(["dataset", "kernels"])["auroc"].mean()
        low, middle, high = (means.groupby("kernels").quantile(share) for share in QUARTILES)
        lowest, highest = min(lowest, low.min()), max(highest, high.max())
        if label == "circular":
            ax.axhline(middle.median(), color=colour, linestyle="--", linewidth=1.2, label=label)
            continue
        size, width = (4.5, 1.6) if label in BANDED else (3.5, 1.0)
        ax.plot(middle.index, middle, color=colour, marker=marker, label=label, ms=size, lw=width)
        if label in BANDED:
            ax.fill_between(middle.index, low, high, color=colour, alpha=0.14, linewidth=0)
    kernel_axis(ax, kinds)
    limits(ax, pd.Series([lowest, highest]))
    bare(ax)
    ax.set_xlabel("kernels", fontsize=9)
    ax.set_ylabel("test AUROC", fontsize=9)
    ax.set_title(f"all {table['dataset'].nunique():,} data sets", fontsize=10)


def _draw_changes(ax: Axes, changes: pd.DataFrame) -> None:
    """Draw a box for each number of kernels."""
    kernels = sorted(set(changes["kernels"]))
    parts = {float(place): changes.loc[changes["kernels"] == count, "change"] for place, count in enumerate(kernels)}
    ax.axhline(0, color=GREY, linewidth=0.8)
    draw_boxes(ax, parts, LOOKS["deepprune"].colour, BOX, WHISKERS)
    ax.set_xticks(range(len(kernels)), labels=[str(count) for count in kernels])
    ax.set_xlim(-0.5, len(kernels) - 0.5)
    ax.yaxis.set_major_locator(ticks())
    bare(ax)
    ax.set_xlabel("kernels", fontsize=9)
    ax.set_ylabel("change in AUROC", fontsize=9)
    ax.set_title("pruned against the largest network", fontsize=10)


def _legend(figure: Figure, ax: Axes, table: pd.DataFrame, criteria: Sequence[str], ends: Sequence[str]) -> None:
    lines = {str(line.get_label()): line for line in ax.get_lines()}
    looks = {label: look for label, look in looks_of(criteria).items() if label in lines}
    title = (
        "upper panels: medians and quartiles over data sets, boxes with 5th and 95th percentiles; lower panels: "
        f"single data sets, {seeds_text(table)}"
    )
    if ends:
        title += f"; their names are without {' and '.join(ends)}"
    legend(figure, [lines[label] for label in looks], looks, title)
