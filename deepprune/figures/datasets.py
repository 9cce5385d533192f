"""Sizes and GC content of data sets."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter

from deepprune.figures.style import LOOKS, NAMED, bare, own_style, shortened

NAME_INCHES = 2.4  # the longest name that is not shortened


@own_style()
def datasets_figure(table: pd.DataFrame) -> Figure:
    """Draw the number of positives of each data set, largest on top, and the GC content of positives and negatives.

    table: columns dataset, positives, gc_positives, gc_negatives. If there are more than NAMED data sets, their names
    are left out.
    """
    table = table.sort_values(["positives", "dataset"], ascending=[False, True]).reset_index(drop=True)
    count, named = len(table), len(table) <= NAMED
    figure = Figure(figsize=(9, 1.5 + 0.24 * count if named else 7), layout="constrained")
    sizes, contents = figure.subplots(1, 2, sharey=True, width_ratios=[3, 2])
    colour = LOOKS["deepprune"][0]
    dot, ring = (6, 9) if named else (1.5, 4)
    # Dots, not bars: on a logarithmic axis the length of a bar means nothing.
    sizes.plot(table["positives"], table.index, ".", color=colour, markersize=1.5 * dot)
    sizes.set_xscale("log")
    sizes.set_xlim(table["positives"].min() / 2, table["positives"].max() * 2)
    spread = table["positives"].max() / table["positives"].min()
    sizes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if spread < 50 else (1,)))
    sizes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    sizes.xaxis.set_minor_formatter(NullFormatter())
    median = f", median {table['positives'].median():,.0f}" if count > 1 else ""
    sizes.set_xlabel(f"positives ({count:,} data set{'s' if count > 1 else ''}{median})")
    contents.plot(table["gc_positives"], table.index, ".", color=colour, markersize=dot, label="positives")
    style = {"fillstyle": "none", "markersize": ring, "markeredgewidth": 0.6, "label": "negatives"}
    contents.plot(table["gc_negatives"], table.index, "o", color="black", **style)
    _show_at_least(contents, 0.1)
    contents.xaxis.set_major_locator(MaxNLocator(5))
    contents.set_xlabel("GC content")
    if named:
        names = [shortened(str(name), NAME_INCHES, 8) for name in table["dataset"]]
        sizes.set_yticks(table.index, labels=names, parse_math=False)
    else:
        sizes.set_ylabel("data sets, the largest on top")
    sizes.set_ylim(count - 0.4, -0.6)
    for ax in (sizes, contents):
        bare(ax, grid="x")
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return figure


def _show_at_least(ax: Axes, width: float) -> None:
    """Widen the horizontal axis, so that negligible differences do not fill it."""
    low, high = ax.get_xlim()
    wider = max(0.0, width - (high - low)) / 2
    ax.set_xlim(low - wider, high + wider)
