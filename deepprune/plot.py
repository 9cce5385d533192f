"""The curves of AUROC against the number of kernels, the sizes of data sets, and how every figure is saved."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, NullLocator, StrMethodFormatter

from deepprune.io.files import write_atomic

# Colours that also the colour-blind tell apart (Okabe & Ito); the methods keep theirs in every figure.
METHODS = {
    "deepprune": ("#0072B2", "o", "pruned and fine-tuned"),
    "inter": ("#E69F00", "^", "pruned, not yet fine-tuned"),
    "baseline": ("#000000", "s", "trained at this size"),
}
# Text becomes paths: the same picture in every viewer, whichever fonts it has. Element names are hashed with this salt
# instead of random numbers.
SVG_STYLE: Any = {"svg.fonttype": "path", "svg.hashsalt": "deepprune"}
DPI = 150
# As many as fit above a panel of the overview in one line.
TITLE_LETTERS = 30
# More data sets than this have no room for their names.
NAMED = 60


def auc_figure(table: pd.DataFrame) -> Figure:
    """AUROC of one data set against the number of kernels: a line through the means over seeds for each method.

    table: columns dataset, method, seed, kernels, auroc, of one pruning criterion; methods but those of METHODS are
    left out.
    """
    (dataset,) = table["dataset"].unique()
    figure = Figure(figsize=(5.6, 4.2), layout="constrained")
    ax = figure.subplots()
    _draw_auc(ax, table)
    ax.set_title(str(dataset))
    ax.set_xlabel("kernels")
    ax.set_ylabel("test AUROC")
    _legend(figure, [ax], table, columns=2)
    return figure


def auc_overview(table: pd.DataFrame) -> Figure:
    """One small panel for each data set, in the table's order, on common axes; each as in `auc_figure`."""
    datasets = list(dict.fromkeys(table["dataset"]))
    columns = min(len(datasets), 4 if len(datasets) > 6 else 3)
    rows = -(-len(datasets) // columns)
    figure = Figure(figsize=(max(2.6 * columns, 5.6), 2.3 * rows + 0.8), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for ax, dataset in zip(axes.flat, datasets, strict=False):
        _draw_auc(ax, table[table["dataset"] == dataset])
        ax.set_title(textwrap.fill(str(dataset), TITLE_LETTERS), fontsize=8)
    _limits(axes[0, 0], table)
    for ax in axes.flat[len(datasets) :]:
        ax.set_axis_off()
    # The lowest panel of each column has the labels, whether or not the last row is full.
    for ax in axes.flat[max(len(datasets) - columns, 0) : len(datasets)]:
        ax.xaxis.set_tick_params(labelbottom=True)
        ax.set_xlabel("kernels", fontsize=9)
    for ax in axes[:, 0]:
        ax.set_ylabel("test AUROC", fontsize=9)
    _legend(figure, list(axes.flat), table, columns=2 if columns < 3 else 4)
    return figure


def datasets_figure(table: pd.DataFrame) -> Figure:
    """Positives of each data set, the largest on top, and beside them the GC content of positives and negatives.

    table: columns dataset, positives, gc_positives, gc_negatives. More than NAMED data sets are not named.
    """
    table = table.sort_values(["positives", "dataset"], ascending=[False, True]).reset_index(drop=True)
    count, named = len(table), len(table) <= NAMED
    figure = Figure(figsize=(9, 1.5 + 0.24 * count if named else 7), layout="constrained")
    sizes, contents = figure.subplots(1, 2, sharey=True, width_ratios=[3, 2])
    colour = METHODS["deepprune"][0]
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
        sizes.set_yticks(table.index, labels=table["dataset"].map(str), parse_math=False)
    else:
        sizes.set_ylabel("data sets, the largest on top")
    sizes.set_ylim(count - 0.4, -0.6)
    for ax in (sizes, contents):
        ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
        ax.set_axisbelow(True)
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize=8)
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return figure


def _show_at_least(ax: Axes, width: float) -> None:
    """Widen the horizontal axis, so that differences that mean nothing do not fill it."""
    low, high = ax.get_xlim()
    wider = max(0.0, width - (high - low)) / 2
    ax.set_xlim(low - wider, high + wider)


def save_figure(figure: Figure, path: Path | str) -> None:
    """Write a figure in the format of the path's suffix; the same figure gives the same bytes."""
    path = Path(path)
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix)
    with mpl.rc_context(SVG_STYLE), write_atomic(path) as temporary:
        figure.savefig(temporary, format=path.suffix[1:], metadata=metadata, dpi=DPI)


def _draw_auc(ax: Axes, table: pd.DataFrame) -> None:
    """A line through the means, a band from the least to the greatest, a dot for each seed."""
    for method, (colour, marker, _) in METHODS.items():
        rows = table[table["method"] == method]
        if rows.empty:
            continue
        spread = rows.groupby("kernels")["auroc"].agg(["mean", "min", "max"])
        ax.plot(spread.index, spread["mean"], color=colour, marker=marker, markersize=4.5, linewidth=1.6, label=method)
        if rows["seed"].nunique() > 1:
            ax.fill_between(spread.index, spread["min"], spread["max"], color=colour, alpha=0.14, linewidth=0)
            ax.plot(rows["kernels"], rows["auroc"], ".", color=colour, markersize=2.5, alpha=0.45)
    kernels = sorted(table["kernels"].unique())
    ax.set_xscale("log", base=2)
    ax.set_xticks(kernels, labels=[str(count) for count in kernels])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    _limits(ax, table)
    ax.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=8)


def _limits(ax: Axes, table: pd.DataFrame) -> None:
    """Room around the data, never beyond 1 by more than a marker, at least 0.05 high so that noise stays small."""
    low, high = table["auroc"].min(), table["auroc"].max()
    if high - low < 0.05:
        middle = min((low + high) / 2, 1 - 0.025)
        low, high = middle - 0.025, middle + 0.025
    margin = 0.06 * (high - low)
    ax.set_ylim(low - margin, high + margin)


def _legend(figure: Figure, axes: Sequence[Axes], table: pd.DataFrame, columns: int) -> None:
    """Below the axes, where it cannot cover data."""
    lines = {line.get_label(): line for ax in axes for line in ax.get_lines()}
    methods = [method for method in METHODS if method in lines]
    seeds = table["seed"].nunique()
    note = "one seed" if seeds == 1 else f"mean, range and values of {seeds} seeds"
    figure.legend(
        [lines[method] for method in methods],
        [f"{method}: {METHODS[method][2]}" for method in methods],
        title=note,
        loc="outside lower center",
        ncols=min(columns, len(methods)),
        frameon=False,
        fontsize=8,
        title_fontsize=8,
    )
