"""Curves of AUROC against the number of kernels."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from deepprune.evaluation.labels import by_label, criteria_of, seeds_text
from deepprune.figures.style import bare, legend, limits, looks_of, own_style, wrapped

WIDTH, LINE = 5.6, 0.18  # inches: of a figure, and of a further line of text
TITLE_SIZE = 10
# Only these methods get bands: more bands would hide each other.
BANDED = ("deepprune", "inter", "baseline")


@own_style()
def auc_figure(table: pd.DataFrame, criteria: Sequence[str] = ()) -> Figure:
    """Draw AUROC of one data set against the number of kernels: for each method a line through the means over seeds.

    table: columns dataset, method, criterion, seed, kernels, auroc.  criteria: of the run, by default those of the
    table in its order. The first is drawn as deepprune, each other one as a further line of deepprune; inter is drawn
    for the first alone. The circular filter, which has no kernels to vary, is a horizontal line. Unknown methods are
    left out.
    """
    (dataset,) = table["dataset"].unique()
    criteria = criteria or criteria_of(table)
    # The figure grows with the legend and the title.
    title = wrapped(str(dataset), 0.45 * WIDTH)
    height = 4.2 + LINE * (max(0, len(series(table, criteria)) - 3) + title.count("\n"))
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    ax = figure.subplots()
    draw_auc(ax, table, criteria)
    ax.set_title(title, fontsize=TITLE_SIZE, parse_math=False)
    ax.set_xlabel("kernels")
    ax.set_ylabel("test AUROC")
    curves_legend(figure, [ax], table, criteria)
    return figure


def series(table: pd.DataFrame, criteria: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the rows of each kind of network that figures show, by label, in the order of legends."""
    kinds = by_label(table, criteria)
    return {label: kinds[label] for label in looks_of(criteria) if label in kinds}


def draw_auc(ax: Axes, table: pd.DataFrame, criteria: Sequence[str]) -> None:
    """Draw a line through the means and, for BANDED, a band from minimum to maximum and a dot for each seed.

    table: a row for each network.
    """
    kinds, looks = series(table, criteria), looks_of(criteria)
    for label, rows in kinds.items():
        colour, marker, _ = looks[label]
        if label == "circular":
            ax.axhline(rows["auroc"].mean(), color=colour, linestyle="--", linewidth=1.2, label=label)
            continue
        spread = rows.groupby("kernels")["auroc"].agg(["mean", "min", "max"])
        size, width, above = (4.5, 1.6, 2.2) if label in BANDED else (3.5, 1.0, 2.1)
        ax.plot(spread.index, spread["mean"], color=colour, marker=marker, label=label, ms=size, lw=width, zorder=above)
        if rows["seed"].nunique() > 1 and label in BANDED:
            ax.fill_between(spread.index, spread["min"], spread["max"], color=colour, alpha=0.14, linewidth=0)
            ax.plot(rows["kernels"], rows["auroc"], ".", color=colour, markersize=2.5, alpha=0.45)
    kernel_axis(ax, kinds)
    limits(ax, pd.concat(kinds.values())["auroc"])
    bare(ax)


def kernel_axis(ax: Axes, kinds: Mapping[str, pd.DataFrame]) -> None:
    """Give a panel a logarithmic axis of these numbers of kernels; the circular filter has no place on it."""
    kernels = sorted(set().union(*(rows["kernels"] for label, rows in kinds.items() if label != "circular")))
    ax.set_xscale("log", base=2)
    ax.set_xticks(kernels, labels=[str(count) for count in kernels])
    ax.xaxis.set_minor_locator(NullLocator())


def curves_legend(figure: Figure, axes: Sequence[Axes], table: pd.DataFrame, criteria: Sequence[str]) -> None:
    """Name the lines of these panels, and say what bands and dots are."""
    lines = {str(line.get_label()): line for ax in axes for line in ax.get_lines()}
    looks = {label: look for label, look in looks_of(criteria).items() if label in lines}
    seeds = seeds_text(table)
    if seeds == "one seed":
        title = seeds
    elif set(looks) <= set(BANDED):
        title = f"mean, range and values of {seeds}"
    else:
        title = f"means over {seeds}; bands and dots: range and values of {', '.join(BANDED)}"
    legend(figure, [lines[label] for label in looks], looks, title)
