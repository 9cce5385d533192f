"""Matches against the size of the first pool, and the factors that each network recovers."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.figures.style import BLACK, BLUE, GREY, ORANGE, bare, own_style
from deepprune.studies.koo_eddy.tables import READING

POOLED = re.compile(r"CNN-(\d+)")  # the networks that differ by their pools alone
LINES = {
    "any": (ORANGE, "o", "any motif of JASPAR"),
    "relevant": (BLUE, "s", "a relevant motif"),
    "null": (GREY, "^", "any, by filters with shuffled columns"),
}


@own_style()
def pools_figure(table: pd.DataFrame) -> Figure:
    """Draw shares of matching first-layer filters, and AUROC, against the first pool, with the paper's values.

    table: of `paper_table`, of one data set.
    """
    own = table[(table["layer"] == 1) & table["network"].map(lambda name: bool(POOLED.fullmatch(name)))]
    pools = own["network"].map(lambda name: int(name.rpartition("-")[2]))
    own = own.assign(pool=pools).sort_values("pool")
    figure = Figure(figsize=(8.4, 3.9), layout="constrained")
    matches, auroc = figure.subplots(1, 2)
    for column, (colour, marker, label) in LINES.items():
        deviation = own.get(f"{column}_sd")
        matches.errorbar(own["pool"], own[column], deviation, color=colour, marker=marker, ms=5, lw=1.3, label=label)
        if f"{column}_paper" in own and own[f"{column}_paper"].notna().any():
            options = {"mfc": "none", "mec": colour, "ls": "none", "ms": 9, "label": f"{label}, paper"}
            matches.plot(own["pool"], own[f"{column}_paper"], marker=marker, **options)
    matches.set_ylabel("share of first-layer filters that match")
    matches.set_ylim(-0.03, 1.05)
    auroc.errorbar(own["pool"], own["auroc"], own["auroc_sd"], color=BLACK, marker="o", ms=5, lw=1.3)
    if own["auroc_paper"].notna().any():
        auroc.plot(own["pool"], own["auroc_paper"], marker="o", mfc="none", mec=BLACK, ls="none", ms=9)
    auroc.set_ylabel("test AUROC, mean over tasks")
    for ax in (matches, auroc):
        _pools(ax, [int(pool) for pool in own["pool"]])
    figure.legend(*matches.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    return figure


def _pools(ax: Axes, pools: Sequence[int]) -> None:
    ax.set_xscale("log")
    ax.set_xticks(list(pools), [str(pool) for pool in pools])
    ax.minorticks_off()
    ax.set_xlabel("first pool, in positions")
    bare(ax)


@own_style()
def recovered_figure(filters: pd.DataFrame, tasks: Sequence[str]) -> Figure:
    """Draw how many filters match each task's motif in each orientation, mean over seeds, a row for each layer.

    filters: the run's table, of one data set.
    """
    own = filters[filters["reading"] == READING]
    layers = list(dict.fromkeys(own[["network", "layer"]].itertuples(index=False, name=None)))
    columns = [(task, strand) for task in tasks for strand in "+-"]
    matched = own[own["relevant_match"].notna()]
    counts = matched.groupby(["network", "layer", "task", "strand"]).size()
    seeds = own.groupby(["network", "layer"])["seed"].nunique()
    grid = np.array(
        [[counts.get((*layer, *column), 0) / seeds[layer] for column in columns] for layer in layers], float
    )
    figure = Figure(figsize=(0.36 * len(columns) + 1.9, 0.24 * len(layers) + 1.5), layout="constrained")
    ax = figure.subplots()
    image = ax.pcolormesh(np.minimum(grid, 4), cmap="Blues", vmin=0, vmax=4, edgecolors="white", linewidth=0.5)
    for row, column in zip(*np.nonzero(grid), strict=True):
        value = grid[row, column]
        text = f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=6, color="w" if value > 2.4 else "k")
    ax.set_xticks(np.arange(len(columns)) + 0.5, [strand.replace("-", "\N{MINUS SIGN}") for _, strand in columns])
    ax.tick_params(length=0)
    ax.set_yticks(
        np.arange(len(layers)) + 0.5, [name if layer == 1 else f"{name}, layer {layer}" for name, layer in layers]
    )
    ax.invert_yaxis()
    for place, task in enumerate(tasks):
        ax.text(2 * place + 1, -0.25, task, ha="center", va="bottom", fontsize=7.5, rotation=30, parse_math=False)
        ax.axvline(2 * place, color=GREY, lw=0.6)
    ax.spines[:].set_visible(False)
    figure.colorbar(image, ax=ax, label="filters, mean over seeds", shrink=0.6, extend="max")
    return figure
