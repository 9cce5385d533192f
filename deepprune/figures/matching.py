"""GC content and motif strength of bound and unbound instances, before and after matching."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from deepprune.figures.style import LOOKS, bare, own_style

# Bound ones are filled, unbound ones an outline, so that both are seen where they are the same.
CLASSES = {"bound": (LOOKS["deepprune"].colour, True), "unbound": ("black", False)}
COLUMNS = {"gc": "GC content", "strength": "motif strength, -log10 of the p-value"}
# Columns of the table that count the classes
COUNTS = {
    "before matching": {"bound": "bound", "unbound": "unbound"},
    "after matching": {"bound": "matched", "unbound": "matched"},
}


@own_style()
def matching_figure(table: pd.DataFrame) -> Figure:
    """Draw the shares of bound and unbound instances by GC content and by strength.

    table: as `occupancy.matching_table` makes it.
    """
    figure = Figure(figsize=(9, 5.2), layout="constrained")
    axes = figure.subplots(2, 2, sharex="col", sharey="col")
    for row, (when, counts) in zip(axes, COUNTS.items(), strict=True):
        for ax, column in zip(row, COLUMNS, strict=True):
            by_bin = table.groupby(column)[sorted(set(counts.values()))].sum()
            draw_classes(ax, by_bin, counts)
        numbers = ", ".join(f"{table[counted].sum():,} {name}" for name, counted in counts.items())
        row[0].set_title(f"{when}: {numbers}", fontsize=9, loc="left")
        row[0].set_ylabel("instances", fontsize=9)
    for ax, label in zip(axes[-1], COLUMNS.values(), strict=True):
        ax.set_xlabel(label, fontsize=9)
        ax.set_ylim(bottom=0)
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=2, frameon=False, fontsize=8
    )
    return figure


def draw_classes(ax: Axes, by_bin: pd.DataFrame, counts: Mapping[str, str]) -> None:
    """Draw the share of each class in each bin; by_bin: counts by the bin's lower edge."""
    starts = by_bin.index.to_numpy(float)
    width = np.diff(starts).min(initial=np.inf) if len(starts) > 1 else 1.0
    # Bins without any instance are not in the table.
    numbers = np.rint((starts - starts[0]) / width).astype(int)
    edges = starts[0] + width * np.arange(numbers[-1] + 2)
    for name, (colour, filled) in CLASSES.items():
        shares = np.zeros(numbers[-1] + 1)
        shares[numbers] = by_bin[counts[name]] / max(1, by_bin[counts[name]].sum())
        ax.stairs(shares, edges, color=colour, fill=filled, alpha=0.6 if filled else 1, label=name)
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    bare(ax)
