"""The paper's figures of AUROC by seed and of representative data sets."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from deepprune.evaluation.labels import by_label, extent, ranked, seeds_text, smallest_rung
from deepprune.figures.curves import auc_figure
from deepprune.figures.style import (
    GREY,
    LOOKS,
    PALE,
    Look,
    bare,
    draw_boxes,
    legend,
    limits,
    looks_of,
    own_style,
    panels,
    save_figure,
)
from deepprune.io.table import write_table
from deepprune.keys import NO_CRITERION
from deepprune.studies.deepprune.contents import paper_figures
from deepprune.studies.deepprune.gains import (
    UNPAIRED,
    Drawn,
    circular_figure,
    gains_figure,
    noted,
    nothing,
    tickets_figure,
    worse_figure,
)

DRAWN = ("deepprune", "inter", "baseline")  # the methods of the paper's figures of AUROC
# A box shows five numbers (quartiles and extremes), hence at least five seeds.
BOXED = 5
STEP = 0.26  # distance between the methods at one number of kernels, in doublings


def draw_study(
    auc: pd.DataFrame,
    comparison: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    methods: Mapping[str, Sequence[str]],
    criteria: Sequence[str],
    paths: Mapping[str, str],
    notes: str,
) -> None:
    """Draw the figures of `paper_figures` into these files, and write a note of what each one shows.

    auc, comparison: the tables of all data sets (results/tables/).  groups, methods, criteria: see `paper_figures`.
    notes: a table of the columns figure, note; the note is also written in the figure.
    """
    rows = []
    for name, datasets in paper_figures(groups, methods, criteria).items():
        networks, compared = (table[table["dataset"].isin(datasets)] for table in (auc, comparison))
        figure, note = study_figure(name, networks, compared, criteria)
        save_figure(figure, paths[name])
        rows.append((name, note))
    write_table(pd.DataFrame(rows, columns=["figure", "note"]), notes)


def study_figure(name: str, auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str]) -> Drawn:
    """Draw a figure of the paper by its name; auc, comparison: of its data sets, in the order of the panels."""
    return FIGURES[name](auc, comparison, criteria)


def drawn_networks(auc: pd.DataFrame, criteria: Sequence[str]) -> pd.DataFrame:
    """Return the networks of the paper's figures: pruned by the first criterion, or not pruned."""
    return auc[auc["method"].isin(DRAWN) & auc["criterion"].isin([NO_CRITERION, *criteria[:1]])]


@own_style()
def seeds_figure(auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str]) -> Drawn:
    """Draw Figure 2 or 3: AUROC against the number of kernels, a panel for each data set, seeds side by side."""
    table = drawn_networks(auc, criteria)
    datasets = list(dict.fromkeys(table["dataset"]))
    figure, axes = panels(datasets, columns=3, width=3.5, height=2.9)
    for ax, (_, rows) in zip(axes, table.groupby("dataset", sort=False), strict=True):
        draw_seeds(ax, by_label(rows, criteria))
    limits(axes[0], table["auroc"])
    looks = {label: LOOKS[label] for label in by_label(table, criteria)}
    spread = spread_text(table.groupby(["dataset", "method", "kernels"])["auroc"].count())
    legend(figure, _lines(looks), looks, f"{spread}dotted: chance")
    return noted(figure, extent(table))


def draw_seeds(ax: Axes, kinds: Mapping[str, pd.DataFrame]) -> None:
    """Draw boxes (dots for few seeds) of each kind of network side by side, and a line through the means.

    The horizontal axis counts doublings of the number of kernels.
    """
    rungs = sorted(set().union(*(rows["kernels"] for rows in kinds.values())))
    for number, (label, rows) in enumerate(kinds.items()):
        look = LOOKS[label]
        shift = STEP * (number - (len(kinds) - 1) / 2)
        at = np.log2(rows["kernels"]) + shift
        values = {float(str(place)): part for place, part in rows["auroc"].groupby(at)}
        draw_boxes(
            ax,
            {place: part for place, part in values.items() if len(part) >= BOXED},
            look.colour,
            width=0.85 * STEP,
            whiskers=(0, 100),
        )
        dots = at.groupby(at).transform("count").between(2, BOXED - 1)
        ax.plot(at[dots], rows.loc[dots, "auroc"], ".", color=look.colour, markersize=4.5, alpha=0.5, mew=0)
        ax.plot(
            list(values),
            [part.mean() for part in values.values()],
            color=look.colour,
            marker=look.marker,
            markersize=2.2 if (at.groupby(at).count() >= BOXED).any() else 3.8,
            linewidth=1.0,
            label=label,
            zorder=3,
        )
    ax.axhline(0.5, color=GREY, linestyle=":", linewidth=0.9, zorder=0)
    ax.set_xticks(np.log2(rungs), labels=[str(rung) for rung in rungs])
    bare(ax)


@own_style()
def criteria_figure(auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str]) -> Drawn:
    """Draw Figure 4: the criteria at the three smallest rungs, a panel for each data set, a point for each seed."""
    pruned = auc[(auc["method"] == "deepprune") & auc["criterion"].isin(criteria)]
    # At the widest rung all criteria have the same, unpruned network.
    rungs = sorted(pruned.loc[pruned["kernels"] < pruned["kernels"].max(), "kernels"].unique())[:3]
    table = pruned[pruned["kernels"].isin(rungs)]
    if table.empty:
        return nothing("No pruned network is left to compare criteria by.")
    datasets = list(dict.fromkeys(table["dataset"]))
    figure, axes = panels(datasets, columns=3, width=3.2, height=2.7, sharey=False)
    looks = {
        criterion: look._replace(meaning="")
        for criterion, look in zip(criteria, looks_of(criteria).values(), strict=False)
    }
    step = 0.8 / len(criteria)
    for ax, (_, rows) in zip(axes, table.groupby("dataset", sort=False), strict=True):
        for place, criterion in enumerate(criteria):
            part = rows[rows["criterion"] == criterion]
            at = part["kernels"].map(rungs.index) + step * (place - (len(criteria) - 1) / 2)
            colour, marker, _ = looks[criterion]
            ax.plot(at, part["auroc"], marker, color=colour, markersize=3.5, alpha=0.6, mew=0, label=criterion)
            means = part["auroc"].groupby(at).mean()
            ax.hlines(means, means.index - 0.4 * step, means.index + 0.4 * step, color=colour)
        ax.set_xlim(-0.5, len(rungs) - 0.5)
        ax.vlines(np.arange(1, len(rungs)) - 0.5, 0, 1, transform=ax.get_xaxis_transform(), color=PALE, linewidth=0.6)
        ax.set_xticks(range(len(rungs)), labels=[str(rung) for rung in rungs])
        limits(ax, rows["auroc"])
        bare(ax)
    legend(
        figure,
        _lines(looks),
        looks,
        "deepprune by criterion: a point a seed, a line at the mean; each panel has its own scale",
    )
    return noted(figure, extent(table))


def representative_figure(
    auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str], share: float, name: str
) -> Drawn:
    """Draw Figure S5 or S6: the curves of the data set at this quantile of the gain at the last rung."""
    rung = smallest_rung(auc)
    gains = ranked(comparison, criteria[0], rung)
    if gains.empty:
        return nothing(UNPAIRED)
    # Round down up to the median and up above it, so that two data sets represent two quantiles.
    place = (len(gains) - 1) * share
    chosen = gains.iloc[int(np.floor(place) if share <= 0.5 else np.ceil(place))]
    table = drawn_networks(auc[auc["dataset"] == chosen["dataset"]], criteria)
    figure = auc_figure(table, criteria[:1])
    text = f"gain at {rung} kernels {chosen['gain']:+.3f}"
    text += f", {name} of {len(gains):,} data sets" if len(gains) > 1 else ""
    # The title of the figure is the data set's name; the note needs it, too.
    figure, note = noted(figure, f"{text}; {seeds_text(table)}")
    return Drawn(figure, f"{chosen['dataset']}: {note}")


def spread_text(counts: pd.Series) -> str:
    """Return what is drawn of networks with these numbers of seeds; nothing for a single seed."""
    parts = ["lines: means over seeds"] if counts.max() > 1 else []
    if ((counts > 1) & (counts < BOXED)).any():
        parts.append("dots: seeds")
    if (counts >= BOXED).any():
        parts += ["boxes: quartiles and median", "whiskers: lowest and highest"]
    return "".join(f"{part}; " for part in parts)


def _lines(looks: Mapping[str, Look]) -> list[Line2D]:
    """Return the legend's sample of each look."""
    return [Line2D([], [], color=colour, marker=marker, ms=4, lw=1.1) for colour, marker, _ in looks.values()]


FIGURES: dict[str, Callable[[pd.DataFrame, pd.DataFrame, Sequence[str]], Drawn]] = {
    "figure2": seeds_figure,
    "figure3": seeds_figure,
    "figure4": criteria_figure,
    "figure6": gains_figure,
    "figureS1": tickets_figure,
    "figureS2": worse_figure,
    "figureS4": circular_figure,
    "figureS5": partial(representative_figure, share=0.5, name="the median"),
    "figureS6": partial(representative_figure, share=0.9, name="the 90 % quantile"),
}
