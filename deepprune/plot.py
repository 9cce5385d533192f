"""The curves of AUROC against the number of kernels, the sizes of data sets, and how every figure is saved."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, NullLocator, StrMethodFormatter

from deepprune.io.files import write_atomic
from deepprune.study import by_label, criteria_of, seeds_text


class Style(NamedTuple):
    """How a kind of network looks in every figure, and what it is."""

    colour: str
    marker: str
    meaning: str


# Colours that also the colour-blind tell apart (Okabe & Ito, and a grey); the methods keep theirs in every figure.
METHODS = {
    "deepprune": Style("#0072B2", "o", "pruned and fine-tuned"),
    "inter": Style("#E69F00", "^", "pruned, not yet fine-tuned"),
    "winning_ticket": Style("#009E73", "D", "pruned, set back to its start, trained again"),
    "baseline": Style("#000000", "s", "trained at this size"),
    "circular": Style("#767676", "", "one circular filter"),
}
# Of deepprune by the criteria after the first, which has the method's own look.
FURTHER_CRITERIA = (("#D55E00", "v"), ("#56B4E9", "P"), ("#CC79A7", "X"))
# Text becomes paths: the same picture in every viewer, whichever fonts it has. Element names are hashed with this salt
# instead of random numbers.
SVG_STYLE: Any = {"svg.fonttype": "path", "svg.hashsalt": "deepprune"}
DPI = 150
# As many as fit above a panel of the overview in one line.
TITLE_LETTERS = 30
# More data sets than this have no room for their names.
NAMED = 60


def styles(criteria: Sequence[str]) -> dict[str, Style]:
    """The look of each kind of network that figures show, by the labels of `by_label`; criteria: of the study."""
    found = dict(METHODS)
    if len(criteria) > 1:
        found["deepprune"] = found["deepprune"]._replace(meaning=f"pruned by {criteria[0]} and fine-tuned")
    further = {
        f"deepprune ({criterion})": Style(*look, f"pruned by {criterion} and fine-tuned")
        for criterion, look in zip(criteria[1:], FURTHER_CRITERIA, strict=False)
    }
    return {"deepprune": found.pop("deepprune"), **further, **found}


def auc_figure(table: pd.DataFrame, criteria: Sequence[str] = ()) -> Figure:
    """AUROC of one data set against the number of kernels: a line through the means over seeds for each method.

    table: columns dataset, method, criterion, seed, kernels, auroc.  criteria: of the study, by default those of the
    table in its order. The first is drawn as the method itself, of each other one deepprune as a line of its own; inter
    is drawn for the first alone. A circular filter is a horizontal line, as it has no kernels to vary. Unknown methods
    are left out.
    """
    (dataset,) = table["dataset"].unique()
    figure = Figure(figsize=(5.6, 4.2), layout="constrained")
    ax = figure.subplots()
    criteria = criteria or criteria_of(table)
    draw_auc(ax, table, criteria)
    ax.set_title(str(dataset), parse_math=False)
    ax.set_xlabel("kernels")
    ax.set_ylabel("test AUROC")
    _legend(figure, [ax], table, criteria, columns=2)
    return figure


def auc_overview(table: pd.DataFrame, criteria: Sequence[str] = ()) -> Figure:
    """One small panel for each data set, in the table's order, on common axes; each as in `auc_figure`."""
    datasets = list(dict.fromkeys(table["dataset"]))
    criteria = criteria or criteria_of(table)
    figure, axes = panels(datasets, columns=4 if len(datasets) > 6 else 3, width=2.6, height=2.3)
    for ax, (_, rows) in zip(axes, table.groupby("dataset", sort=False), strict=True):
        draw_auc(ax, rows, criteria)
    limits(axes[0], pd.concat(series(table, criteria).values())["auroc"])
    _legend(figure, axes, table, criteria, columns=2 if len(datasets) < 3 else 4)
    return figure


def panels(
    datasets: Sequence[str], columns: int, width: float, height: float, sharey: bool = True
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each data set, named, its axes labelled for AUROC against kernels; sizes in inches."""
    columns = min(len(datasets), columns)
    rows = -(-len(datasets) // columns)
    figure = Figure(figsize=(max(width * columns, 5.6), height * rows + 0.8), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=sharey)
    used = list(axes.flat[: len(datasets)])
    for ax, dataset in zip(used, datasets, strict=True):
        ax.set_title(textwrap.fill(str(dataset), TITLE_LETTERS), fontsize=8, parse_math=False)
    for ax in axes.flat[len(datasets) :]:
        ax.set_axis_off()
    # The lowest panel of each column has the labels, whether or not the last row is full.
    for ax in used[-columns:]:
        ax.xaxis.set_tick_params(labelbottom=True)
        ax.set_xlabel("kernels", fontsize=9)
    for ax in axes[:, 0]:
        ax.set_ylabel("test AUROC", fontsize=9)
    return figure, used


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
        bare(ax, grid="x")
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


def series(table: pd.DataFrame, criteria: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The rows of each kind of network that figures show, by label, in the order of legends."""
    kinds = by_label(table, criteria)
    return {label: kinds[label] for label in styles(criteria) if label in kinds}


def draw_auc(ax: Axes, table: pd.DataFrame, criteria: Sequence[str]) -> None:
    """A line through the means, a band from the least to the greatest, a dot for each seed; a row for each network."""
    kinds, looks = series(table, criteria), styles(criteria)
    for label, rows in kinds.items():
        colour, marker, _ = looks[label]
        if label == "circular":
            ax.axhline(rows["auroc"].mean(), color=colour, linestyle="--", linewidth=1.2, label=label)
            continue
        spread = rows.groupby("kernels")["auroc"].agg(["mean", "min", "max"])
        ax.plot(spread.index, spread["mean"], color=colour, marker=marker, markersize=4.5, linewidth=1.6, label=label)
        if rows["seed"].nunique() > 1:
            ax.fill_between(spread.index, spread["min"], spread["max"], color=colour, alpha=0.14, linewidth=0)
            ax.plot(rows["kernels"], rows["auroc"], ".", color=colour, markersize=2.5, alpha=0.45)
    # The one kernel of a circular filter is no place on the axis.
    kernels = sorted(set().union(*(rows["kernels"] for label, rows in kinds.items() if label != "circular")))
    ax.set_xscale("log", base=2)
    ax.set_xticks(kernels, labels=[str(count) for count in kernels])
    ax.xaxis.set_minor_locator(NullLocator())
    limits(ax, pd.concat(kinds.values())["auroc"])
    bare(ax)


def bare(ax: Axes, grid: Literal["x", "y"] = "y") -> None:
    """The look of all panels: no frame, light lines across the axis of values."""
    ax.grid(axis=grid, color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=8)


def limits(ax: Axes, auroc: pd.Series) -> None:
    """Room around the values, never beyond 1 by more than a marker, at least 0.05 high so that noise stays small."""
    low, high = auroc.min(), auroc.max()
    if high - low < 0.05:
        middle = min((low + high) / 2, 1 - 0.025)
        low, high = middle - 0.025, middle + 0.025
    margin = 0.06 * (high - low)
    ax.set_ylim(low - margin, high + margin)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))


def sentence_figure(text: str) -> Figure:
    """What stands in a figure's place where there is nothing to draw."""
    figure = Figure(figsize=(5.6, 1.2))
    figure.text(0.5, 0.5, textwrap.fill(text, 70), ha="center", va="center", fontsize=9, parse_math=False)
    return figure


def _legend(figure: Figure, axes: Sequence[Axes], table: pd.DataFrame, criteria: Sequence[str], columns: int) -> None:
    """Below the axes, where it cannot cover data."""
    lines = {str(line.get_label()): line for ax in axes for line in ax.get_lines()}
    looks = {label: style for label, style in styles(criteria).items() if label in lines}
    seeds = seeds_text(table)
    figure.legend(
        [lines[label] for label in looks],
        [f"{label}: {style.meaning}" for label, style in looks.items()],
        title=seeds if seeds == "one seed" else f"mean, range and values of {seeds}",
        loc="outside lower center",
        ncols=min(columns, len(looks)),
        frameon=False,
        fontsize=8,
        title_fontsize=8,
    )
