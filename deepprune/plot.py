"""The curves of AUROC against the number of kernels, the sizes of data sets, and how every figure is saved."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
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
    "winning_ticket": Style("#009E73", "D", "reset to its start, trained again"),
    "baseline": Style("#000000", "s", "trained at this size"),
    "circular": Style("#767676", "", "one circular filter"),
}
# Of deepprune by the criteria after the first, which has the method's own look.
FURTHER_CRITERIA = (("#D55E00", "v"), ("#56B4E9", "P"), ("#CC79A7", "X"))
# Text becomes paths: the same picture in every viewer, whichever fonts it has. Element names are hashed with this salt
# instead of random numbers.
SVG_STYLE: Any = {"svg.fonttype": "path", "svg.hashsalt": "deepprune"}
DPI = 150
# Of small letters, as many as fit into an inch.
LETTERS_PER_INCH = 16
# The others are single lines where there are many: bands on bands show nothing.
BANDED = ("deepprune", "inter", "baseline")
# More data sets than this have no room for their names.
NAMED = 60


def styles(criteria: Sequence[str]) -> dict[str, Style]:
    """The look of each kind of network that figures show, by the labels of `by_label`; criteria: of the study."""
    found = dict(METHODS)
    if len(criteria) > 1:
        found["deepprune"] = found["deepprune"]._replace(meaning=f"by {criteria[0]}, fine-tuned")
    further = {
        f"deepprune ({criterion})": Style(*look, "")
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
    criteria = criteria or criteria_of(table)
    # Every line of the legend beyond the first few has room of its own.
    height = 4.2 + 0.18 * max(0, len(series(table, criteria)) - 3)
    figure = Figure(figsize=(5.6, height), layout="constrained")
    ax = figure.subplots()
    draw_auc(ax, table, criteria)
    ax.set_title(str(dataset), parse_math=False)
    ax.set_xlabel("kernels")
    ax.set_ylabel("test AUROC")
    _curves_legend(figure, [ax], table, criteria)
    return figure


def auc_overview(table: pd.DataFrame, criteria: Sequence[str] = ()) -> Figure:
    """One small panel for each data set, in the table's order, on common axes; each as in `auc_figure`."""
    datasets = list(dict.fromkeys(table["dataset"]))
    criteria = criteria or criteria_of(table)
    figure, axes = panels(datasets, columns=4 if len(datasets) > 6 else 3, width=2.6, height=2.3)
    for ax, (_, rows) in zip(axes, table.groupby("dataset", sort=False), strict=True):
        draw_auc(ax, rows, criteria)
    limits(axes[0], pd.concat(series(table, criteria).values())["auroc"])
    _curves_legend(figure, axes, table, criteria)
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
        ax.set_title(textwrap.fill(str(dataset), int(0.75 * LETTERS_PER_INCH * width)), fontsize=8, parse_math=False)
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
    """A line through the means; of the paper's own methods also a band from least to greatest, a dot for each seed.

    table: a row for each network.
    """
    kinds, looks = series(table, criteria), styles(criteria)
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


def draw_boxes(
    ax: Axes, values: Mapping[float, pd.Series], colour: str, width: float, whiskers: tuple[int, int]
) -> None:
    """Boxes at these places: quartiles, median, and whiskers from one percentile to another."""
    if not values:
        return
    outline: Any = {"color": colour, "linewidth": 0.9}
    ax.boxplot(
        [part.to_numpy() for part in values.values()],
        positions=list(values),
        widths=width,
        whis=whiskers,
        showfliers=False,
        manage_ticks=False,
        patch_artist=True,
        boxprops={"facecolor": lighter(colour), "edgecolor": colour, "linewidth": 0.9},
        medianprops=outline,
        whiskerprops=outline,
        capprops=outline,
    )


def lighter(colour: str) -> str:
    """A quarter of a colour (#RRGGBB) on white, opaque so that nothing shines through."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{255 - (255 - channel) // 4:02X}" for channel in channels)


def limits(ax: Axes, auroc: pd.Series) -> None:
    """Room around the values, never beyond 1 by more than a marker, at least 0.05 high so that noise stays small."""
    low, high = auroc.min(), auroc.max()
    if high - low < 0.05:
        middle = min((low + high) / 2, 1 - 0.025)
        low, high = middle - 0.025, middle + 0.025
    margin = 0.06 * (high - low)
    ax.set_ylim(low - margin, high + margin)
    ax.yaxis.set_major_locator(ticks())


def ticks() -> MaxNLocator:
    """A few round places for an axis of AUROC or of its differences."""
    return MaxNLocator(nbins=6, steps=[1, 2, 5, 10])


def sentence_figure(text: str) -> Figure:
    """What stands in a figure's place where there is nothing to draw."""
    figure = Figure(figsize=(5.6, 1.2))
    figure.text(0.5, 0.5, textwrap.fill(text, 70), ha="center", va="center", fontsize=9, parse_math=False)
    return figure


def legend(figure: Figure, lines: Sequence[Line2D], looks: Mapping[str, Style], title: str) -> None:
    """A line of each look and what it is, below the axes, where it cannot cover data, in as many columns as fit."""
    texts = [f"{label}: {style.meaning}" if style.meaning else label for label, style in looks.items()]
    width = figure.get_size_inches()[0]
    # Half an inch for the line itself and the room between columns.
    columns = int(width / (max(map(len, texts)) / LETTERS_PER_INCH + 0.5))
    figure.legend(
        lines,
        texts,
        title=wrapped(title, width),
        loc="outside lower center",
        ncols=max(1, min(columns, len(texts))),
        frameon=False,
        fontsize=8,
        title_fontsize=8,
    )


def wrapped(text: str, inches: float) -> str:
    """A text in small letters, in lines of about the same length that fit."""
    most = int(LETTERS_PER_INCH * inches)
    lines = -(-len(text) // most)
    return textwrap.fill(text, most if lines == 1 else min(most, len(text) // lines + 8))


def _curves_legend(figure: Figure, axes: Sequence[Axes], table: pd.DataFrame, criteria: Sequence[str]) -> None:
    lines = {str(line.get_label()): line for ax in axes for line in ax.get_lines()}
    looks = {label: style for label, style in styles(criteria).items() if label in lines}
    seeds = seeds_text(table)
    if seeds == "one seed":
        title = seeds
    elif set(looks) <= set(BANDED):
        title = f"mean, range and values of {seeds}"
    else:
        title = f"means over {seeds}; bands and dots: range and values of {', '.join(BANDED)}"
    legend(figure, [lines[label] for label in looks], looks, title)
