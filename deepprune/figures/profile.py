"""GC content and dinucleotides of positives and negatives."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from deepprune.figures.style import LOOKS, bare, own_style

# Positives are filled, negatives an outline, so that both are seen where they are the same.
CLASSES = {"positives": (LOOKS["deepprune"].colour, True), "negatives": ("black", False)}


@own_style()
def profile_figure(table: pd.DataFrame) -> Figure:
    """Draw the composition of a data set's classes; table: as `data.profile` makes it."""
    figure = Figure(figsize=(9, 2.8), layout="constrained")
    contents, pairs = figure.subplots(1, 2, width_ratios=[4, 5])
    gc = table[table["kind"] == "gc"].astype({"value": float})
    width = gc["value"].iloc[1] - gc["value"].iloc[0]
    words = table[table["kind"] == "dinucleotide"]
    for name, (colour, filled) in CLASSES.items():
        edges = [*gc["value"], gc["value"].iloc[-1] + width]
        contents.stairs(gc[name], edges, color=colour, fill=filled, alpha=0.6 if filled else 1)
        style: Any = {"markersize": 6, "fillstyle": "full"} if filled else {"markersize": 9, "fillstyle": "none"}
        pairs.plot(words["value"], words[name], "o", color=colour, markeredgewidth=0.8, label=name, **style)
    used = gc[(gc["positives"] > 0) | (gc["negatives"] > 0)]["value"]
    contents.set_xlim(max(0.0, used.min() - width), min(1.0, used.max() + 2 * width))
    contents.set_ylim(bottom=0)
    contents.set_xlabel("GC content", fontsize=9)
    contents.set_ylabel("sequences", fontsize=9)
    pairs.set_ylim(bottom=0)
    pairs.set_xlabel("dinucleotide and its reverse complement", fontsize=9)
    pairs.set_ylabel("dinucleotides", fontsize=9)
    for ax in (contents, pairs):
        ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        bare(ax)
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return figure
